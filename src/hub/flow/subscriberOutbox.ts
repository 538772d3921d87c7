import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { HubEvent } from '../../protocol/hubEvent';
import { DirtySet } from './dirtySet';
import { eventBytes } from './eventBytes';
import { Sequence } from './priorityFifo';
import { StreamQueue, type StreamLimits } from './streamQueue';

/** Of one `events` message as JSON. One event that is larger travels alone. */
export const MAX_FRAME_BYTES = 64 * 1024;
/** `{"type":"events","events":[]}` */
const ENVELOPE_BYTES = 29;
/** The comma between two events. */
const SEPARATOR_BYTES = 1;
/**
 * Frames that may be under way, not yet worked off. At 60 paints a second they let 480 frames a second through, which is
 * more than the highest rate; and they are half a megabyte at most.
 */
export const CREDIT_WINDOW = 8;

export interface OutboxOptions {
  readonly clock: Clock;
  readonly limits: StreamLimits;
  /** Frames a second. */
  readonly rate: number;
  readonly send: (events: HubEvent[]) => void;
  /** More was dropped than before. */
  readonly onDropped: () => void;
}

/**
 * What waits for one subscriber, and when it is sent. Of state one event a topic waits, the latest; of streams each message,
 * within bounds (see {@link DirtySet} and {@link StreamQueue}). The more urgent goes first, and within one priority what
 * was there first.
 *
 * At most `rate` frames a second are sent; the first after a pause goes with the next turn of the event loop, so that what
 * happens at once is one frame. Each frame takes a credit; without credits nothing is sent until some are given back, and
 * what waits stays bounded by the topics and the limits. Work is in proportion to the frame that is made, however much waits.
 */
