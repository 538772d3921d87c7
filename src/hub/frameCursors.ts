import type { HubEvent } from '../protocol/hubEvent';
import type { ServerMessage } from '../protocol/messages';
import { decodeCursor } from './cursor';
import { sourceOf, type HubPosition } from './eventLog';

/** What is asked of a hub. */
interface CursorSource {
  readonly instance: string;
  readonly position: HubPosition;
  cursor(source?: string, at?: HubPosition): string;
}

type Frame = Extract<ServerMessage, { type: 'events' }>;

/** For whom a frame is. */
interface Receiver {
  /** The same for all who may be told the same; empty where that is everything. */
  readonly sight: string;
  hears(event: HubEvent): boolean;
  /** A cursor as the receiver is given it. */
  cursorFor(cursor: string): string;
}

/** More receivers who may be told different things are rare among those that are told something together. */
const MAX_REMEMBERED = 16;

/**
 * Makes the frames that are sent. Most clients are told the same at the same time: they get one and the same frame, so that
 * whoever sends it can make it text once.
 */
export class FrameMaker {
  readonly #hub: CursorSource;
  /** By sight, the last one for somebody for whom nothing more waited, and what it was made of. */
  readonly #last = new Map<
    string,
    { readonly events: readonly HubEvent[]; readonly at: HubPosition; readonly frame: Frame }
  >();

  constructor(hub: CursorSource) {
    this.#hub = hub;
  }

  /** See {@link withCursors}. The frame must not be changed. */
  make(waited: readonly HubEvent[], waiting: readonly HubEvent[] | undefined, receiver: Receiver): Frame {
    const { sight } = receiver;
    // While they waited the receiver may have lost the right to know of them.
    const events =
      sight === ''
        ? waited
        : waited.filter((event) => event.type === 'connection.state' || receiver.hears(event));
    const make = (): Frame => ({
      type: 'events',
      events: withCursors(this.#hub, events, waiting).map((event) =>
        sight === '' ? event : { ...event, cursor: receiver.cursorFor(event.cursor) },
      ),
    });
    if (waiting === undefined || waiting.length > 0) {
      return make();
    }
    const last = this.#last.get(sight);
    const at = this.#hub.position;
    if (
      last !== undefined &&
      last.at.sequence === at.sequence &&
      last.at.change === at.change &&
      areSame(last.events, events)
    ) {
      return last.frame;
    }
    const frame = make();
    if (this.#last.size === MAX_REMEMBERED) {
      this.#last.clear();
    }
    this.#last.set(sight, { events, at, frame });
    return frame;
  }
}

function areSame(some: readonly HubEvent[], others: readonly HubEvent[]): boolean {
  return (
    some === others ||
    (some.length === others.length && some.every((event, index) => event === others[index]))
  );
}

/**
 * Gives the events of a frame that is about to be sent the cursor of where its receiver then is: of now, unless something
 * waits that happened before. Events are gathered and may overtake each other, so that their own cursors do not say what was
 * told. `waiting` are events than which no other that waits is older; `undefined` says that the receiver misses something else,
 * and then the cursors are empty. Those of before would not do: a hub that is resumed from them takes for told what this
 * frame unsays, as of a source that was disconnected.
 */
export function withCursors(
  hub: CursorSource,
  events: readonly HubEvent[],
  waiting: readonly HubEvent[] | undefined,
): HubEvent[] {
  const at = waiting === undefined ? 'unknown' : positionBefore(hub, waiting);
  if (at === 'unknown') {
    return events.map((event) => ({ ...event, cursor: '' }));
  }
  const cursors = new Map<string | undefined, string>();
  return events.map((event) => {
    const source = sourceOf(event);
    const cursor = cursors.get(source) ?? hub.cursor(source, at);
    cursors.set(source, cursor);
    return { ...event, cursor };
  });
}

/** Undefined where nothing waits. */
function positionBefore(
  hub: CursorSource,
  waiting: readonly HubEvent[],
): HubPosition | 'unknown' | undefined {
  let before: HubPosition | undefined;
  for (const { cursor } of waiting) {
    const own = decodeCursor(cursor);
    if (own?.instance !== hub.instance) {
      return 'unknown';
    }
    const { sequence, change } = own;
    before = {
      sequence: Math.max(0, Math.min(sequence - 1, before?.sequence ?? sequence)),
      change: Math.max(0, Math.min(change - 1, before?.change ?? change)),
    };
  }
  return before;
}
