import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';

/** About what one write to a socket costs on loopback, kernel and event loop included, and half as much again. */
const WRITE_COST_MS = 0.04;

/** However many streams there are, none is kept waiting longer. */
const MAX_ROUND_MS = 50;

/**
 * Lets streams that write often write less often and more at a time. Each of them waits a turn after it has written;
 * all that wait go on together, after as long as their writes cost. So one stream, or one that was idle, is never held
 * up for more than a timer's tick, and a thousand busy ones spend no more than about half of the time in writing.
 */
export class StreamPacer implements Disposable {
  readonly #clock: Clock;
  #waiting: (() => void)[] = [];
  #timer: Disposable | undefined;
  #isDisposed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isDisposed) {
        resolve();
        return;
      }
      this.#waiting.push(resolve);
      this.#timer ??= this.#clock.schedule(0, this.#onRoundCounted);
    });
  }

  /** Lets everybody go on at once, from now on. */
  dispose(): void {
    this.#isDisposed = true;
    this.#release();
  }

  /** All who write because of one event have done so before the first timer runs: now their number is known. */
  readonly #onRoundCounted = (): void => {
    const roundMs = Math.min(MAX_ROUND_MS, Math.floor(this.#waiting.length * WRITE_COST_MS));
    this.#timer?.dispose();
    if (roundMs < 1) {
      this.#release();
    } else {
      this.#timer = this.#clock.schedule(roundMs, () => this.#release());
    }
  };

  #release(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const released = this.#waiting;
    this.#waiting = [];
    for (const resolve of released) {
      resolve();
    }
  }
}
