import type { Clock } from './clock';
import type { Disposable } from './disposable';

/** Waits in a {@link TimerWheel}, at most once. */
export abstract class WheelEntry {
  /** Where it waits; kept by the wheel. */
  slot: number | undefined;

  /** It is time, and waits no longer. `nowMs` is the same for all that ring together. Must not throw. */
  abstract ring(nowMs: number): void;
}

/**
 * Rings thousands of entries for the price of one timer: those that are due within the same `slotMs` ring together at its end,
 * never before their time. No timer runs while nothing waits.
 */
export class TimerWheel implements Disposable {
  readonly #clock: Clock;
  readonly #slotMs: number;
  readonly #slots = new Map<number, Set<WheelEntry>>();
  /** The slot that the timer is for. */
  #next = Number.POSITIVE_INFINITY;
  #timer: Disposable | undefined;
  #isDisposed = false;

  constructor(clock: Clock, slotMs: number) {
    this.#clock = clock;
    this.#slotMs = slotMs;
  }

  /** Has `entry` ring at `dueMs` of the clock's monotonic time, and at no other time. */
  set(entry: WheelEntry, dueMs: number): void {
    const slot = Math.ceil(dueMs / this.#slotMs);
    if (entry.slot === slot || this.#isDisposed) {
      return;
    }
    this.delete(entry);
    entry.slot = slot;
    const entries = this.#slots.get(slot);
    if (entries === undefined) {
      this.#slots.set(slot, new Set([entry]));
      if (slot < this.#next) {
        this.#wait(slot);
      }
    } else {
      entries.add(entry);
    }
  }

  delete(entry: WheelEntry): void {
    const { slot } = entry;
    const entries = slot === undefined ? undefined : this.#slots.get(slot);
    entry.slot = undefined;
    if (slot === undefined || entries === undefined) {
      return;
    }
    entries.delete(entry);
    if (entries.size === 0) {
      this.#slots.delete(slot);
      if (this.#slots.size === 0) {
        this.#rest();
      }
    }
  }

  /** Nothing rings any more. */
  dispose(): void {
    this.#isDisposed = true;
    this.#slots.clear();
    this.#rest();
  }

  #wait(slot: number): void {
    this.#timer?.dispose();
    this.#next = slot;
    const waitMs = Math.ceil(slot * this.#slotMs - this.#clock.monotonic());
    this.#timer = this.#clock.schedule(waitMs, () => this.#ring());
  }

  #rest(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#next = Number.POSITIVE_INFINITY;
  }

  #ring(): void {
    this.#rest();
    const nowMs = this.#clock.monotonic();
    const now = Math.floor(nowMs / this.#slotMs);
    const due = [...this.#slots].filter(([slot]) => slot <= now);
    for (const [slot] of due) {
      this.#slots.delete(slot);
    }
    for (const [, entries] of due) {
      for (const entry of entries) {
        if (entry.slot !== undefined && entry.slot <= now) {
          entry.slot = undefined;
          entry.ring(nowMs);
        }
      }
    }
    const next = Math.min(...this.#slots.keys());
    if (next < this.#next) {
      this.#wait(next);
    }
  }
}
