/**
 * The sources whose rows may say something else than when they were last drawn: what a redraw compares, so that it costs as
 * much as what happened since the last one, however many sources there are.
 */
export class RowsToCompare {
  readonly #touched = new Set<string>();
  readonly #counting = new Set<string>();

  /** Something happened to a source. */
  touch(source: string): void {
    this.#touched.add(source);
  }

  /** Whether the row of a source says another second by itself: then each {@link take} has it. */
  setCounting(source: string, isCounting: boolean): void {
    if (isCounting) {
      this.#counting.add(source);
    } else {
      this.#counting.delete(source);
    }
  }

  get isAnyCounting(): boolean {
    return this.#counting.size > 0;
  }

  /** Takes all that are to be compared. */
  take(): ReadonlySet<string> {
    const taken = new Set([...this.#touched, ...this.#counting]);
    this.#touched.clear();
    return taken;
  }
}
