import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/** In UTF-16 units: what is read ahead of the client, and with that the longest piece but for one chunk. */
const MAX_AHEAD_CHARS = 256 * 1024;

/** A piece of a body, in order. `isEnd`: there is no other one. */
export interface RelayedPiece {
  readonly text: string;
  readonly isEnd: boolean;
}

/** A body that is handed on as fast as somebody takes it: of what nobody takes a bounded piece is read ahead, and no more. */
export class RelayedAnswer {
  readonly #clock: Clock;
  readonly #texts: AsyncIterator<string, void, void>;
  #ahead: string[] = [];
  #aheadChars = 0;
  #isReading = false;
  #isEnd = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(clock: Clock, texts: AsyncIterable<string>) {
    this.#clock = clock;
    this.#texts = texts[Symbol.asyncIterator]();
    void this.#readOn();
  }

  /**
   * What has come. Waits for something, and with `isWhole` for the end, for `waitMs` at most; an empty piece says that nothing
   * came. Rejects with what the body failed of, once all before that was taken, or with the signal's reason.
   */
  async take(waitMs: number, isWhole: boolean, signal: AbortSignal): Promise<RelayedPiece> {
    const isThere = (): boolean =>
      this.#isEnd || this.#failure !== undefined || (isWhole ? this.#isFull : this.#aheadChars > 0);
    if (!isThere()) {
      await this.#wait(waitMs, isThere, signal);
    }
    signal.throwIfAborted();
    const text = this.#ahead.join('');
    this.#ahead = [];
    this.#aheadChars = 0;
    if (text === '' && this.#failure !== undefined) {
      throw this.#failure.error;
    }
    void this.#readOn();
    return { text, isEnd: this.#isEnd && this.#failure === undefined };
  }

  get #isFull(): boolean {
    return this.#aheadChars >= MAX_AHEAD_CHARS;
  }

  #wait(waitMs: number, isThere: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let timer: Disposable | undefined;
      const end = (): void => {
        this.#wake = undefined;
        timer?.dispose();
        signal.removeEventListener('abort', end);
        resolve();
      };
      timer = this.#clock.schedule(waitMs, end);
      signal.addEventListener('abort', end, { once: true });
      this.#wake = () => {
        if (isThere()) {
          end();
        }
      };
    });
  }

  async #readOn(): Promise<void> {
    if (this.#isReading) {
      return;
    }
    this.#isReading = true;
    try {
      while (!this.#isFull && !this.#isEnd) {
        const { done, value } = await this.#texts.next();
        if (done === true) {
          this.#isEnd = true;
        } else {
          this.#ahead.push(value);
          this.#aheadChars += value.length;
        }
        this.#wake?.();
      }
    } catch (error) {
      this.#isEnd = true;
      this.#failure = { error };
      this.#wake?.();
    }
    this.#isReading = false;
  }
}
