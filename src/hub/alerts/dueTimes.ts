import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/** Something to be looked at again at a moment. Only {@link DueTimes} writes these fields. */
export interface Due {
  /** In wall milliseconds. */
  dueAt: number;
  /** Its place in the heap; undefined while it is in none. */
  place: number | undefined;
}

/** Wall time can jump while a timer waits: it is looked at again at least this often. */
const MAX_WAIT_MS = 60_000;

/** Calls back for each of many moments, the earliest first, with one timer for all of them: a binary heap. */
export class DueTimes<T extends Due> implements Disposable {
  readonly #clock: Clock;
  readonly #onDue: (item: T) => void;
  readonly #heap: T[] = [];
  #timer: Disposable | undefined;
  /** What the timer waits for. */
  #timerAt = Number.POSITIVE_INFINITY;
  #isDisposed = false;

  /** An item that is due is let go before `onDue` gets it. */
  constructor(clock: Clock, onDue: (item: T) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Has `item` called for at `dueAt`, instead of when it was to be before. */
  set(item: T, dueAt: number): void {
    if (this.#isDisposed) {
      return;
    }
    item.dueAt = dueAt;
    if (item.place === undefined) {
      item.place = this.#heap.length;
      this.#heap.push(item);
    }
    this.#settle(item, item.place);
    this.#wait();
  }

  delete(item: T): void {
    const { place } = item;
    if (place === undefined) {
      return;
    }
    item.place = undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== item) {
      this.#settle(last, place);
    }
    if (this.#heap.length === 0) {
      this.#stop();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#stop();
    for (const item of this.#heap) {
      item.place = undefined;
    }
    this.#heap.length = 0;
  }

  /** An earlier first moment needs another timer; a later one is found out when the timer ends. */
  #wait(): void {
    const [first] = this.#heap;
    if (first === undefined || first.dueAt >= this.#timerAt) {
      return;
    }
    this.#stop();
    this.#timerAt = first.dueAt;
    const waitMs = Math.min(MAX_WAIT_MS, Math.max(0, first.dueAt - this.#clock.now()));
    this.#timer = this.#clock.schedule(waitMs, () => {
      this.#stop();
      this.#callDue();
      this.#wait();
    });
  }

  #stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #callDue(): void {
    const now = this.#clock.now();
    for (let [first] = this.#heap; first !== undefined && first.dueAt <= now; [first] = this.#heap) {
      this.delete(first);
      this.#onDue(first);
    }
  }

  /** Puts `item` where it belongs, beginning at `start`. */
  #settle(item: T, start: number): void {
    const heap = this.#heap;
    let place = start;
    for (;;) {
      const parent = heap[(place - 1) >> 1];
      if (place === 0 || parent === undefined || parent.dueAt <= item.dueAt) {
        break;
      }
      heap[place] = parent;
      const next = (place - 1) >> 1;
      parent.place = place;
      place = next;
    }
    for (;;) {
      const left = 2 * place + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      const child = b !== undefined && a !== undefined && b.dueAt < a.dueAt ? b : a;
      if (child === undefined || child.dueAt >= item.dueAt) {
        break;
      }
      heap[place] = child;
      const next = child === b ? left + 1 : left;
      child.place = place;
      place = next;
    }
    heap[place] = item;
    item.place = place;
  }
}
