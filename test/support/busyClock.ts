import type { Clock } from '../../src/base/clock';
import type { Disposable } from '../../src/base/disposable';

/** A clock by which something takes time without anybody waiting: each look at monotonic time makes it a millisecond later. */
export class BusyClock implements Clock {
  readonly #clock: Clock;
  #workedMs = 0;
  /** How often the event loop was given a turn. */
  turns = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.#workedMs;
  }

  monotonic(): number {
    this.#workedMs += 1;
    return this.#clock.monotonic() + this.#workedMs;
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    if (delayMs === 0) {
      this.turns += 1;
    }
    return this.#clock.schedule(delayMs, callback);
  }
}
