import { systemClock, type Clock } from '../../../src/base/clock';
import type { Disposable } from '../../../src/base/disposable';

/** The header has whole seconds, and travels: what differs by less is no difference. */
const MIN_DIFFERENCE_MS = 2_000;
/** The header stands for any moment of its second. */
const HALF_SECOND_MS = 500;

/**
 * This machine's clock set to the time of the hub: every instant that a hub tells is by its own, and an age is only true by the
 * same clock.
 */
export class HubTime implements Clock {
  readonly #clock: Clock;
  #differenceMs = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.#differenceMs;
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    return this.#clock.schedule(delayMs, callback);
  }

  /** The hub just answered with this `Date` header; nothing is learned from one that is none. */
  learn(dateHeader: string | null): void {
    const at = Date.parse(dateHeader ?? '');
    if (Number.isFinite(at)) {
      const differenceMs = at + HALF_SECOND_MS - this.#clock.now();
      this.#differenceMs = Math.abs(differenceMs) < MIN_DIFFERENCE_MS ? 0 : differenceMs;
    }
  }
}
