import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';

/** 10 a second over all. */
const INTERVAL_MS = 100;

/**
 * Spaces the relists of all informers that share it. After an outage of the network a thousand sources find at once that
 * they have to list everything anew: that costs this process, and whoever serves them, more than all else that they do. A
 * source by itself never waits.
 */
export class RelistPacer {
  readonly #clock: Clock;
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>();
  #timer: Disposable | undefined;
  #freeAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is the caller's turn; rejects with the signal's reason. */
  turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      return Promise.reject(signal.reason);
    }
    if (this.#waiting.size === 0 && this.#clock.monotonic() >= this.#freeAtMs) {
      this.#take();
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(go);
        this.#arm();
        reject(signal.reason);
      };
      const go = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(go);
      this.#arm();
    });
  }

  #take(): void {
    this.#freeAtMs = this.#clock.monotonic() + INTERVAL_MS;
  }

  /** A timer runs while somebody waits, and only then. */
  #arm(): void {
    if (this.#waiting.size === 0) {
      this.#timer?.dispose();
      this.#timer = undefined;
    } else {
      this.#timer ??= this.#clock.schedule(Math.max(0, this.#freeAtMs - this.#clock.monotonic()), () => {
        this.#timer?.dispose();
        this.#timer = undefined;
        const [next] = this.#waiting;
        if (next !== undefined) {
          this.#waiting.delete(next);
          this.#take();
          next();
        }
        this.#arm();
      });
    }
  }
}
