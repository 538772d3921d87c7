import { Backoff } from '../base/backoff';
import type { Clock } from '../base/clock';
import { between, type Random } from '../base/random';
import type { Fault } from './fault';

/** The Kubernetes clients' own numbers (client-go's Reflector). */
const BACKOFF = { initialMs: 800, maxMs: 30_000, factor: 2 };
/** Healthy for this long: the next failure is a new one, and not the last one going on. */
const HEALTHY_MS = 120_000;
/** 15 s on average, spread so that sources that failed together do not ask together. */
const SLOW_FROM_MS = 12_000;
const SLOW_TO_MS = 18_000;
/** The server's wish is honoured up to here; a larger one is more likely a mistake than a wish. */
const MAX_RETRY_AFTER_MS = 600_000;

/** How long to wait after each failure. */
export class RetryPolicy {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #backoff: Backoff;
  #healthySinceMs: number | undefined;
  /** Whether a relist was let through since all was well for long; a server may list, and expire every watch after it. */
  #hasRelisted = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#backoff = new Backoff(BACKOFF, random);
  }

  /** Failures in a row, as far as they count together; at least 1. */
  get attempt(): number {
    return Math.max(1, this.#backoff.attempt);
  }

  /** All is well from now on, until the next failure. */
  healthy(): void {
    this.#healthySinceMs ??= this.#clock.monotonic();
  }

  /** The next failure is treated as the first. */
  reset(): void {
    this.#backoff.reset();
    this.#healthySinceMs = undefined;
    this.#hasRelisted = false;
  }

  /** Counts a failure. Milliseconds to wait; undefined: until the user acts. */
  failed(fault: Fault): number | undefined {
    const healthySinceMs = this.#healthySinceMs;
    if (healthySinceMs !== undefined && this.#clock.monotonic() - healthySinceMs >= HEALTHY_MS) {
      this.#backoff.reset();
      this.#hasRelisted = false;
    }
    this.#healthySinceMs = undefined;
    const wishMs = Math.min(fault.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
    if (fault.retry === 'relist' && !this.#hasRelisted) {
      // After an outage the waits have grown long, and the answer shows that it is over.
      this.#hasRelisted = true;
      return wishMs + Math.round(between(this.#random, 0, BACKOFF.initialMs));
    }
    const backoffMs = this.#backoff.nextMs();
    switch (fault.retry) {
      case 'backoff':
      case 'relist':
        // Added to the wish: those who were all told the same time do not come back all at once.
        return wishMs + backoffMs;
      case 'slowly':
        return Math.max(wishMs, Math.round(between(this.#random, SLOW_FROM_MS, SLOW_TO_MS)));
      case 'never':
        return undefined;
      default: {
        const unknown: never = fault.retry;
        throw new TypeError(`unknown manner ${String(unknown)}`);
      }
    }
  }
}
