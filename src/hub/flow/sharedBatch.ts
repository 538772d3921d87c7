import type { HubEvent } from '../../protocol/hubEvent';
import { DirtySet } from './dirtySet';
import { eventBytes } from './eventBytes';
import { FrameRoom } from './frameRoom';
import { Sequence } from './priorityFifo';

/** What more comes until the next frame is gathered by each subscriber for itself. */
export const MAX_SHARED_EVENTS = 64;

/**
 * Events of state that subscribers were told of since nothing waited for them. Most subscribers of a server are told the same at
 * the same time: they have the first so many events of one batch in common, and what a frame holds of these is found out once. An
 * event is added only behind the last one, so that what some have of a batch never changes.
 */
export class SharedBatch {
  readonly #events: HubEvent[];
  #framed: { readonly count: number; readonly events: readonly HubEvent[] | undefined } | undefined;

  constructor(first: HubEvent) {
    this.#events = [first];
  }

  /** Whether `event` is now the one behind the first `count`. */
  takes(event: HubEvent, count: number): boolean {
    if (count < this.#events.length) {
      return this.#events[count] === event;
    }
    if (count >= MAX_SHARED_EVENTS) {
      return false;
    }
    this.#events.push(event);
    return true;
  }

  first(count: number): readonly HubEvent[] {
    return this.#events.slice(0, count);
  }

  /**
   * What a frame with the first `count` holds: of each topic the latest, the more urgent first. Undefined where one frame cannot
   * hold it. The same for all that ask one after the other; it must not be changed.
   */
  frame(count: number): readonly HubEvent[] | undefined {
    if (this.#framed?.count !== count) {
      this.#framed = { count, events: framed(this.first(count)) };
    }
    return this.#framed.events;
  }
}

function framed(events: readonly HubEvent[]): readonly HubEvent[] | undefined {
  const state = new DirtySet(new Sequence());
  for (const event of events) {
    state.put(event);
  }
  const frame: HubEvent[] = [];
  const room = new FrameRoom();
  for (let next = state.first(); next !== undefined; next = state.first()) {
    if (!room.takes(eventBytes(next.value.event))) {
      return undefined;
    }
    frame.push(next.value.event);
    state.remove(next);
  }
  return frame;
}

/** Those for whom nothing waits begin the same batch with the same event, as they are told of it one after the other. */
export class SharedBatches {
  #last: SharedBatch | undefined;
  #first: HubEvent | undefined;

  /** A batch whose first event is `event`. */
  beginWith(event: HubEvent): SharedBatch {
    if (this.#last === undefined || this.#first !== event) {
      this.#last = new SharedBatch(event);
      this.#first = event;
    }
    return this.#last;
  }
}
