import { yieldToEventLoop, type Clock } from '../base/clock';

/**
 * Longest stretch of work between two returns to the event loop, in milliseconds of wall time. One unit of work may
 * begin just before the end: 12 + 32 ms (the longest single JSON.parse, see listBody.ts) stay below 50 ms.
 */
const SLICE_MS = 12;

/** Cuts a long task into slices, so that nothing else on the event loop waits for all of it. */
export class TimeSlice {
  readonly #clock: Clock;
  #startedMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonic();
  }

  /** Starts anew; for tasks that have just come back from the event loop. */
  restart(): void {
    this.#startedMs = this.#clock.monotonic();
  }

  get isSpent(): boolean {
    return this.#clock.monotonic() - this.#startedMs >= SLICE_MS;
  }

  /** Lets other work run. Rejects with the signal's reason when that is aborted. */
  async yield(signal: AbortSignal): Promise<void> {
    await yieldToEventLoop(this.#clock, signal);
    this.restart();
  }
}
