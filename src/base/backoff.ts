import type { Random } from './random';

export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
}

/**
 * Exponential back-off with full jitter: the n-th wait is uniform in [0, min(maxMs, initialMs × factorⁿ)), which spreads
 * clients that failed together over the whole window.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: Random;
  #attempt = 0;

  constructor(options: BackoffOptions, random: Random) {
    this.#options = options;
    this.#random = random;
  }

  /** Waits handed out since the last reset. */
  get attempt(): number {
    return this.#attempt;
  }

  /** Milliseconds to wait before the next attempt. */
  nextMs(): number {
    const { initialMs, maxMs, factor } = this.#options;
    const ceilingMs = Math.min(maxMs, initialMs * factor ** this.#attempt);
    this.#attempt += 1;
    return Math.round(this.#random.next() * ceilingMs);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
