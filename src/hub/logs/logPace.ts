import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/** 20 frames a second: a reader cannot tell it from every line by itself. */
const FRAME_MS = 50;

/** Tells at once, and what follows no more than once a frame. */
export class LogPace implements Disposable {
  readonly #clock: Clock;
  readonly #tell: () => void;
  #frame: Disposable | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;
  #isDisposed = false;

  constructor(clock: Clock, tell: () => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  readonly announce = (): void => {
    if (this.#frame !== undefined || this.#isDisposed) {
      return;
    }
    const waitMs = this.#lastMs + FRAME_MS - this.#clock.monotonic();
    if (waitMs <= 0) {
      this.#fire();
      return;
    }
    this.#frame = this.#clock.schedule(waitMs, () => this.#fire());
  };

  dispose(): void {
    this.#isDisposed = true;
    this.#frame?.dispose();
    this.#frame = undefined;
  }

  #fire(): void {
    this.#frame?.dispose();
    this.#frame = undefined;
    this.#lastMs = this.#clock.monotonic();
    this.#tell();
  }
}
