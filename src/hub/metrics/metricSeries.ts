import type { MetricPoint } from '../../protocol/metric';
import { FloatRing } from './floatRing';

/** How much a series holds, and how closely. */
export interface MetricLayout {
  readonly keptMs: number;
  /** The latest points, one a measurement. */
  readonly finePoints: number;
  /** What is older, merged by slots of time; with none it is given up. */
  readonly mergedPoints: number;
  readonly slotMs: number;
}

/**
 * Two thirds of the points are the latest measurements. The others are slots which together are as long as a series is kept,
 * so that it reaches that far back however often is measured.
 */
export function layoutOf(keptMs: number, keptPoints: number): MetricLayout {
  const finePoints = Math.max(1, Math.ceil((keptPoints * 2) / 3));
  const mergedPoints = Math.max(0, Math.floor(keptPoints) - finePoints);
  // Slots begin at round times: of the oldest only a part lies within the time.
  return { keptMs, finePoints, mergedPoints, slotMs: keptMs / Math.max(1, mergedPoints - 1) };
}

const AT = 0;
const VALUE = 1;
const MIN = 2;
const MAX = 3;
/** The number of the last measurement in it. */
const SEQ = 4;

/** One or more measurements that follow each other. */
interface Part {
  readonly at: number;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly seq: number;
  readonly count: number;
}

/**
 * The measurements of one series in the order of their times, numbered one after the other. Appending costs a constant
 * however many are held: where there is no room any more the oldest measurement is merged into its slot of time, and where
 * there is none for that the oldest slot is given up.
 */
export class MetricSeries {
  #layout: MetricLayout;
  readonly #fine = new FloatRing(2);
  /** Older than all of `#fine`. Most series never need it. */
  #merged: FloatRing | undefined;
  #first: number;
  #next: number;

  /** Numbers its measurements from `first` on. */
  constructor(layout: MetricLayout, first: number) {
    this.#layout = layout;
    this.#first = first;
    this.#next = first;
  }

  /** Measurements `first` to `next - 1` are held. */
  get first(): number {
    return this.#first;
  }

  get next(): number {
    return this.#next;
  }

  /** What its points take. */
  get bytes(): number {
    return this.#fine.bytes + (this.#merged?.bytes ?? 0);
  }

  /** The time of the latest measurement, where it is held. */
  get lastAt(): number | undefined {
    return this.#fine.count === 0 ? undefined : this.#fine.get(this.#fine.count - 1, AT);
  }

  /** `at` must be later than `lastAt`. */
  append(at: number, value: number): void {
    const { finePoints } = this.#layout;
    while (this.#fine.count >= finePoints) {
      this.#mergeOldest();
    }
    this.#pushFine(at, value);
    this.#next += 1;
  }

  /** Gives up what was measured before `at`. */
  expire(at: number): void {
    if (this.#merged !== undefined) {
      while (this.#merged.count > 0 && this.#merged.get(0, AT) < at) {
        this.#dropOldestSlot(this.#merged);
      }
      if (this.#merged.count > 0) {
        return;
      }
      this.#merged = undefined;
    }
    while (this.#fine.count > 0 && this.#fine.get(0, AT) < at) {
      this.#fine.shift();
      this.#first += 1;
    }
  }

  /** Gives everything up. */
  clear(): void {
    this.#fine.clear();
    this.#merged = undefined;
    this.#first = this.#next;
  }

