import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { WheelEntry, type TimerWheel } from '../../base/timerWheel';
import type { HubEvent } from '../../protocol/hubEvent';
import { DirtySet } from './dirtySet';
import { eventBytes } from './eventBytes';
import { FrameRoom } from './frameRoom';
import { Sequence } from './priorityFifo';
import type { SharedBatch, SharedBatches } from './sharedBatch';
import { StreamQueue, type StreamLimits } from './streamQueue';

/**
 * Frames that may be under way, not yet worked off. At 60 paints a second they let 480 frames a second through, which is
 * more than the highest rate; and they are half a megabyte at most.
 */
export const CREDIT_WINDOW = 8;

export interface OutboxOptions {
  readonly clock: Clock;
  /** When frames of all subscribers are due: those that are due together are sent together. */
  readonly wheel: TimerWheel;
  /** What subscribers are told in common. */
  readonly batches: SharedBatches;
  readonly limits: StreamLimits;
  /** Frames a second. */
  readonly rate: number;
  readonly send: (events: readonly HubEvent[]) => void;
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
 * While nothing waits nothing is kept, since most subscribers wait for something to happen; and while what waits is the same as
 * for others, it waits once (see {@link SharedBatch}).
 */
export class SubscriberOutbox extends WheelEntry implements Disposable {
  readonly #options: OutboxOptions;
  #limits: StreamLimits;
  /** All that waits are the first so many events of it. */
  #batch: SharedBatch | undefined;
  #shared = 0;
  #state: DirtySet | undefined;
  #streams: StreamQueue | undefined;
  #rate: number;
  readonly #sequence = new Sequence();
  #callbacks: { readonly after: number; readonly call: () => void }[] | undefined;
  #isHeld = false;
  #credits = CREDIT_WINDOW;
  #framesSent = 0;
  #dropped = 0;
  /** Of them those of the queue that is there now. */
  #droppedHere = 0;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #isDisposed = false;

  constructor(options: OutboxOptions) {
    super();
    this.#options = options;
    this.#limits = options.limits;
    this.#rate = options.rate;
  }

  /** Events that wait. */
  get queued(): number {
    this.#part();
    return (this.#state?.size ?? 0) + (this.#streams?.size ?? 0);
  }

  /** Messages that were dropped since the last {@link reset}. */
  get dropped(): number {
    return this.#dropped;
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
    if (this.#shares(event)) {
      this.#schedule();
      return;
    }
    this.#part();
    if (isStream(event)) {
      this.#streams ??= new StreamQueue(this.#sequence, this.#limits);
      this.#streams.put(event, eventBytes(event));
      this.#countDrops();
    } else {
      this.#state ??= new DirtySet(this.#sequence);
      this.#state.put(event);
    }
    this.#schedule();
  }

  /**
   * Events that wait, than which no other that waits happened earlier; undefined while something is still to be sent that
   * {@link afterWaiting} waits for, since what is told again did not happen in the order in which it waits.
   */
  waiting(): readonly HubEvent[] | undefined {
    this.#part();
    const last = this.#callbacks?.at(-1);
    if (last !== undefined && this.#waitsFrom(last.after)) {
      return undefined;
    }
    return this.#state === undefined && this.#streams === undefined
      ? NONE
      : [
          ...(this.#state?.oldest() ?? []).map(({ value }) => value.since),
          ...(this.#streams?.oldest() ?? []).map(({ value }) => value.event),
        ];
  }

  /** Calls back once all that waits now was sent: at once where nothing does, never where it is forgotten. */
  afterWaiting(call: () => void): void {
    this.#part();
    this.#callbacks ??= [];
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
    this.#limits = limits;
    this.#streams?.setLimits(limits);
    this.#countDrops();
  }

  /** So many frames were worked off. More than are under way count for no more than these. */
  giveBack(credits: number): void {
    this.#credits = Math.min(CREDIT_WINDOW, this.#credits + credits);
    this.#schedule();
  }

  /** Forgets what waits, and takes what is under way for arrived: the subscriber will ask for everything. */
  clear(): void {
    this.#callbacks = undefined;
    this.#forget();
    this.#unschedule();
    this.#credits = CREDIT_WINDOW;
  }

  /** For a subscriber that starts anew. */
  reset(): void {
    this.clear();
    this.#dropped = 0;
    this.#framesSent = 0;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.clear();
  }

  override ring(nowMs: number): void {
    const events = this.#takeShared() ?? this.#takeFrame();
    this.#lastSentAt = nowMs;
    this.#credits -= 1;
    this.#framesSent += 1;
    this.#options.send(events);
    this.#callBack();
    this.#schedule();
  }

  #countDrops(): void {
    const dropped = this.#streams?.dropped ?? 0;
    if (dropped !== this.#droppedHere) {
      this.#dropped += dropped - this.#droppedHere;
      this.#droppedHere = dropped;
      this.#options.onDropped();
      this.#callBack();
    }
  }

  /** Whether an event waits together with all others that wait, as it does for other subscribers. */
  #shares(event: HubEvent): boolean {
    if (this.#state !== undefined || this.#streams !== undefined || isStream(event)) {
      return false;
    }
    if (this.#batch === undefined) {
      this.#batch = this.#options.batches.beginWith(event);
      this.#shared = 1;
      return true;
    }
    if (this.#batch.takes(event, this.#shared)) {
      this.#shared += 1;
      return true;
    }
    return false;
  }

  /** What waited as for others waits here alone. */
  #part(): void {
    const batch = this.#batch;
    if (batch !== undefined) {
      this.#batch = undefined;
      this.#state = new DirtySet(this.#sequence);
      for (const event of batch.first(this.#shared)) {
        this.#state.put(event);
      }
    }
  }

  /** A frame with all that waits as for others; undefined where nothing does, or a frame does not hold it. */
  #takeShared(): readonly HubEvent[] | undefined {
    const events = this.#batch?.frame(this.#shared);
    if (events === undefined) {
      this.#part();
    } else {
      this.#batch = undefined;
    }
    return events;
  }

