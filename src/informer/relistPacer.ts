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
  /** In the order in which they came; those that somebody waits for go first. */
  readonly #urgent = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  #timer: Disposable | undefined;
  #freeAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is the caller's turn; rejects with the signal's reason. `isUrgent`: the user asked for it. */
  turn(signal: AbortSignal, isUrgent = false): Promise<void> {
    if (signal.aborted) {
      return Promise.reject(signal.reason);
    }
    const queue = isUrgent ? this.#urgent : this.#waiting;
    if (this.#first === undefined && this.#clock.monotonic() >= this.#freeAtMs) {
      this.#take();
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        queue.delete(go);
        this.#arm();
        reject(signal.reason);
      };
      const go = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queue.add(go);
      this.#arm();
    });
  }

  get #first(): (() => void) | undefined {
    const [first] = this.#urgent.size > 0 ? this.#urgent : this.#waiting;
    return first;
  }

  #take(): void {
    this.#freeAtMs = this.#clock.monotonic() + INTERVAL_MS;
  }

  /** A timer runs while somebody waits, and only then. */
  #arm(): void {
    if (this.#first === undefined) {
      this.#timer?.dispose();
      this.#timer = undefined;
    } else {
      this.#timer ??= this.#clock.schedule(Math.max(0, this.#freeAtMs - this.#clock.monotonic()), () => {
        this.#timer?.dispose();
        this.#timer = undefined;
        const next = this.#first;
        if (next !== undefined) {
          this.#urgent.delete(next);
          this.#waiting.delete(next);
          this.#take();
          next();
        }
        this.#arm();
      });
    }
  }
}
