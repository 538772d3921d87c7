import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { HubEvent } from '../protocol/hubEvent';

/** 100 frames a second at most; the first after a pause goes at once. */
const FRAME_INTERVAL_MS = 10;

/**
 * Gathers notifications into frames. Twice the same thing says no more than once, so a frame holds at most one event a
 * topic, in the order in which the topics were first touched.
 */
export class FrameQueue implements Disposable {
  readonly #clock: Clock;
  readonly #send: (events: HubEvent[]) => void;
  readonly #pending = new Map<string, HubEvent>();
  #timer: Disposable | undefined;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #isHeld = false;
  #isDisposed = false;

  constructor(clock: Clock, send: (events: HubEvent[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  push(event: HubEvent): void {
    if (this.#isDisposed) {
      return;
    }
    const before = this.#pending.get(event.topic);
    // News that was not told yet stays news, whatever happened to it since.
    const isStillNew = before?.type === 'cluster.added' && event.type === 'cluster.updated';
    this.#pending.set(event.topic, isStillNew ? { ...event, type: 'cluster.added' } : event);
    this.#schedule();
  }

  /** Nothing is sent as long as it is held; what waits already is sent afterwards. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#schedule();
  }

  /** Sends what waits at once. */
  flush(): void {
    if (!this.#isHeld && this.#pending.size > 0) {
      const events = [...this.#pending.values()];
      this.clear();
      this.#lastSentAt = this.#clock.monotonic();
      this.#send(events);
    }
  }

  #schedule(): void {
    if (this.#timer === undefined && this.#pending.size > 0 && !this.#isHeld && !this.#isDisposed) {
      const waitMs = Math.max(0, this.#lastSentAt + FRAME_INTERVAL_MS - this.#clock.monotonic());
      this.#timer = this.#clock.schedule(waitMs, () => this.flush());
    }
  }

  /** Forgets what was not sent. */
  clear(): void {
    this.#pending.clear();
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.clear();
  }
}
