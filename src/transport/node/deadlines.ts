import type { Clock } from '../../base/clock';
import { WheelEntry, type TimerWheel } from '../../base/timerWheel';

/** What a connection waits for. */
export const DEADLINE = {
  /** To be sent a ping. */
  ping: 0,
  /** To answer one. */
  pong: 1,
  /** To have room for the next piece of what it is sent. */
  write: 2,
  /** To be told that it works. */
  beat: 3,
  /** To show a token. */
  token: 4,
} as const;

type Deadline = (typeof DEADLINE)[keyof typeof DEADLINE];

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Everything that one connection waits for, as one entry of a wheel that all connections share: moving one into the future costs
 * next to nothing, and is what happens all the time.
 */
export class Deadlines extends WheelEntry {
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #onMissed: (deadline: Deadline) => void;
  readonly #dueMs = [NEVER, NEVER, NEVER, NEVER, NEVER];
  /** When the wheel was asked to ring, or before it. */
  #ringMs = NEVER;

  constructor(clock: Clock, wheel: TimerWheel, onMissed: (deadline: Deadline) => void) {
    super();
    this.#clock = clock;
    this.#wheel = wheel;
    this.#onMissed = onMissed;
  }

  /** In place of the same one before; what is missed is told once. */
  set(deadline: Deadline, afterMs: number): void {
    const dueMs = this.#clock.monotonic() + afterMs;
    this.#dueMs[deadline] = dueMs;
    if (dueMs < this.#ringMs) {
      this.#ringMs = dueMs;
      this.#wheel.set(this, dueMs);
    }
  }

  clear(deadline: Deadline): void {
    this.#dueMs[deadline] = NEVER;
  }

  override ring(nowMs: number): void {
    this.#ringMs = NEVER;
    for (const deadline of Object.values(DEADLINE)) {
      if ((this.#dueMs[deadline] ?? NEVER) <= nowMs) {
        this.#dueMs[deadline] = NEVER;
        this.#onMissed(deadline);
      }
    }
    const nextMs = Math.min(...this.#dueMs);
    if (nextMs < this.#ringMs) {
      this.#ringMs = nextMs;
      this.#wheel.set(this, nextMs);
    }
  }

  /** Nothing is waited for any more. */
  dispose(): void {
    this.#dueMs.fill(NEVER);
    this.#wheel.delete(this);
    this.#ringMs = Number.NEGATIVE_INFINITY;
  }
}
