import { delay, type Clock } from '../base/clock';

/** Of one hub, which takes 300 messages a second of a client. */
const APART_MS = 10;

/** Spreads the questions of all streams of one hub, so that many that say much do not ask more than a hub takes. */
export class ReadPacer {
  readonly #clock: Clock;
  #nextMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is somebody's turn, in order, and not before `notBeforeMs`. Rejects with the signal's reason. */
  async turn(notBeforeMs: number, signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonic();
    const turnMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = turnMs + APART_MS;
    const waitMs = Math.max(turnMs, notBeforeMs) - nowMs;
    if (waitMs > 0) {
      await delay(this.#clock, waitMs, signal);
    }
  }
}
