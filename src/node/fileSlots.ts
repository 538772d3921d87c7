/** Which pieces of a file are in use: the first that are free are taken first, so that it grows only when all of them are. */
export class FileSlots {
  readonly #free: number[] = [];
  #end = 0;

  /** How many are in use. */
  get used(): number {
    return this.#end - this.#free.length;
  }

  take(count: number): number[] {
    const taken = this.#free.splice(Math.max(0, this.#free.length - count));
    while (taken.length < count) {
      taken.push(this.#end);
      this.#end += 1;
    }
    return taken;
  }

  give(slots: readonly number[]): void {
    this.#free.push(...slots);
  }
}
