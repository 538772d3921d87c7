import type { Clock } from '../../base/clock';

/** Stands for what is at the top; no row has it. */
export const ROOT_ID = '';

/**
 * An answer that is on its way while rows are refreshed is kept by VS Code (seen in 1.139) as if it had come afterwards, and it
 * asks no more: what is drawn then is what was before. How long an answer may be on its way is not known; a window that
 * starts was seen to take 200 ms.
 */
const ON_ITS_WAY_MS = 2_000;
/** Where VS Code never comes to rest, since everything changes all the time. */
const MAX_DOUBT_MS = 10_000;

/** What VS Code asked for and when, so that what it may have drawn as it was before a refresh can be refreshed once more. */
export class AskedRows {
  readonly #clock: Clock;
  /** When each was asked for last, the latest at the end; forgotten once the answer must have arrived. */
  readonly #askedMs = new Map<string, number>();
  readonly #doubtful = new Set<string>();
  #doubtSinceMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When anything was asked for last, in monotonic milliseconds. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /**
   * In how many milliseconds what is in doubt is to be refreshed: when every answer must have arrived, or it has been in doubt
   * for long. Undefined where nothing is.
   */
  get doubtMs(): number | undefined {
    if (this.#doubtful.size === 0) {
      return undefined;
    }
    const dueMs = Math.min(this.#lastMs + ON_ITS_WAY_MS, this.#doubtSinceMs + MAX_DOUBT_MS);
    return Math.max(0, dueMs - this.#clock.monotonic());
  }

  /** VS Code asks for what is below a row. */
  asked(id: string): void {
    this.#lastMs = this.#clock.monotonic();
    this.#askedMs.delete(id);
    this.#askedMs.set(id, this.#lastMs);
    this.#forget();
  }

  /** Rows, and with them what is below, are refreshed. */
  refreshed(ids: readonly string[]): void {
    this.#forget();
    for (const id of ids) {
      if (this.#askedMs.has(id)) {
        if (this.#doubtful.size === 0) {
          this.#doubtSinceMs = this.#clock.monotonic();
        }
        this.#doubtful.add(id);
      } else {
        this.#doubtful.delete(id);
      }
    }
  }

  /** Takes what is in doubt; nothing before it is due. */
  takeDoubtful(): readonly string[] {
    if (this.doubtMs !== 0) {
      return [];
    }
    const taken = [...this.#doubtful];
    this.#doubtful.clear();
    return taken;
  }

  #forget(): void {
    const sinceMs = this.#clock.monotonic() - ON_ITS_WAY_MS;
    for (const [id, askedMs] of this.#askedMs) {
      if (askedMs > sinceMs) {
        return;
      }
      this.#askedMs.delete(id);
    }
  }
}
