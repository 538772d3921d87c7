const INITIAL_ROWS = 4;
const NOTHING = new Float64Array(0);

/** A queue of rows of numbers in one block of memory, which grows as it fills. Rows are counted from the oldest. */
export class FloatRing {
  readonly #width: number;
  #numbers = NOTHING;
  #start = 0;
  #count = 0;

  /** Of rows of `width` numbers. */
  constructor(width: number) {
    this.#width = width;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#numbers.byteLength;
  }

  get(row: number, field: number): number {
    return this.#numbers[this.#indexOf(row) + field] ?? Number.NaN;
  }

  set(row: number, field: number, value: number): void {
    this.#numbers[this.#indexOf(row) + field] = value;
  }

  /** Makes room for one more row and tells which it is. Takes no more memory than `maxRows` need, if there are no more. */
  push(maxRows: number): number {
    const capacity = this.#numbers.length / this.#width;
    if (this.#count === capacity) {
      const doubled = Math.min(Math.max(2 * capacity, INITIAL_ROWS), maxRows);
      this.#resize(Math.max(doubled, this.#count + 1));
    }
    this.#count += 1;
    return this.#count - 1;
  }

  /** Gives the oldest up; the memory of what is empty with it. */
  shift(): void {
    this.#count -= 1;
    this.#start += this.#width;
    if (this.#start >= this.#numbers.length) {
      this.#start = 0;
    }
    if (this.#count <= 0) {
      this.clear();
    }
  }

  clear(): void {
    this.#numbers = NOTHING;
    this.#start = 0;
    this.#count = 0;
  }

  #indexOf(row: number): number {
    const index = this.#start + row * this.#width;
    return index < this.#numbers.length ? index : index - this.#numbers.length;
  }

  #resize(rows: number): void {
    const numbers = new Float64Array(rows * this.#width);
    const tail = this.#numbers.subarray(this.#start);
    numbers.set(tail);
    numbers.set(this.#numbers.subarray(0, this.#start), tail.length);
    this.#numbers = numbers;
    this.#start = 0;
  }
}
