import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { detectLevel } from './detectLevel';
import type { LogMarker } from '../protocol/podLog';
import { formatLineTime, LineTimeReader } from './lineTime';
import type { AllocateBytes } from './allocateBytes';
import { CUT, LogChunk, MARKER, UNTIMED } from './logChunk';
import type { SpilledBytes } from './logSpill';
import type { MergeOrder } from './mergeOrder';

/** Chunks begin small, since most logs are, and double up to this: what is given up at once is no more. */
const MIN_CHUNK_BYTES = 4 * 1024;
const MAX_CHUNK_BYTES = 256 * 1024;
/** Of a longer line the rest is left out, and how much that is is told. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** `2026-01-01T00:00:00.123456789+00:00 ` */
const MAX_TIME_BYTES = 36;
/** Of a line that is still being written; more where it is long. */
const MIN_OPEN_BYTES = 1024;
/** Of lines that are still being written so much stays where memory is short. */
const SHORT_OPEN_BYTES = 64 * 1024;
/** A loop is faster than asking the engine for a copy of fewer. */
const MIN_COPIED_BYTES = 192;
/** The newest lines of a stream stay however old they are: a log that is quiet would go blank. */
const AGELESS_LINES = 5_000;

/** Room in a new chunk's index, over that of the chunk before it. */
const LIKELY_MORE = 1.05;

const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/**
 * Why lines were let go: for their age, for their stream's bytes, for the bytes of all streams together, or, where they are kept on
 * a disk beyond these, for what may be there, or because it failed.
 */
export type LetGoReason = 'age' | 'stream' | 'total' | 'disk';

/** Puts text on the disk; undefined where it takes none now. */
export type SpillText = (text: Uint8Array) => SpilledBytes | undefined;

export interface StreamStoreOptions {
  readonly order: MergeOrder;
  readonly clock: Clock;
  readonly allocate: AllocateBytes;
  /** Before the lines of `chunk`, the oldest, are let go. */
  readonly onLetGo: (chunk: LogChunk) => void;
  /** Where text goes that leaves memory; undefined where it goes nowhere. */
  readonly spill?: () => SpillText | undefined;
  /** Lines were let go beside the order of what is called here: the disk failed. */
  readonly onFailed?: () => void;
}

/** Bounds of one stream. */
export interface StreamBounds {
  readonly keptMs: number;
  readonly keptBytes: number;
}

/** One line as it is held. Times are RFC 3339 in UTC with nanoseconds. */
export interface HeldLine {
  readonly line: number;
  readonly time: string | undefined;
  /** Undefined where they are on the disk alone. */
  readonly bytes: Uint8Array | undefined;
  readonly length: number;
  /** See logChunk.ts. */
  readonly flags: number;
  /** Bytes that are missing at its end. */
  readonly cutBytes: number;
  readonly marker: LogMarker | undefined;
}

/**
 * The lines of one container's log, as bytes in chunks with an index; no line is an object or a string. Lines are numbered
 * from 0 in the order in which they came. They are held as they were written: a carriage return before the line feed and the
 * kubelet's time are taken off, nothing else; up to {@link MAX_LINE_BYTES} of each.
 */
export class StreamStore implements Disposable {
  readonly #options: StreamStoreOptions;
  readonly #time = new LineTimeReader();
  readonly #markers = new Map<number, LogMarker>();
  readonly #cuts = new Map<number, number>();
  readonly #letGo: Record<LetGoReason, number> = { age: 0, stream: 0, total: 0, disk: 0 };
  #chunks: LogChunk[] = [];
  /** The text of so many of the first chunks has left memory. */
  #spilled = 0;
  #spilledBytes = 0;
  #closedBytes = 0;
  /** What came behind the last line feed. */
  #open = new Uint8Array(0);
  #openBytes = 0;
  #droppedBytes = 0;
  #lastKey: number | undefined;

  constructor(options: StreamStoreOptions) {
    this.#options = options;
  }

  /** Lines `first` to `next - 1` are held. */
  get first(): number {
    return this.#chunks[0]?.firstLine ?? 0;
  }

  get next(): number {
    return this.#chunks.at(-1)?.nextLine ?? 0;
  }

  /** How many lines were let go, by why. */
  get letGo(): Readonly<Record<LetGoReason, number>> {
    return this.#letGo;
  }

