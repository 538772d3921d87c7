import type { HubEvent } from '../protocol/hubEvent';

/** As many as a `subscribe` takes. */
const MAX_CURSORS = 10_000;

/** The cursor of the last event that was seen of each source, and of those that are of none. */
export class SeenCursors {
  /** The one that was renewed last at the end. */
  readonly #cursors = new Map<string | undefined, string>();
  /** Whether the last event said where this client is: then that holds for the sources without a cursor too. */
  #isKnown = false;

  /** With `isKnown` false the events do not say where the client is, whatever their cursors are. */
  see(events: readonly HubEvent[], isKnown: boolean): void {
    for (const { data, cursor } of events) {
      const source = 'source' in data ? data.source : undefined;
      this.#cursors.delete(source);
      this.#isKnown = isKnown && cursor !== '';
      if (this.#isKnown) {
        this.#cursors.set(source, cursor);
      }
      if (this.#cursors.size > MAX_CURSORS) {
        // Whoever resumes is told of a source without a cursor from the earliest of the others on, or that it cannot be.
        const [oldest] = this.#cursors.keys();
        this.#cursors.delete(oldest);
      }
    }
  }

  /** Something was missed: what was seen says nothing any more. */
  forget(): void {
    this.#cursors.clear();
    this.#isKnown = false;
  }

  /** To resume from, those renewed last, as many as `maxChars` characters of JSON hold; none where that cannot be. */
  values(maxChars = Number.POSITIVE_INFINITY): string[] {
    const values: string[] = [];
    let chars = 0;
    for (const cursor of this.#isKnown ? [...this.#cursors.values()].reverse() : []) {
      chars += JSON.stringify(cursor).length + 1;
      if (chars > maxChars) {
        // As for one that was given up to stay within bounds.
        break;
      }
      values.push(cursor);
    }
    return values.reverse();
  }
}
