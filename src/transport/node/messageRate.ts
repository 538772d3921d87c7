import type { Clock } from '../../base/clock';

export interface MessageRateOptions {
  readonly perSecond: number;
  /** What may come at once after a pause. */
  readonly burst: number;
}

/** Whether somebody says more than is allowed, in messages or in bytes: a bucket of tokens that fills up by and by. */
export class MessageRate {
  readonly #clock: Clock;
  readonly #options: MessageRateOptions;
  #left: number;
  #filledAt: number;

  constructor(clock: Clock, options: MessageRateOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#left = options.burst;
    this.#filledAt = clock.monotonic();
  }

  /** Counts one message, or so many bytes; false where it is too much. */
  take(count = 1): boolean {
    const now = this.#clock.monotonic();
    const { perSecond, burst } = this.#options;
    this.#left = Math.min(burst, this.#left + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#left < count) {
      return false;
    }
    this.#left -= count;
    return true;
  }
}
