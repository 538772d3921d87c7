import { toDisposable, type Disposable } from '../../../src/base/disposable';
import type { NextFrame } from '../../../src/client/nextFrame';

/** The frames of a browser, in the hands of a test. */
export class FakeFrames {
  readonly #waiting = new Set<{ readonly callback: () => void }>();

  readonly next: NextFrame = (callback): Disposable => {
    const entry = { callback };
    this.#waiting.add(entry);
    return toDisposable(() => this.#waiting.delete(entry));
  };

  /** How many callbacks wait for the next frame. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** One frame: all who waited for it are called. */
  paint(): void {
    const called = [...this.#waiting];
    this.#waiting.clear();
    for (const { callback } of called) {
      callback();
    }
  }
}
