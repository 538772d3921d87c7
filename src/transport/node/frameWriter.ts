import type { Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { DEADLINE, type Deadlines } from './deadlines';
import { WRITE_DEADLINE_MS } from './writeDeadline';

const NOTHING = Buffer.alloc(0);

/** What a WebSocket is spoken over. */
export type Connection = Pick<Writable, 'write' | 'writableLength'>;

/**
 * Writes frames to a connection, below its WebSocket. As long as the network takes each at once, which is nearly always,
 * nothing is kept of them and nobody is called back. Otherwise each has to be through 10 s after the one before it was.
 */
export class FrameWriter {
  readonly #connection: Connection;
  readonly #deadlines: Deadlines;
  readonly #onGone: () => void;
  /** Calls back for each write that is under way; made when first needed. */
  #callback: (() => void) | undefined;
  #underWay = 0;

  /** `onGone` is called for each write that took its time. */
  constructor(connection: Connection, deadlines: Deadlines, onGone: () => void) {
    this.#connection = connection;
    this.#deadlines = deadlines;
    this.#onGone = onGone;
  }

  /** What the network has not taken yet. While it is more than nothing, `onGone` is still to be called. */
  get waitingBytes(): number {
    return this.#connection.writableLength;
  }

  write(frame: Buffer): void {
    // Over TLS nothing is through before the next turn.
    if (this.#underWay > 0 || this.#connection instanceof TLSSocket) {
      this.#await(frame);
      return;
    }
    this.#connection.write(frame);
    if (this.#connection.writableLength > 0) {
      // Nothing says when that is through but that what follows it is.
      this.#await(NOTHING);
    }
  }

  #await(bytes: Buffer): void {
    this.#underWay += 1;
    if (this.#underWay === 1) {
      this.#deadlines.set(DEADLINE.write, WRITE_DEADLINE_MS);
    }
    this.#callback ??= () => this.#gone();
    this.#connection.write(bytes, this.#callback);
  }

  #gone(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) {
      this.#deadlines.set(DEADLINE.write, WRITE_DEADLINE_MS);
    } else {
      this.#deadlines.clear(DEADLINE.write);
    }
    this.#onGone();
  }
}
