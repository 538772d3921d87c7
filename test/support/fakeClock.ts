import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/base/clock';
import { toDisposable, type Disposable } from '../../src/base/disposable';

interface Timer {
  readonly dueMs: number;
  readonly sequence: number;
  readonly callback: () => void;
}

/** 2026-01-01T00:00:00Z: any fixed instant would do. */
const DEFAULT_START = Date.UTC(2026, 0, 1);

/**
 * Turns of the event loop that are given to promises and streams after each timer. Streams of the platform need
 * several turns to hand a chunk through, hence more than one.
 */
const TURNS_TO_SETTLE = 4;

/**
 * A clock that stands still until a test moves it. Timers run in the order in which they are due, those due at the same
 * time in the order in which they were scheduled, and work that one of them starts settles before the next one runs.
 */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #wallMs: number;
  #monotonicMs = 0;
  #sequence = 0;

  constructor(startMs: number = DEFAULT_START) {
    this.#wallMs = startMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    const timer: Timer = {
      dueMs: this.#monotonicMs + Math.max(0, delayMs),
      sequence: (this.#sequence += 1),
      callback,
    };
    this.#timers.add(timer);
    return toDisposable(() => this.#timers.delete(timer));
  }

  /** Timers scheduled and neither run nor disposed. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due; undefined when there is none. */
  get nextTimerInMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.dueMs - this.#monotonicMs;
  }

  /** Moves wall and monotonic time forward by `ms`, running what becomes due on the way. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await this.settle();
    for (let timer = this.#next(); timer !== undefined && timer.dueMs <= endMs; timer = this.#next()) {
      this.#moveTo(timer.dueMs);
      this.#timers.delete(timer);
      timer.callback();
      await this.settle();
    }
    this.#moveTo(endMs);
  }

  /** Lets promises and streams that are already on their way finish, without moving time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS_TO_SETTLE; turn += 1) {
      await nextTurn();
    }
  }

  /** The wall clock jumps, as after sleep or a correction; no timer runs and monotonic time stays. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.sequence < next.sequence)
      ) {
        next = timer;
      }
    }
    return next;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}
