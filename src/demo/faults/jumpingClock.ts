import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/**
 * A clock whose wall time can be put forward and back, as sleep, a correction by NTP or an administrator does it. Timers
 * and monotonic time are those of the clock it is made of.
 */
export class JumpingClock implements Clock {
  readonly #clock: Clock;
  #offsetMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How far the wall time is ahead of that of the clock below. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    return this.#clock.schedule(delayMs, callback);
  }

  /** Back in time where `ms` is negative. */
  jump(ms: number): void {
    this.#offsetMs += ms;
  }
}
