import { yieldToEventLoop, type Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Problem } from '../protocol/problem';
import type { ChunkScanner } from './chunkScanner';
import { LEVEL_BITS, MARKER, type LogChunk } from './logChunk';
import type { LogQuery } from './logQuery';
import { RowList, type KeyOf } from './rowList';
import { scanProblem } from './scanProblem';
import type { StreamStore } from './streamStore';

/** Scans under way: so many that the scanner never waits, and so few that lines which come now are soon looked at. */
const MAX_SCANS = 8;
/** Longest stretch of work between two returns to the event loop, where no scanner is asked. */
const SLICE_MS = 10;

/** A stream as a query sees it. */
export interface QueriedStream {
  readonly index: number;
  readonly pod: string;
  readonly container: string;
  readonly store: StreamStore;
}

export interface QueryRowsOptions {
  readonly query: LogQuery;
  readonly scanner: ChunkScanner;
  readonly clock: Clock;
  readonly keyOf: KeyOf;
  /** There are more rows, or it has come to its end. */
  readonly onChanged: () => void;
}

/** Lines `from` to `to - 1` of a chunk, by their numbers within it. */
interface Range {
  readonly stream: QueriedStream;
  readonly chunk: LogChunk;
  readonly from: number;
  to: number;
}

/**
 * The lines of some streams that a query asks for. Each line is looked at once: those that are there from the newest on, so that
 * what somebody looks at comes first, and those that come as they come.
 */
export class QueryRows implements Disposable {
  readonly rows: RowList;
  readonly #options: QueryRowsOptions;
  readonly #isWanted = new Map<number, boolean>();
  /** What is looked at next comes last. */
  readonly #waiting: Range[] = [];
  #scans = 0;
  #isWorking = false;
  #isDisposed = false;
  #problem: Problem | undefined;
  /** Lines that are still to be looked at. */
  #unseen = 0;
  /** Other rows have moved. */
  revision = 0;

  constructor(options: QueryRowsOptions, streams: readonly QueriedStream[]) {
    this.#options = options;
    this.rows = new RowList(options.keyOf);
    const ranges = streams.flatMap((stream) =>
      this.#wants(stream)
        ? stream.store.chunks.map((chunk): Range => ({ stream, chunk, from: 0, to: chunk.count }))
        : [],
    );
    ranges.sort((a, b) => (a.chunk.keys[a.to - 1] ?? 0) - (b.chunk.keys[b.to - 1] ?? 0));
    for (const range of ranges) {
      this.#unseen += range.to;
      this.#waiting.push(range);
    }
    this.#work();
  }

  /** Lines of those that are held that were not looked at yet. */
  get unseen(): number {
    return this.#unseen;
  }

  /** Why it goes no further. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** The lines of a stream from `line` on, up to its last, are new. */
  grown(stream: QueriedStream, line: number): void {
    if (!this.#wants(stream)) {
      return;
    }
    const { store } = stream;
    for (let next = line; next < store.next;) {
      const chunk = store.chunkOf(next);
      if (chunk === undefined) {
        return;
      }
      const from = next - chunk.firstLine;
      const last = this.#waiting.at(-1);
      if (last?.chunk === chunk && last.to === from) {
        last.to = chunk.count;
      } else {
        this.#waiting.push({ stream, chunk, from, to: chunk.count });
      }
      this.#unseen += chunk.count - from;
      next = chunk.nextLine;
    }
    this.#work();
  }

  /** The oldest chunk of a stream is about to be let go. */
  letGo(stream: QueriedStream, chunk: LogChunk): void {
    if (this.#wants(stream)) {
      this.#forget(chunk);
      const before = this.rows.size;
      this.rows.dropBefore(stream.index, chunk.firstLine, chunk.nextLine);
      this.revision += before === this.rows.size ? 0 : 1;
    }
  }

  /** What nobody holds any more is not kept for being looked at. */
  #forget(chunk: LogChunk): void {
    for (let index = this.#waiting.length - 1; index >= 0; index -= 1) {
      const range = this.#waiting[index];
      if (range?.chunk === chunk) {
        this.#waiting.splice(index, 1);
        this.#unseen -= range.to - range.from;
      }
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#waiting.length = 0;
  }