export class SubscriberOutbox implements Disposable {
  readonly #options: OutboxOptions;
  readonly #state: DirtySet;
  readonly #streams: StreamQueue;
  #rate: number;
  readonly #sequence = new Sequence();
  #callbacks: { readonly after: number; readonly call: () => void }[] = [];
  #isHeld = false;
  #credits = CREDIT_WINDOW;
  #framesSent = 0;
  #droppedBefore = 0;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;
  #isDisposed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#rate = options.rate;
    this.#state = new DirtySet(this.#sequence);
    this.#streams = new StreamQueue(this.#sequence, options.limits);
  }

  /** Events that wait. */
  get queued(): number {
    return this.#state.size + this.#streams.size;
  }

  /** Messages that were dropped since the last {@link reset}. */
  get dropped(): number {
    return this.#streams.dropped - this.#droppedBefore;
  }

  /** Frames that may still be sent before some are worked off. */
  get credits(): number {
    return this.#credits;
  }

  /** Since the last {@link reset}. */
  get framesSent(): number {
    return this.#framesSent;
  }

  push(event: HubEvent): void {
    if (this.#isDisposed) {
      return;
    }
    if (isStream(event)) {
      this.#changeStreams(() => this.#streams.put(event, eventBytes(event)));
    } else {
      this.#state.put(event);
    }
    this.#schedule();
  }

  /**
   * Events that wait, than which no other that waits happened earlier; undefined while something is still to be sent that
   * {@link afterWaiting} waits for, since what is told again did not happen in the order in which it waits.
   */
  waiting(): HubEvent[] | undefined {
    const last = this.#callbacks.at(-1);
    return last !== undefined && this.#waitsFrom(last.after)
      ? undefined
      : [
          ...this.#state.oldest().map(({ value }) => value.since),
          ...this.#streams.oldest().map(({ value }) => value.event),
        ];
  }

  /** Calls back once all that waits now was sent: at once where nothing does, never where it is forgotten. */
  afterWaiting(call: () => void): void {
    this.#callbacks.push({ after: this.#sequence.next(), call });
    this.#callBack();
  }

  /** As long as it is held nothing is sent. Afterwards what was under way counts as arrived. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#unschedule();
    this.#credits = CREDIT_WINDOW;
    this.#schedule();
  }

  /** In effect at once. */
  setRate(rate: number): void {
    if (rate !== this.#rate) {
      this.#rate = rate;
      this.#unschedule();
      this.#schedule();
    }
  }

  /** In effect at once. */
  setLimits(limits: StreamLimits): void {
    this.#changeStreams(() => this.#streams.setLimits(limits));
  }

  /** So many frames were worked off. More than are under way count for no more than these. */
  giveBack(credits: number): void {
    this.#credits = Math.min(CREDIT_WINDOW, this.#credits + credits);
    this.#schedule();
  }

  /** Forgets what waits, and takes what is under way for arrived: the subscriber will ask for everything. */
  clear(): void {
    this.#callbacks = [];
    this.#state.clear();
    this.#streams.clear();
    this.#unschedule();
    this.#credits = CREDIT_WINDOW;
  }

  /** For a subscriber that starts anew. */
  reset(): void {
    this.clear();
    this.#droppedBefore = this.#streams.dropped;
    this.#framesSent = 0;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.clear();
  }

  #changeStreams(change: () => void): void {
    const before = this.#streams.dropped;
    change();
    if (this.#streams.dropped !== before) {
      this.#options.onDropped();
      this.#callBack();
    }
  }

  #schedule(): void {
    if (
      this.#timer === undefined &&
      this.#credits > 0 &&
      this.queued > 0 &&
      !this.#isHeld &&
      !this.#isDisposed
    ) {
      const { clock } = this.#options;
      const waitMs = Math.max(0, this.#lastSentAt + 1000 / this.#rate - clock.monotonic());
      this.#timer = clock.schedule(waitMs, () => this.#flush());
    }
  }

  #unschedule(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #flush(): void {
    this.#unschedule();
    const events = this.#takeFrame();
    this.#lastSentAt = this.#options.clock.monotonic();
    this.#credits -= 1;
    this.#framesSent += 1;
    this.#options.send(events);
    this.#callBack();
    this.#schedule();
  }

  #callBack(): void {
    for (let [next] = this.#callbacks; next !== undefined; [next] = this.#callbacks) {
      if (this.#waitsFrom(next.after)) {
        return;
      }
      this.#callbacks.shift();
      next.call();
    }
  }

  /** Whether something waits that was there before. What comes first of each priority came before all others of it. */
  #waitsFrom(before: number): boolean {
    const isEarlier = ({ sequence }: Place): boolean => sequence < before;
    return this.#state.oldest().some(isEarlier) || this.#streams.oldest().some(isEarlier);
  }

  #takeFrame(): HubEvent[] {
    const events: HubEvent[] = [];
    let left = MAX_FRAME_BYTES - ENVELOPE_BYTES;
    for (;;) {
      const state = this.#state.first();
      const stream = this.#streams.first();
      if (state !== undefined && (stream === undefined || isBefore(state, stream))) {
        left -= SEPARATOR_BYTES + eventBytes(state.value.event);
        if (left < 0 && events.length > 0) {
          return events;
        }
        events.push(state.value.event);
        this.#state.remove(state);
      } else if (stream !== undefined) {
        left -= SEPARATOR_BYTES + stream.value.bytes;
        if (left < 0 && events.length > 0) {
          return events;
        }
        events.push(stream.value.event);
        this.#streams.remove(stream);
      } else {
        return events;
      }
    }
  }
}

interface Place {
  readonly rank: number;
  readonly sequence: number;
}

function isBefore(one: Place, other: Place): boolean {
  return one.rank === other.rank ? one.sequence < other.sequence : one.rank < other.rank;
}

/** Whether each message says something that no later one of its topic says. */
function isStream({ type }: HubEvent): boolean {
  switch (type) {
    case 'alert.raised':
    case 'alert.resolved':
    case 'command.progress':
      return true;
    case 'cluster.added':
    case 'cluster.updated':
    case 'cluster.deleted':
    case 'component.changed':
    case 'away.changed':
    case 'connection.state':
    // Of lines and points the range that can be read is told: the later says all that the earlier said.
    case 'log.appended':
    case 'metric.appended':
      return false;
    default:
      return type satisfies never;
  }
}
