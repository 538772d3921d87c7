import type { FaultExchange } from './faultExchange';

interface Waiter {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(reason: unknown): void;
}

type Outcome = { readonly type: 'ended' } | { readonly type: 'failed'; readonly reason: unknown };

const DONE: IteratorResult<Uint8Array, undefined> = { done: true, value: undefined };

/**
 * The body of an answer with a hand in it: it can be ended, broken, added to, and kept silent, also while its reader
 * waits. While it is silent nothing is asked of the body below but what was asked already, and nothing is lost.
 */
export class FaultyBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #inner: AsyncIterator<Uint8Array>;
  readonly #exchange: FaultExchange;
  readonly #isSilent: () => boolean;
  readonly #onClose: () => void;
  readonly #arrived: Uint8Array[] = [];
  #isInnerAsked = false;
  #innerOutcome: Outcome | undefined;
  #outcome: Outcome | undefined;
  #waiter: Waiter | undefined;

  /** Ends `exchange` and calls `onClose`, once, when it is over, in whatever way. */
  constructor(
    body: AsyncIterable<Uint8Array>,
    exchange: FaultExchange,
    isSilent: () => boolean,
    onClose: () => void,
  ) {
    this.#inner = body[Symbol.asyncIterator]();
    this.#exchange = exchange;
    this.#isSilent = isSilent;
    this.#onClose = onClose;
    exchange.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.goOn();
    });
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.endCleanly();
    return Promise.resolve(DONE);
  }

  /** Ends here and now, as if the server had closed the stream; what has not been read is dropped. */
  endCleanly(): void {
    this.#close({ type: 'ended' });
  }

  /** Ends here and now with an error. */
  breakOff(reason: unknown): void {
    this.#close({ type: 'failed', reason });
  }

  /** Comes before whatever else has not been read. */
  inject(bytes: Uint8Array): void {
    if (this.#outcome === undefined) {
      this.#arrived.unshift(bytes);
      this.goOn();
    }
  }

  /** Comes before whatever else has not been read, and is the last. */
  injectLast(bytes: Uint8Array): void {
    if (this.#outcome === undefined) {
      this.#arrived.splice(0, this.#arrived.length, bytes);
      this.#innerOutcome = { type: 'ended' };
      this.goOn();
    }
  }

  /** Serves a reader that waits, if that can be. To be called when it is silent no more. */
  goOn(): void {
    const waiter = this.#waiter;
    if (waiter === undefined) {
      return;
    }
    if (this.#outcome !== undefined) {
      this.#tellOutcome(waiter, this.#outcome);
      return;
    }
    if (this.#isSilent()) {
      return;
    }
    const value = this.#arrived.shift();
    if (value !== undefined) {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value });
    } else if (this.#innerOutcome === undefined) {
      void this.#askInner();
    } else {
      this.#close(this.#innerOutcome);
    }
  }

  #tellOutcome(waiter: Waiter, outcome: Outcome): void {
    this.#waiter = undefined;
    if (outcome.type === 'ended') {
      waiter.resolve(DONE);
    } else {
      // An iterator throws once; whoever asks again is told that it is over.
      this.#outcome = { type: 'ended' };
      waiter.reject(outcome.reason);
    }
  }

  async #askInner(): Promise<void> {
    if (this.#isInnerAsked) {
      return;
    }
    this.#isInnerAsked = true;
    try {
      const result = await this.#inner.next();
      if (result.done === true) {
        this.#innerOutcome ??= { type: 'ended' };
      } else if (this.#innerOutcome === undefined) {
        this.#arrived.push(result.value);
      }
    } catch (reason) {
      this.#innerOutcome ??= { type: 'failed', reason };
    }
    this.#isInnerAsked = false;
    this.goOn();
  }

  readonly #onAbort = (): void => this.breakOff(this.#exchange.signal.reason);

  #close(outcome: Outcome): void {
    if (this.#outcome !== undefined) {
      return;
    }
    this.#outcome = outcome;
    this.#arrived.length = 0;
    const { signal } = this.#exchange;
    signal.removeEventListener('abort', this.#onAbort);
    // The server below may have more to say: it is told that nobody reads it.
    this.#exchange.abort(new DOMException('The body is over', 'AbortError'));
    this.#exchange.end();
    this.#onClose();
    this.goOn();
  }
}