  #wants({ index, pod, container }: QueriedStream): boolean {
    const { pods, containers } = this.#options.query;
    const known = this.#isWanted.get(index);
    if (known !== undefined) {
      return known;
    }
    const isWanted = (pods?.has(pod) ?? true) && (containers?.has(container) ?? true);
    this.#isWanted.set(index, isWanted);
    return isWanted;
  }

  #work(): void {
    const { patterns } = this.#options.query;
    if (patterns === undefined) {
      if (!this.#isWorking) {
        void this.#goThrough();
      }
      return;
    }
    while (this.#scans < MAX_SCANS && this.#problem === undefined) {
      const range = this.#waiting.pop();
      if (range === undefined) {
        return;
      }
      this.#scans += 1;
      void this.#scan(range);
    }
  }

  /** Never rejects. */
  async #scan({ stream, chunk, from, to }: Range): Promise<void> {
    const { query, scanner } = this.#options;
    const { patterns } = query;
    try {
      if (patterns !== undefined) {
        const bytes = chunk.bytes ?? (await textOf(stream, chunk));
        if (bytes === undefined) {
          this.#unseen -= to - from;
        } else {
          const matches = await scanner.scan(patterns, { bytes, ends: chunk.ends, from, to });
          this.#take(stream, chunk, from, to, matches);
        }
      }
    } catch (error) {
      this.#problem = scanProblem(error);
      this.#waiting.length = 0;
    } finally {
      this.#scans -= 1;
    }
    if (!this.#isDisposed) {
      this.#options.onChanged();
      this.#work();
    }
  }

  /** Without a text there is little to do with each line. Never rejects. */
  async #goThrough(): Promise<void> {
    const { clock, onChanged } = this.#options;
    this.#isWorking = true;
    let startMs = clock.monotonic();
    for (let range = this.#waiting.pop(); range !== undefined; range = this.#waiting.pop()) {
      this.#take(range.stream, range.chunk, range.from, range.to, undefined);
      if (clock.monotonic() - startMs > SLICE_MS) {
        onChanged();
        await yieldToEventLoop(clock);
        startMs = clock.monotonic();
      }
    }
    this.#isWorking = false;
    if (!this.#isDisposed) {
      onChanged();
    }
  }

  /** Of the lines `from` to `to - 1` of a chunk those in `matches` have the text that is wanted, or all of them. */
  #take(
    stream: QueriedStream,
    chunk: LogChunk,
    from: number,
    to: number,
    matches: Uint32Array | undefined,
  ): void {
    this.#unseen -= to - from;
    if (this.#isDisposed || chunk.firstLine < stream.store.first) {
      return;
    }
    const { level, keepsMarkers } = this.#options.query;
    const { flags, firstLine } = chunk;
    let runStart = from;
    let runEnd = from;
    let next = 0;
    for (let line = from; line < to; line += 1) {
      const lineFlags = flags[line] ?? 0;
      const isMatch = matches === undefined || matches[next] === line;
      next += isMatch ? 1 : 0;
      const isWanted =
        (lineFlags & MARKER) === 0 ? isMatch && (lineFlags & LEVEL_BITS) >= level : keepsMarkers;
      if (!isWanted) {
        continue;
      }
      if (line !== runEnd) {
        this.#add(stream.index, firstLine + runStart, runEnd - runStart);
        runStart = line;
      }
      runEnd = line + 1;
    }
    this.#add(stream.index, firstLine + runStart, runEnd - runStart);
  }

  #add(stream: number, line: number, count: number): void {
    if (count > 0 && !this.rows.add(stream, line, count)) {
      this.revision += 1;
    }
  }
}

/** From the disk; undefined where it cannot be read, and its lines are gone. */
async function textOf({ store }: QueriedStream, chunk: LogChunk): Promise<Uint8Array | undefined> {
  try {
    return await chunk.read(0, chunk.usedBytes);
  } catch {
    store.giveUpThrough(chunk);
    return undefined;
  }
}