  /** Takes on another layout, where it is another. Costs as much as is held. */
  arrange(layout: MetricLayout): void {
    if (layout === this.#layout) {
      return;
    }
    const parts = [...this.#parts()];
    this.#layout = layout;
    // What was merged stays merged, and all that is older stays before it.
    const fineFrom = Math.max(
      parts.length - layout.finePoints,
      parts.findLastIndex(({ count }) => count > 1) + 1,
    );
    this.#fine.clear();
    this.#merged = undefined;
    for (const [index, part] of parts.entries()) {
      if (index >= fineFrom) {
        this.#pushFine(part.at, part.value);
      } else {
        this.#merge(part);
      }
    }
  }

  /** The points from number `from` on, the latest `limit` of them. */
  read(from: number, limit: number): MetricPoint[] {
    const fineFirst = this.#next - this.#fine.count;
    const fineFrom = Math.max(0, from - fineFirst, this.#fine.count - limit);
    const fine: MetricPoint[] = [];
    for (let row = fineFrom; row < this.#fine.count; row += 1) {
      fine.push({ seq: fineFirst + row, at: this.#fine.get(row, AT), value: this.#fine.get(row, VALUE) });
    }
    const merged: MetricPoint[] = [];
    const mergedCount = this.#merged?.count ?? 0;
    for (let row = mergedCount - 1; row >= 0 && fine.length + merged.length < limit; row -= 1) {
      const { seq, at, value, min, max, count } = this.#slot(row);
      if (seq < from) {
        break;
      }
      merged.push(count === 1 ? { seq, at, value } : { seq, at, value, min, max });
    }
    return [...merged.reverse(), ...fine];
  }

  #pushFine(at: number, value: number): void {
    const row = this.#fine.push(this.#layout.finePoints);
    this.#fine.set(row, AT, at);
    this.#fine.set(row, VALUE, value);
  }

  *#parts(): Generator<Part> {
    for (let row = 0; row < (this.#merged?.count ?? 0); row += 1) {
      yield this.#slot(row);
    }
    for (let row = 0; row < this.#fine.count; row += 1) {
      yield this.#measurement(row);
    }
  }

  #measurement(row: number): Part {
    const value = this.#fine.get(row, VALUE);
    const seq = this.#next - this.#fine.count + row;
    return { at: this.#fine.get(row, AT), value, min: value, max: value, seq, count: 1 };
  }

  #slot(row: number): Part {
    const merged = this.#merged ?? new FloatRing(5);
    const seq = merged.get(row, SEQ);
    return {
      at: merged.get(row, AT),
      value: merged.get(row, VALUE),
      min: merged.get(row, MIN),
      max: merged.get(row, MAX),
      seq,
      count: seq - (row === 0 ? this.#first - 1 : merged.get(row - 1, SEQ)),
    };
  }

  #mergeOldest(): void {
    const oldest = this.#measurement(0);
    this.#fine.shift();
    this.#merge(oldest);
  }

  #merge(part: Part): void {
    const { mergedPoints, slotMs } = this.#layout;
    if (mergedPoints === 0) {
      this.#first = part.seq + 1;
      return;
    }
    const merged = (this.#merged ??= new FloatRing(5));
    const last = merged.count === 0 ? undefined : this.#slot(merged.count - 1);
    if (last !== undefined && Math.floor(last.at / slotMs) === Math.floor(part.at / slotMs)) {
      const min = Math.min(last.min, part.min);
      const max = Math.max(last.max, part.max);
      const value = last.value + ((part.value - last.value) * part.count) / (last.count + part.count);
      // Rounding may carry an average just beyond what it is the average of.
      setSlot(merged, merged.count - 1, { ...part, value: Math.min(max, Math.max(min, value)), min, max });
      return;
    }
    while (merged.count >= mergedPoints) {
      this.#dropOldestSlot(merged);
    }
    setSlot(merged, merged.push(mergedPoints), part);
  }

  #dropOldestSlot(merged: FloatRing): void {
    this.#first = merged.get(0, SEQ) + 1;
    merged.shift();
  }
}

function setSlot(merged: FloatRing, row: number, { at, value, min, max, seq }: Part): void {
  merged.set(row, AT, at);
  merged.set(row, VALUE, value);
  merged.set(row, MIN, min);
  merged.set(row, MAX, max);
  merged.set(row, SEQ, seq);
}
