import type { Clock } from '../../../../src/base/clock';
import { toDisposable, type Disposable } from '../../../../src/base/disposable';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * A clock for hours of a story in which nobody takes part: timers run at once, one after another, without a turn of the
 * event loop between them.
 */
export class PromptClock implements Clock {
  readonly #timers = new Set<Timer>();
  readonly #startMs = Date.UTC(2026, 0, 1);
  #elapsedMs = 0;

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    const timer = { dueMs: this.#elapsedMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return toDisposable(() => this.#timers.delete(timer));
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    const endMs = this.#elapsedMs + ms;
    for (let timer = this.#next(); timer !== undefined && timer.dueMs <= endMs; timer = this.#next()) {
      this.#elapsedMs = Math.max(this.#elapsedMs, timer.dueMs);
      this.#timers.delete(timer);
      timer.callback();
    }
    this.#elapsedMs = endMs;
  }

  /** Moves time without running what became due, as where a process was kept from running. */
  stall(ms: number): void {
    this.#elapsedMs += ms;
  }

  /** Of those due at the same time the one that was scheduled first. */
  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (next === undefined || timer.dueMs < next.dueMs) {
        next = timer;
      }
    }
    return next;
  }
}
