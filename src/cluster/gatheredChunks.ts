import type { Readable } from 'node:stream';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';

/** Pieces that come within this time are handed out as one. The first after a pause is not held up. */
const GATHER_MS = 2;
/** So much is handed out at once, and as much may wait before the sender has to. */
const MAX_BYTES = 256 * 1024;

/**
 * What a stream brings, in order, many small pieces together: a log comes line by line, each in a piece of its own, and to be woken
 * for each of them costs more than to read them all.
 */
export class GatheredChunks implements AsyncIterator<Uint8Array, undefined> {
  readonly #stream: Readable;
  readonly #clock: Clock;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #end: { readonly error: unknown } | 'clean' | undefined;
  #waiter: PromiseWithResolvers<IteratorResult<Uint8Array, undefined>> | undefined;
  #timer: Disposable | undefined;
  #handedMs = Number.NEGATIVE_INFINITY;

  constructor(stream: Readable, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
    stream.on('data', (piece: unknown) => this.#take(piece));
    stream.once('end', () => this.#finish('clean'));
    stream.once('error', (error) => this.#finish({ error }));
    stream.once('close', () => this.#finish({ error: new Error('the stream was closed') }));
  }

  /** Rejects with the stream's error, once what came before it was handed out. One at a time. */
  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#waiter = Promise.withResolvers();
    const { promise } = this.#waiter;
    this.#wake();
    return promise;
  }

  #take(piece: unknown): void {
    if (!(piece instanceof Uint8Array)) {
      this.#finish({ error: new TypeError('the body is not binary') });
      return;
    }
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes >= MAX_BYTES) {
      this.#stream.pause();
    }
    this.#wake();
  }

  #finish(end: { readonly error: unknown } | 'clean'): void {
    this.#end ??= end;
    this.#wake();
  }

  #wake(): void {
    if (this.#waiter === undefined || (this.#bytes === 0 && this.#end === undefined)) {
      return;
    }
    const leftMs = this.#handedMs + GATHER_MS - this.#clock.monotonic();
    if (leftMs <= 0 || this.#bytes >= MAX_BYTES || this.#end !== undefined) {
      this.#hand(this.#waiter);
    } else {
      this.#timer ??= this.#clock.schedule(leftMs, () => this.#waiter && this.#hand(this.#waiter));
    }
  }

  #hand(waiter: PromiseWithResolvers<IteratorResult<Uint8Array, undefined>>): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#waiter = undefined;
    this.#handedMs = this.#clock.monotonic();
    const [first, ...more] = this.#pieces;
    if (first !== undefined) {
      const value = more.length === 0 ? first : Buffer.concat(this.#pieces, this.#bytes);
      this.#pieces = [];
      this.#bytes = 0;
      this.#stream.resume();
      waiter.resolve({ value, done: false });
    } else if (this.#end === 'clean' || this.#end === undefined) {
      waiter.resolve({ value: undefined, done: true });
    } else {
      waiter.reject(this.#end.error);
    }
  }
}