  /** All the memory that it takes. */
  get heldBytes(): number {
    return this.#closedBytes + (this.#chunks.at(-1)?.heldBytes ?? 0) + this.#open.byteLength;
  }

  get chunks(): readonly LogChunk[] {
    return this.#chunks;
  }

  /** The first line whose text is surely in memory. */
  get firstInMemory(): number {
    return this.#chunks[this.#spilled]?.firstLine ?? 0;
  }

  /** What its text takes on the disk. */
  get spilledBytes(): number {
    return this.#spilledBytes;
  }

  /** Whether `makeRoom` can do anything. */
  get canMakeRoom(): boolean {
    const [first] = this.#chunks;
    return (
      this.#chunks.length > 1 ||
      this.#open.byteLength > SHORT_OPEN_BYTES ||
      (first !== undefined && first.byteLength > MAX_CHUNK_BYTES)
    );
  }

  /** Whether something came that no line feed has closed yet. */
  get hasOpenLine(): boolean {
    return this.#openBytes > 0 || this.#droppedBytes > 0;
  }

  /**
   * What the server sent next, cut anywhere. Lines that it closes are held when this returns; the bytes are the caller's again.
   */
  append(data: Uint8Array): void {
    let at = 0;
    if (this.hasOpenLine) {
      const end = data.indexOf(LINE_FEED);
      this.#keepOpen(end < 0 ? data : data.subarray(0, end));
      if (end < 0) {
        return;
      }
      this.closeLine();
      at = end + 1;
    }
    for (let end = data.indexOf(LINE_FEED, at); end >= 0; end = data.indexOf(LINE_FEED, at)) {
      this.#add(data, at, end, 0);
      at = end + 1;
    }
    if (at < data.length) {
      this.#keepOpen(data.subarray(at));
    }
    const last = this.#chunks.at(-1);
    if (last !== undefined) {
      last.lastAtMs = this.#options.clock.monotonic();
    }
  }

  /** What no line feed has closed is a line after all; nothing where there is none. */
  closeLine(): void {
    if (!this.hasOpenLine) {
      return;
    }
    this.#add(this.#open, 0, this.#openBytes, this.#droppedBytes);
    this.dropOpenLine();
  }

  /** What no line feed has closed comes again. */
  dropOpenLine(): void {
    this.#openBytes = 0;
    this.#droppedBytes = 0;
    if (this.#open.byteLength > MIN_OPEN_BYTES) {
      this.#open = new Uint8Array(0);
    }
  }

  /** Puts a marker behind the last line. */
  mark(marker: LogMarker): void {
    const key = this.#options.order.keyOf(undefined, this.#lastKey);
    this.#lastKey = key;
    const chunk = this.#room(1);
    this.#markers.set(chunk.nextLine, marker);
    const end = chunk.usedBytes + 1;
    writable(chunk)[end - 1] = LINE_FEED;
    chunk.add(end, key, key, MARKER | UNTIMED);
    chunk.lastAtMs = this.#options.clock.monotonic();
  }

