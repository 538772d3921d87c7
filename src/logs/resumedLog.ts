import { fingerprint, type HeldTail } from './lineFingerprint';
import { LineTimeReader } from './lineTime';
import type { MergeOrder } from './mergeOrder';
import { SequenceMatch } from './sequenceMatch';

const LINE_FEED = 0x0a;
/** What is kept while it is not known whether it is new. Beyond it is decided with what came. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** `lost`: the last line that was held did not come again. `rest` is what is new, as it came. */
export interface Resumption {
  readonly isLost: boolean;
  readonly rest: readonly Uint8Array[];
  /** When the first new line was written, in nanoseconds as the order counts them; NaN where that is not known. */
  readonly firstTime: number;
}

/**
 * Tells what is new of a log that was opened again. Bytes are kept until the last line that is held has come, or it is clear
 * that it will not.
 */
export class ResumedLog {
  readonly #match: SequenceMatch;
  readonly #order: MergeOrder;
  readonly #time = new LineTimeReader();
  /** Each a line with its line feed; the last may be open. */
  readonly #lines: Uint8Array[] = [];
  readonly #times: number[] = [];
  #open: Uint8Array[] = [];
  #keptBytes = 0;

  constructor(held: HeldTail, order: MergeOrder) {
    this.#match = new SequenceMatch(held);
    this.#order = order;
  }

  /** Whether anything came at all. */
  get hasCome(): boolean {
    return this.#keptBytes > 0;
  }

  /** What came next, cut anywhere; it may be kept. A result ends it. */
  append(data: Uint8Array): Resumption | undefined {
    let at = 0;
    for (let end = data.indexOf(LINE_FEED); end >= 0; end = data.indexOf(LINE_FEED, at)) {
      const line = this.#close(data.subarray(at, end + 1));
      at = end + 1;
      const { time, hash } = fingerprint(line.subarray(0, -1), this.#time, this.#order);
      const found = this.#match.next(time, hash);
      if (found === 'held') {
        return { isLost: false, rest: [data.slice(at)], firstTime: Number.NaN };
      }
      this.#lines.push(line);
      this.#times.push(time);
      if (found === 'passed') {
        return this.#settle(data.slice(at));
      }
    }
    if (at < data.length) {
      this.#open.push(data.slice(at));
      this.#keptBytes += data.length - at;
    }
    return this.#keptBytes > MAX_KEPT_BYTES ? this.settle() : undefined;
  }

  /** No more will come for now: decides with what came. */
  settle(): Resumption {
    const open = this.#open;
    this.#open = [];
    return this.#settle(...open);
  }

  #settle(...behind: readonly Uint8Array[]): Resumption {
    const held = this.#match.settle();
    return {
      isLost: held === 0,
      rest: [...this.#lines.slice(held), ...behind],
      firstTime: this.#times[held] ?? Number.NaN,
    };
  }

  /** A whole line, of which the beginning may have come before. */
  #close(end: Uint8Array): Uint8Array {
    const pieces = [...this.#open, end];
    const line = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      line.set(piece, at);
      at += piece.length;
    }
    this.#open = [];
    this.#keptBytes += end.length;
    return line;
  }
}
