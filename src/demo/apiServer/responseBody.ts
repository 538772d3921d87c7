import { KubeTransportError } from '../../base/kubeFetch';
import { ChunkJoiner, type BodyChunk } from './chunkJoiner';

/**
 * A reader that is this far behind is cut off, as a real API server does with slow watchers: 64 Mi bytes, or UTF-16 units
 * of text. Bytes are shared with other readers and with the history, so the memory is mostly not the reader's own.
 */
export const MAX_QUEUED_LENGTH = 64 * 1024 * 1024;

/** Pieces are drawn until they are this long together: enough for one write to a socket to be worth its cost. */
const MIN_DRAWN_LENGTH = 64 * 1024;

/** Pieces that piled up are read as one until it is this long: then one more write to a socket costs nothing. */
const MAX_READ_LENGTH = 256 * 1024;

const joiner = new ChunkJoiner();

interface Waiter {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(reason: unknown): void;
}

type Outcome = { readonly type: 'ended' } | { readonly type: 'failed'; readonly reason: unknown };

const DONE: IteratorResult<Uint8Array, undefined> = { done: true, value: undefined };

/**
 * The body of an answer: text or bytes that are pushed, or such as are drawn from `source` as the reader asks for
 * them. It is over when it was read to its end, left early, failed, or when the request's signal was aborted; `onClose` is
 * then called, once. Bytes are handed on as they are, and must not be changed by anybody.
 */
export class ResponseBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #signal: AbortSignal | undefined;
  readonly #onClose: (body: ResponseBody) => void;
  readonly #endsWithSource: boolean;
  #source: Iterator<BodyChunk> | undefined;
  #queue: BodyChunk[] = [];
  #queuedLength = 0;
  #waiter: Waiter | undefined;
  #outcome: Outcome | undefined;
  #isClosed = false;

  constructor(
    signal: AbortSignal | undefined,
    onClose: (body: ResponseBody) => void,
    source?: Iterable<BodyChunk>,
  ) {
    this.#signal = signal;
    this.#onClose = onClose;
    this.#endsWithSource = source !== undefined;
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
    const value = this.#draw() ?? (this.#queue.length > 0 ? this.#takeQueue() : undefined);
    if (value !== undefined) {
      return Promise.resolve({ done: false, value });
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

  /** Goes on, after what was pushed, with pieces that are drawn as the reader asks; none may be left to be drawn. */
  drawFrom(pieces: Iterable<BodyChunk>): void {
    if (this.#outcome !== undefined) {
      return;
    }
    this.#source = inOrder(this.#queue, pieces);
    this.#queue = [];
    this.#queuedLength = 0;
    const waiter = this.#waiter;
    const value = waiter === undefined ? undefined : this.#draw();
    if (waiter !== undefined && value !== undefined) {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value });
    }
  }

  push(chunk: BodyChunk): void {
    if (this.#outcome !== undefined || chunk.length === 0) {
      return;
    }
    const waiter = this.#waiter;
    if (waiter !== undefined) {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value: joiner.join([chunk]) });
      return;
    }
    this.#queue.push(chunk);
    this.#queuedLength += chunk.length;
    if (this.#queuedLength > MAX_QUEUED_LENGTH) {
      this.failTooSlow();
    }
  }

  /** Its reader is too far behind. */
  failTooSlow(): void {
    this.fail(new KubeTransportError('closed', 'the connection was closed: its reader was too slow'));
  }

  /** Ends the body cleanly, after what was pushed; at once where there is still something to be drawn before that. */
  end(): void {
    if (this.#outcome !== undefined) {
      return;
    }
    if (this.#source !== undefined) {
      this.#source = undefined;
      this.#queue = [];
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
  #takeQueue(): Uint8Array {
    let count = 0;
    let length = 0;
    for (const chunk of this.#queue) {
      if (count > 0 && length + chunk.length > MAX_READ_LENGTH) {
        break;
      }
      count += 1;
      length += chunk.length;
    }
    this.#queuedLength -= length;
    return joiner.join(this.#queue.splice(0, count));
  }

  #draw(): Uint8Array | undefined {
    const chunks: BodyChunk[] = [];
    let length = 0;
    while (this.#source !== undefined && length < MIN_DRAWN_LENGTH) {
      const result = this.#source.next();
      if (result.done === true) {
        this.#source = undefined;
        this.#outcome ??= this.#endsWithSource ? { type: 'ended' } : undefined;
      } else if (result.value.length > 0) {
        chunks.push(result.value);
        length += result.value.length;
      }
    }
    return chunks.length === 0 ? undefined : joiner.join(chunks);
  }

  #close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#source = undefined;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onClose(this);
  }
}

function* inOrder(
  first: readonly BodyChunk[],
  second: Iterable<BodyChunk>,
): Generator<BodyChunk, void, void> {
  yield* first;
  yield* second;
}
