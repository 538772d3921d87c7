import { KubeTransportError } from '../../base/kubeFetch';

/** A reader that is this far behind is cut off, as a real API server does with slow watchers: 64 Mi UTF-16 units. */
const MAX_QUEUED_CHARS = 64 * 1024 * 1024;

const encoder = new TextEncoder();

interface Waiter {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(reason: unknown): void;
}

type Outcome = { readonly type: 'ended' } | { readonly type: 'failed'; readonly reason: unknown };

const DONE: IteratorResult<Uint8Array, undefined> = { done: true, value: undefined };

/**
 * The body of an answer: text that is pushed, or drawn from `source` as the reader asks for it. It is over when it was
 * read to its end, left early, failed, or when the request's signal was aborted; `onClose` is then called, once.
 */
export class ResponseBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #signal: AbortSignal | undefined;
  readonly #onClose: (body: ResponseBody) => void;
  readonly #source: Iterator<string> | undefined;
  #queue: string[] = [];
  #queuedChars = 0;
  #waiter: Waiter | undefined;
  #outcome: Outcome | undefined;
  #isClosed = false;

  constructor(
    signal: AbortSignal | undefined,
    onClose: (body: ResponseBody) => void,
    source?: Iterable<string>,
  ) {
    this.#signal = signal;
    this.#onClose = onClose;
    this.#source = source?.[Symbol.iterator]();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Nobody reads any more, so nothing needs to be produced. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#outcome?.type === 'failed') {
      const { reason } = this.#outcome;
      // An iterator throws once; whoever asks again is told that it is over.
      this.#outcome = { type: 'ended' };
      return Promise.reject(reason);
    }
    const text = this.#queue.length > 0 ? this.#takeQueue() : this.#draw();
    if (text !== undefined) {
      return Promise.resolve({ done: false, value: encoder.encode(text) });
    }
    if (this.#outcome !== undefined) {
      this.#close();
      return Promise.resolve(DONE);
    }
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#queue = [];
    this.#outcome = { type: 'ended' };
    this.#close();
    return Promise.resolve(DONE);
  }

  push(text: string): void {
    if (this.#outcome !== undefined || text === '') {
      return;
    }
    const waiter = this.#waiter;
    if (waiter !== undefined) {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value: encoder.encode(text) });
      return;
    }
    this.#queue.push(text);
    this.#queuedChars += text.length;
    if (this.#queuedChars > MAX_QUEUED_CHARS) {
      this.fail(new KubeTransportError('closed', 'the connection was closed: its reader was too slow'));
    }
  }

  /** Ends the body cleanly, after what was pushed. */
  end(): void {
    if (this.#outcome !== undefined) {
      return;
    }
    this.#outcome = { type: 'ended' };
    const waiter = this.#waiter;
    if (waiter !== undefined) {
      this.#waiter = undefined;
      this.#close();
      waiter.resolve(DONE);
    }
  }

  /** Breaks the body at once; what was pushed and not yet read is lost, as with a reset connection. */
  fail(reason: unknown): void {
    if (this.#isClosed) {
      return;
    }
    this.#queue = [];
    this.#close();
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#outcome = { type: 'failed', reason };
    } else {
      this.#waiter = undefined;
      this.#outcome = { type: 'ended' };
      waiter.reject(reason);
    }
  }

  readonly #onAbort = (): void => this.fail(this.#signal?.reason);

  /** Small pieces that piled up go out together, as TCP would send them. */
  #takeQueue(): string {
    const text = this.#queue.join('');
    this.#queue = [];
    this.#queuedChars = 0;
    return text;
  }

  #draw(): string | undefined {
    if (this.#source === undefined || this.#outcome !== undefined) {
      return undefined;
    }
    const result = this.#source.next();
    if (result.done === true) {
      this.#outcome = { type: 'ended' };
      return undefined;
    }
    return result.value;
  }

  #close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onClose(this);
  }
}
