/** What can stand in a {@link RecencyList}, one at a time; the links are the list's own. */
export interface RecencyEntry<T> {
  older: T | undefined;
  newer: T | undefined;
}

/** Entries in the order in which they were used last. Everything costs a constant. */
export class RecencyList<T extends RecencyEntry<T>> {
  #oldest: T | undefined;
  #newest: T | undefined;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Used the longest ago. */
  get oldest(): T | undefined {
    return this.#oldest;
  }

  /** Adds what is not in it, as used just now. */
  add(entry: T): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) {
      this.#oldest = entry;
    } else {
      this.#newest.newer = entry;
    }
    this.#newest = entry;
    this.#count += 1;
  }

  /** What is in it was used just now. */
  use(entry: T): void {
    if (this.#newest !== entry) {
      this.remove(entry);
      this.add(entry);
    }
  }

  /** Removes what is in it. */
  remove(entry: T): void {
    if (entry.older === undefined) {
      this.#oldest = entry.newer;
    } else {
      entry.older.newer = entry.newer;
    }
    if (entry.newer === undefined) {
      this.#newest = entry.older;
    } else {
      entry.newer.older = entry.older;
    }
    entry.older = undefined;
    entry.newer = undefined;
    this.#count -= 1;
  }
}
