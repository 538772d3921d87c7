import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/** How long the other side may take to have room for the next piece of what it is sent. */
export const WRITE_DEADLINE_MS = 10_000;

/** Watches over writes that are under way: each has to be through 10 s after the one before it was. */
export class WriteDeadline implements Disposable {
  readonly #clock: Clock;
  readonly #onMissed: () => void;
  #writes = 0;
  #timer: Disposable | undefined;

  constructor(clock: Clock, onMissed: () => void) {
    this.#clock = clock;
    this.#onMissed = onMissed;
  }

  /** Whether a write is under way. */
  get isWaiting(): boolean {
    return this.#writes > 0;
  }

  /** A write began. */
  begin(): void {
    this.#writes += 1;
    if (this.#writes === 1) {
      this.#watch();
    }
  }

  /** The write that began first is through. */
  end(): void {
    this.#writes -= 1;
    this.#timer?.dispose();
    if (this.#writes > 0) {
      this.#watch();
    }
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #watch(): void {
    this.#timer = this.#clock.schedule(WRITE_DEADLINE_MS, () => {
      this.#timer?.dispose();
      this.#onMissed();
    });
  }
}
