import type { AllocateBytes } from './allocateBytes';
import type { SpilledBytes } from './logSpill';

/** What is kept of a line in one byte: the level in the three lowest bits, and these. */
export const LEVEL_BITS = 0b111;
/** It came without a time; its key is that of the line before it. */
export const UNTIMED = 0b1000;
/** It is no line but a marker. */
export const MARKER = 0b1_0000;
/** Its end is missing: it was longer than a line may be. */
export const CUT = 0b10_0000;

/** Beside its bytes a line costs its end, its key and its flags. */
const INDEX_BYTES = 4 + 8 + 1;
const MIN_LINES = 32;
/** A closed chunk's index gives back what it does not need where that is more than this share. */
const MAX_SPARE = 0.06;

/**
 * Successive lines of one stream: their bytes one after the other, each with a line feed, and an index in typed arrays. Lines
 * are numbered within the chunk from 0. It only grows, and is given up as a whole. Its text may be put on a disk; the index stays.
 */
export class LogChunk {
  /** Number of its first line in the stream. */
  readonly firstLine: number;
  /** Of the text that it has room for. */
  readonly byteLength: number;
  /** Undefined where they are on the disk alone. */
  bytes: Uint8Array | undefined;
  /** Lines so far. */
  count = 0;
  /** Offset behind each line's line feed. */
  ends: Uint32Array;
  /** What lines are ordered by: nanoseconds since the epoch of the view, never falling within a stream. */
  keys: Float64Array;
  flags: Uint8Array;
  /** The time of each line as it came, where one of them has another one than its key. */
  times: Float64Array | undefined;
  /** Monotonic: when its last line came. */
  lastAtMs = 0;
  readonly #allocate: AllocateBytes;
  #spilled: SpilledBytes | undefined;

  /** `lines`: as many as there will be, as far as that is known. */
  constructor(firstLine: number, byteLength: number, allocate: AllocateBytes, lines = 0) {
    this.firstLine = firstLine;
    this.#allocate = allocate;
    this.bytes = new Uint8Array(allocate(byteLength));
    this.byteLength = byteLength;
    const room = Math.max(MIN_LINES, lines);
    this.ends = new Uint32Array(allocate(room * 4));
    this.keys = new Float64Array(room);
    this.flags = new Uint8Array(room);
  }

  /** Where the next line's bytes go. */
  get usedBytes(): number {
    return this.count === 0 ? 0 : (this.ends[this.count - 1] ?? 0);
  }

  get freeBytes(): number {
    return this.byteLength - this.usedBytes;
  }

  /** Undefined where they are in memory alone. */
  get spilled(): SpilledBytes | undefined {
    return this.#spilled;
  }

  /** All the memory that it takes; bytes on their way to the disk are counted there. */
  get heldBytes(): number {
    return (
      (this.#spilled === undefined ? this.byteLength : 0) +
      this.ends.length * INDEX_BYTES +
      (this.times === undefined ? 0 : this.times.byteLength)
    );
  }

  get nextLine(): number {
    return this.firstLine + this.count;
  }

  start(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] ?? 0);
  }

  /** How long a line is, without its line feed. */
  lengthOf(index: number): number {
    return (this.ends[index] ?? 1) - 1 - this.start(index);
  }

  /** A line's bytes without its line feed; they stay the chunk's. Undefined where they are on the disk alone. */
  line(index: number): Uint8Array | undefined {
    return this.bytes?.subarray(this.start(index), (this.ends[index] ?? 1) - 1);
  }

  /** Bytes `from` to `to - 1` of its text, from the disk where they have to be. Rejects where they cannot be read. */
  async read(from: number, to: number): Promise<Uint8Array> {
    const bytes = this.bytes?.subarray(from, to) ?? (await this.#spilled?.read(from, to, this.#allocate));
    if (bytes?.length !== to - from) {
      throw new RangeError('the text of these lines is not there');
    }
    return bytes;
  }

  /** Its text is on its way to the disk: no line will come any more. Resolves when it is there; rejects where it is nowhere. */
  async leave(spilled: SpilledBytes): Promise<void> {
    this.#spilled = spilled;
    await spilled.written;
    this.bytes = undefined;
  }

  /** The line's bytes stand at `usedBytes` already, up to and with the line feed before `end`. */
  add(end: number, key: number, time: number, flags: number): void {
    const index = this.count;
    if (index === this.ends.length) {
      this.#grow(index * 2);
    }
    this.ends[index] = end;
    this.keys[index] = key;
    this.flags[index] = flags;
    if (time !== key && this.times === undefined) {
      this.times = this.keys.slice();
    }
    if (this.times !== undefined) {
      this.times[index] = time;
    }
    this.count = index + 1;
  }

  /** No line will come any more. */
  close(): void {
    if ((this.ends.length - this.count) / this.ends.length > MAX_SPARE) {
      this.#grow(this.count);
    }
  }

  #grow(lines: number): void {
    const { ends, keys, flags, times, count } = this;
    this.ends = new Uint32Array(this.#allocate(lines * 4));
    this.ends.set(ends.subarray(0, count));
    this.keys = resized(new Float64Array(lines), keys, count);
    this.flags = resized(new Uint8Array(lines), flags, count);
    this.times = times === undefined ? undefined : resized(new Float64Array(lines), times, count);
  }
}

function resized<T extends Float64Array | Uint8Array>(into: T, from: T, count: number): T {
  into.set(from.subarray(0, count));
  return into;
}
