const INITIAL_ROWS = 4;
const BYTES_PER_NUMBER = 8;
/** No integer: the array is one of floating-point numbers from the start. */
const UNUSED = 0.5;
const NOTHING: number[] = [];

/**
 * A queue of rows of numbers in one block of memory, which grows as it fills. Rows are counted from the oldest.
 *
 * The block is an array that holds nothing but numbers, which engines keep unboxed. There are tens of thousands of short
 * ones, and a typed array takes 170 bytes more for each (measured), and an allocation beside the heap as it grows.
 */
export class FloatRing {
  readonly #width: number;
  #numbers: number[] = NOTHING;
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
    return this.#numbers.length * BYTES_PER_NUMBER;
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
    const numbers = Array.from({ length: rows * this.#width }, () => UNUSED);
    const old = this.#numbers;
    for (let index = 0; index < old.length; index += 1) {
      numbers[index] = old[(this.#start + index) % old.length] ?? UNUSED;
    }
    this.#numbers = numbers;
    this.#start = 0;
  }
}