  /** The chunk that holds a line, if one does. */
  chunkOf(line: number): LogChunk | undefined {
    const chunks = this.#chunks;
    let low = 0;
    let high = chunks.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const chunk = chunks[middle];
      if (chunk === undefined || line < chunk.firstLine) {
        high = middle - 1;
      } else if (line >= chunk.nextLine) {
        low = middle + 1;
      } else {
        return chunk;
      }
    }
    return undefined;
  }

  /**
   * The first line behind the last marker that lines follow: what is before it is of another run of the container, or has a gap
   * behind it, and does not come again.
   */
  beginOfRun(): number {
    let end = this.next;
    for (const marker of [...this.#markers.keys()].reverse()) {
      if (marker < end - 1) {
        return marker + 1;
      }
      end = marker;
    }
    return this.first < end ? this.first : this.next;
  }

  /** What a line that is held is ordered by. */
  keyOf(line: number): number {
    const chunk = this.chunkOf(line);
    return chunk?.keys[line - chunk.firstLine] ?? Number.NaN;
  }

  line(line: number): HeldLine | undefined {
    const chunk = this.chunkOf(line);
    if (chunk === undefined) {
      return undefined;
    }
    const index = line - chunk.firstLine;
    const flags = chunk.flags[index] ?? 0;
    return {
      line,
      time: (flags & UNTIMED) === 0 ? this.timeOf(line) : undefined,
      bytes: chunk.line(index),
      length: chunk.lengthOf(index),
      flags,
      cutBytes: this.#cuts.get(line) ?? 0,
      marker: this.#markers.get(line),
    };
  }

  /** When a line that is held was written; of one without a time, its key. */
  timeOf(line: number): string {
    const chunk = this.chunkOf(line);
    const index = line - (chunk?.firstLine ?? 0);
    const nanoseconds = chunk?.times?.[index] ?? chunk?.keys[index] ?? 0;
    const { seconds, nanos } = this.#options.order.secondsOf(nanoseconds);
    return formatLineTime(seconds, nanos);
  }

  /** Lets go of what is beyond the bounds of the stream, or puts it on the disk. */
  keepWithin({ keptMs, keptBytes }: StreamBounds): void {
    while (this.heldBytes > keptBytes && this.#chunks.length > 1) {
      this.#giveWay('stream');
    }
    const oldestMs = this.#options.clock.monotonic() - keptMs;
    for (;;) {
      const first = this.#chunks[this.#spilled];
      const second = this.#chunks[this.#spilled + 1];
      if (
        first === undefined ||
        second === undefined ||
        first.lastAtMs >= oldestMs ||
        (this.#options.spill?.() !== undefined && !this.#hasTextToSpill) ||
        this.next - second.firstLine < AGELESS_LINES
      ) {
        return;
      }
      this.#giveWay('age');
    }
  }

  /** Puts its text on the disk, or lets lines go: makes some room in memory, for the bytes of all streams; false where there is nothing that can go. */
  makeRoom(): boolean {
    if (this.#chunks.length > 1) {
      this.#giveWay('total');
      return true;
    }
    if (!this.canMakeRoom) {
      return false;
    }
    if (this.#open.byteLength > SHORT_OPEN_BYTES) {
      const kept = Math.min(this.#openBytes, SHORT_OPEN_BYTES);
      this.#droppedBytes += this.#openBytes - kept;
      this.#openBytes = kept;
      this.#open = this.#open.slice(0, SHORT_OPEN_BYTES);
      return true;
    }
    // A chunk as large as one long line: there has to be another one before it can go.
    this.#startChunk(MIN_CHUNK_BYTES, 0);
    this.#giveWay('total');
    return true;
  }

  /** Lets go of its oldest chunk; false where it has only the one that is written to. */
  giveUpFirst(reason: LetGoReason): boolean {
    const [first] = this.#chunks;
    if (first === undefined || this.#chunks.length === 1) {
      return false;
    }
    this.#options.onLetGo(first);
    this.#chunks.shift();
    this.#spilled = Math.max(0, this.#spilled - 1);
    this.#closedBytes -= first.heldBytes;
    this.#letGo[reason] += first.count;
    this.#spilledBytes -= first.spilled?.size ?? 0;
    first.spilled?.dispose();
    forgetBefore(this.#markers, first.nextLine);
    forgetBefore(this.#cuts, first.nextLine);
    return true;
  }

  /** The text of a chunk cannot be read any more: it goes, and with it what is older, so that no line is missing in between. */
  giveUpThrough(chunk: LogChunk): void {
    const { firstLine } = chunk;
    while (this.chunkOf(firstLine) === chunk && this.giveUpFirst('disk')) {
      // The next one.
    }
    this.#options.onFailed?.();
  }

  /** There are at least two chunks. Where nothing can leave for the disk lines go, for good. */
  #giveWay(reason: LetGoReason): void {
    const spill = this.#options.spill?.();
    if (spill === undefined) {
      this.giveUpFirst(reason);
    } else if (!this.#hasTextToSpill) {
      // Their index alone is what is left.
      this.giveUpFirst(reason);
    } else if (!this.#leave(spill)) {
      this.giveUpFirst('disk');
    }
  }

  /** The last two chunks stay: a log is taken up again by lines that are in memory. */
  get #hasTextToSpill(): boolean {
    return this.#spilled < this.#chunks.length - 2;
  }

  /** Whether the oldest text in memory is on its way to the disk. */
  #leave(spill: SpillText): boolean {
    const chunk = this.#chunks[this.#spilled];
    // Room for it is made by letting go of what is there, perhaps of this stream.
    const spilled = chunk?.bytes && spill(chunk.bytes.subarray(0, chunk.usedBytes));
    if (chunk === undefined || spilled === undefined) {
      return false;
    }
    this.#closedBytes -= chunk.heldBytes;
    chunk.leave(spilled).catch(() => this.giveUpThrough(chunk));
    this.#closedBytes += chunk.heldBytes;
    this.#spilled += 1;
    this.#spilledBytes += spilled.size;
    return true;
  }

  /** Nothing of it is on the disk any more. */
  dispose(): void {
    for (const { spilled } of this.#chunks) {
      spilled?.dispose();
    }
  }

  #add(data: Uint8Array, start: number, lineEnd: number, droppedBytes: number): void {
    let end = lineEnd;
    let missing = droppedBytes;
    if (missing === 0 && end > start && data[end - 1] === RETURN) {
      end -= 1;
    }
    const { order } = this.#options;
    const isTimed = this.#time.read(data, start, end);
    const from = isTimed ? this.#time.textStart : start;
    if (end - from > MAX_LINE_BYTES) {
      missing += end - from - MAX_LINE_BYTES;
      end = from + MAX_LINE_BYTES;
    }
    const time = isTimed ? order.nanosecondsOf(this.#time.seconds, this.#time.nanos) : undefined;
    const key = order.keyOf(time, this.#lastKey);
    this.#lastKey = key;
    const flags = detectLevel(data, from, end) | (isTimed ? 0 : UNTIMED) | (missing > 0 ? CUT : 0);
    const length = end - from;
    const chunk = this.#room(length + 1);
    const target = writable(chunk);
    const at = chunk.usedBytes;
    if (length < MIN_COPIED_BYTES) {
      for (let index = 0; index < length; index += 1) {
        target[at + index] = data[from + index] ?? 0;
      }
    } else {
      target.set(data.subarray(from, end), at);
    }
    target[at + length] = LINE_FEED;
    if (missing > 0) {
      this.#cuts.set(chunk.nextLine, missing);
    }
    chunk.add(at + length + 1, key, time ?? key, flags);
  }

  /** A chunk with room for a line of so many bytes. */
  #room(lineBytes: number): LogChunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.freeBytes >= lineBytes) {
      return last;
    }
    const grown = last === undefined ? MIN_CHUNK_BYTES : Math.min(MAX_CHUNK_BYTES, last.byteLength * 2);
    // Lines are mostly as long as those before them.
    const lines = last === undefined ? 0 : Math.ceil((last.count / last.byteLength) * grown * LIKELY_MORE);
    return this.#startChunk(Math.max(grown, lineBytes), lines);
  }

  #startChunk(byteLength: number, lines: number): LogChunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined) {
      last.lastAtMs = this.#options.clock.monotonic();
      last.close();
      this.#closedBytes += last.heldBytes;
    }
    const chunk = new LogChunk(last?.nextLine ?? 0, byteLength, this.#options.allocate, lines);
    this.#chunks.push(chunk);
    return chunk;
  }

  #keepOpen(data: Uint8Array): void {
    const most = MAX_LINE_BYTES + MAX_TIME_BYTES;
    // Behind what is missing nothing can follow.
    const kept = data.subarray(0, this.#droppedBytes > 0 ? 0 : Math.max(0, most - this.#openBytes));
    const length = this.#openBytes + kept.length;
    if (length > this.#open.length) {
      const wider = new Uint8Array(Math.min(most, Math.max(MIN_OPEN_BYTES, length, this.#open.length * 2)));
      wider.set(this.#open.subarray(0, this.#openBytes));
      this.#open = wider;
    }
    this.#open.set(kept, this.#openBytes);
    this.#openBytes = length;
    this.#droppedBytes += data.length - kept.length;
  }
}

/** Of the last chunk. */
function writable({ bytes }: LogChunk): Uint8Array {
  if (bytes === undefined) {
    throw new RangeError('a chunk that is written to is in memory');
  }
  return bytes;
}

/** Keys are in order. */
function forgetBefore(lines: Map<number, unknown>, next: number): void {
  for (const line of lines.keys()) {
    if (line >= next) {
      return;
    }
    lines.delete(line);
  }
}
