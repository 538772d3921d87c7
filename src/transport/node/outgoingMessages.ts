import type { Deadlines } from './deadlines';
import { FrameWriter, type Connection } from './frameWriter';
import { pieceFrame, textFrame } from './textFrame';

/** Longest piece that is handed over at once, so that progress can be seen and a ping gets in between. */
const PIECE_BYTES = 64 * 1024;
/** So much may be handed over and not yet gone. */
const WINDOW_BYTES = 64 * 1024;
/** What may wait before nothing more is taken in from a client. */
const BUFFERED_BYTES = 1024 * 1024;

export interface OutgoingMessagesOptions {
  readonly connection: Connection;
  readonly deadlines: Deadlines;
  /** More waits than should, or that no longer. */
  readonly onFullChanged: (isFull: boolean) => void;
}

/** A frame as it is, or a long message that has no frames yet. */
interface Waiting {
  readonly bytes: Buffer;
  readonly isFrame: boolean;
}

/**
 * Sends text messages whole and in order, long ones in pieces (WebSocket's fragments), no more at once than the other side
 * has room for. What waits is not bounded here: whoever sends looks at `isFull` and waits.
 */
export class OutgoingMessages {
  readonly #onFullChanged: (isFull: boolean) => void;
  readonly #writer: FrameWriter;
  /** Made when something has to wait. */
  #waiting: Waiting[] | undefined;
  #next = 0;
  /** Of the first that waits, how much was handed over. */
  #offset = 0;
  #waitingBytes = 0;
  #isFull = false;
  #whenEmpty: (() => void) | undefined;
  #isDisposed = false;

  constructor({ connection, deadlines, onFullChanged }: OutgoingMessagesOptions) {
    this.#onFullChanged = onFullChanged;
    this.#writer = new FrameWriter(connection, deadlines, () => this.#gone());
  }

  /** More than {@link BUFFERED_BYTES} wait, or did and still more than half of that do. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get bufferedBytes(): number {
    return this.#waitingBytes + this.#writer.waitingBytes;
  }

  send(text: string): void {
    // No UTF-16 unit is less than a byte.
    const isLong = text.length > PIECE_BYTES;
    this.#send(
      isLong ? { bytes: Buffer.from(text), isFrame: false } : { bytes: textFrame(text), isFrame: true },
    );
  }

  /** Sends what was made once for several clients. */
  sendFrame(bytes: Buffer): void {
    if (this.#waiting === undefined && this.#writer.waitingBytes < WINDOW_BYTES && !this.#isDisposed) {
      this.#writer.write(bytes);
      this.#judge();
    } else {
      this.#send({ bytes, isFrame: true });
    }
  }

  /** Calls back once everything was handed to the network, at once where nothing waits. */
  whenEmpty(callback: () => void): void {
    this.#whenEmpty = callback;
    this.#tellEmpty();
  }

  /** What waits is given up. */
  dispose(): void {
    this.#isDisposed = true;
    this.#waiting = undefined;
    this.#waitingBytes = 0;
    this.#whenEmpty = undefined;
  }

  #send(message: Waiting): void {
    if (this.#isDisposed) {
      return;
    }
    this.#waiting ??= [];
    this.#waiting.push(message);
    this.#waitingBytes += message.bytes.length;
    this.#pump();
    this.#judge();
  }

  #pump(): void {
    while (this.#writer.waitingBytes < WINDOW_BYTES) {
      const frame = this.#take();
      if (frame === undefined) {
        return;
      }
      this.#writer.write(frame);
    }
  }

  #take(): Buffer | undefined {
    const message = this.#waiting?.[this.#next];
    if (message === undefined) {
      this.#waiting = undefined;
      this.#next = 0;
      return undefined;
    }
    const { bytes, isFrame } = message;
    const isFirst = this.#offset === 0;
    const piece = isFrame ? bytes : bytes.subarray(this.#offset, this.#offset + PIECE_BYTES);
    this.#offset += piece.length;
    this.#waitingBytes -= piece.length;
    const isLast = this.#offset >= bytes.length;
    if (isLast) {
      this.#offset = 0;
      this.#next += 1;
    }
    return isFrame ? piece : pieceFrame(piece, { isFirst, isLast });
  }

  #gone(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#pump();
    this.#judge();
    this.#tellEmpty();
  }

  #judge(): void {
    const isFull = this.bufferedBytes > (this.#isFull ? BUFFERED_BYTES / 2 : BUFFERED_BYTES);
    if (isFull !== this.#isFull) {
      this.#isFull = isFull;
      this.#onFullChanged(isFull);
    }
  }

  #tellEmpty(): void {
    if (this.#whenEmpty !== undefined && this.bufferedBytes === 0) {
      const callback = this.#whenEmpty;
      this.#whenEmpty = undefined;
      callback();
    }
  }
}
