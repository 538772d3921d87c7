import type { Clock } from '../../src/base/clock';
import type { Disposable } from '../../src/base/disposable';

/** Does something some time after it was asked for, once for however often it was asked meanwhile. */
export class Paced implements Disposable {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #action: () => void;
  #waiting: Disposable | undefined;

  constructor(clock: Clock, delayMs: number, action: () => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#action = action;
  }

  readonly ask = (): void => {
    this.#waiting ??= this.#clock.schedule(this.#delayMs, () => {
      this.#waiting = undefined;
      this.#action();
    });
  };

  dispose(): void {
    this.#waiting?.dispose();
    this.#waiting = undefined;
  }
}