  /** Nothing waits any more. */
  #forget(): void {
    this.#batch = undefined;
    this.#state = undefined;
    this.#streams = undefined;
    this.#droppedHere = 0;
  }

  #schedule(): void {
    if (
      this.slot === undefined &&
      this.#credits > 0 &&
      this.#isWaiting &&
      !this.#isHeld &&
      !this.#isDisposed
    ) {
      const { clock, wheel } = this.#options;
      wheel.set(this, Math.max(clock.monotonic(), this.#lastSentAt + 1000 / this.#rate));
    }
  }

  get #isWaiting(): boolean {
    return this.#batch !== undefined || this.queued > 0;
  }

  #unschedule(): void {
    this.#options.wheel.delete(this);
  }

  #callBack(): void {
    for (let next = this.#callbacks?.[0]; next !== undefined; next = this.#callbacks?.[0]) {
      if (this.#waitsFrom(next.after)) {
        return;
      }
      this.#callbacks?.shift();
      next.call();
    }
    this.#callbacks = undefined;
  }

  /** Whether something waits that was there before. What comes first of each priority came before all others of it. */
  #waitsFrom(before: number): boolean {
    const isEarlier = ({ sequence }: Place): boolean => sequence < before;
    return this.#state?.oldest().some(isEarlier) === true || this.#streams?.oldest().some(isEarlier) === true;
  }

  #takeFrame(): HubEvent[] {
    const events: HubEvent[] = [];
    const room = new FrameRoom();
    for (;;) {
      const state = this.#state?.first();
      const stream = this.#streams?.first();
      if (state !== undefined && (stream === undefined || isBefore(state, stream))) {
        if (!room.takes(eventBytes(state.value.event))) {
          return events;
        }
        events.push(state.value.event);
        this.#state?.remove(state);
      } else if (stream !== undefined) {
        if (!room.takes(stream.value.bytes)) {
          return events;
        }
        events.push(stream.value.event);
        this.#streams?.remove(stream);
      } else {
        this.#forget();
        return events;
      }
    }
  }
}

const NONE: readonly HubEvent[] = [];

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
