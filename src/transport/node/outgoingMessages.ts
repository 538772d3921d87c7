import type { WebSocket } from 'ws';
import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { WriteDeadline } from './writeDeadline';

/** Longest piece that is handed over at once, so that progress can be seen and a ping gets in between. */
const PIECE_BYTES = 64 * 1024;
/** So much may be handed over and not yet gone. */
const WINDOW_BYTES = 64 * 1024;
/** What may wait before nothing more is taken in from a client. */
const BUFFERED_BYTES = 1024 * 1024;

export interface OutgoingMessagesOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  /** More waits than should, or that no longer. */
  readonly onFullChanged: (isFull: boolean) => void;
  /** For 10 s there was no room for the next piece. */
  readonly onStuck: () => void;
}

interface Piece {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/**
 * Sends text messages whole and in order, long ones in pieces (WebSocket's fragments), no more at once than the other side
 * has room for. What waits is not bounded here: whoever sends looks at `isFull` and waits.
 */
export class OutgoingMessages implements Disposable {
  readonly #options: OutgoingMessagesOptions;
  readonly #deadline: WriteDeadline;
  #waiting: Buffer[] = [];
  #next = 0;
  /** Of the first that waits, how much was handed over. */
  #offset = 0;
  #waitingBytes = 0;
  #underWayBytes = 0;
  #isFull = false;
  #whenEmpty: (() => void) | undefined;
  #isDisposed = false;

  constructor(options: OutgoingMessagesOptions) {
    this.#options = options;
    this.#deadline = new WriteDeadline(options.clock, options.onStuck);
  }

  /** More than {@link BUFFERED_BYTES} wait, or did and still more than half of that do. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get bufferedBytes(): number {
    return this.#waitingBytes + this.#underWayBytes;
  }

  send(text: string): void {
    if (this.#isDisposed) {
      return;
    }
    const bytes = Buffer.from(text);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#pump();
    this.#judge();
  }

  /** Calls back once everything was handed to the network, at once where nothing waits. */
  whenEmpty(callback: () => void): void {
    this.#whenEmpty = callback;
    this.#tellEmpty();
  }

  /** What waits is given up. */
  dispose(): void {
    this.#isDisposed = true;
    this.#deadline.dispose();
    this.#waiting = [];
    this.#whenEmpty = undefined;
  }

  #pump(): void {
    while (this.#underWayBytes < WINDOW_BYTES) {
      const piece = this.#take();
      if (piece === undefined) {
        return;
      }
      const { length } = piece.bytes;
      this.#underWayBytes += length;
      this.#deadline.begin();
      this.#options.socket.send(piece.bytes, { binary: false, fin: piece.isLast }, () => this.#gone(length));
    }
  }

  #take(): Piece | undefined {
    const message = this.#waiting[this.#next];
    if (message === undefined) {
      this.#waiting = [];
      this.#next = 0;
      return undefined;
    }
    const bytes = message.subarray(this.#offset, this.#offset + PIECE_BYTES);
    this.#offset += bytes.length;
    this.#waitingBytes -= bytes.length;
    const isLast = this.#offset >= message.length;
    if (isLast) {
      this.#offset = 0;
      this.#next += 1;
    }
    return { bytes, isLast };
  }

  #gone(bytes: number): void {
    this.#underWayBytes -= bytes;
    if (this.#isDisposed) {
      return;
    }
    this.#deadline.end();
    this.#pump();
    this.#judge();
    this.#tellEmpty();
  }

  #judge(): void {
    const isFull = this.bufferedBytes > (this.#isFull ? BUFFERED_BYTES / 2 : BUFFERED_BYTES);
    if (isFull !== this.#isFull) {
      this.#isFull = isFull;
      this.#options.onFullChanged(isFull);
    }
  }

  #tellEmpty(): void {
    if (this.bufferedBytes === 0) {
      const callback = this.#whenEmpty;
      this.#whenEmpty = undefined;
      callback?.();
    }
  }
}
