import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import type { LetGo, LogMarker, LogRow } from '../protocol/podLog';
import type {
  LogFilter,
  LogFound,
  LogMarks,
  LogPatternParams,
  LogPlace,
  LogScan,
  LogStreamName,
  LogWindow,
} from '../protocol/logView';
import { ProblemError } from '../protocol/problem';
import type { ChunkScanner } from './chunkScanner';
import { scanProblem } from './scanProblem';
import { TERMINAL_SEQUENCE } from '../base/terminalText';
import { lineContent, linePiece, READ_BYTES } from './lineContent';
import { heldTail, lastTime } from './lineFingerprint';
import { formatLineTime, LineTimeReader } from './lineTime';
import type { LogBudget } from './logBudget';
import type { LogChunk } from './logChunk';
import { isOpen, logQuery } from './logQuery';
import { MergeOrder } from './mergeOrder';
import { QueryRows, type QueriedStream } from './queryRows';
import { ResumedLog } from './resumedLog';
import { RecalledLines } from './recalledLines';
import { RowList, type RowRef } from './rowList';
import { StreamStore, type StreamBounds } from './streamStore';

/**
 * Filters and searches that are kept up to date at once; the one that was asked for longest ago gives way. A panel that is split
 * has three filters, what is searched in all of them and the search itself, and one more while somebody changes one of these.
 */
const MAX_QUERIES = 6;
/** Lines that come faster are taken up together: as often as a screen is drawn. */
const TAKE_UP_MS = 16;
/** While lines are let go, others may have to be read from the disk than those that were lacking. */
const MAX_RECALLS = 5;
/** What one answer holds at most, in bytes of text: some milliseconds of decoding. */
const MAX_WINDOW_BYTES = 4 * 1024 * 1024;

export interface LogViewOptions {
  readonly clock: Clock;
  readonly scanner: ChunkScanner;
  readonly budget: LogBudget;
  readonly bounds: () => StreamBounds;
  /** Whether lines may leave for the disk, if there is one. */
  readonly maySpill?: boolean;
  readonly onListenerError: (error: unknown) => void;
}

export type StreamIdentity = Omit<LogStreamName, 'stream'>;

/** Where the lines of one stream of a view are put. */
export interface ViewStream extends QueriedStream {
  readonly namespace: string;
  /** See {@link StreamStore}; the view takes the lines up. */
  append(data: Uint8Array): void;
  closeLine(): void;
  dropOpenLine(): void;
  mark(marker: LogMarker): void;
  /** How to take its log up again behind what is held; undefined while nothing is. */
  resume(): StreamResume | undefined;
  /** What stands behind the last line, if anything does. */
  lastMarker(): LogMarker | undefined;
  /** RFC 3339, of the last line that has a time. */
  lastTime(): string | undefined;
  /** A time as a resumed log tells it, in RFC 3339. */
  timeText(nanoseconds: number): string | undefined;
}

export interface StreamResume {
  /** From when on it is to be asked for; undefined where no line has a time, and the last `lines` are. */
  readonly sinceTime: string | undefined;
  readonly lines: number;
  readonly log: ResumedLog;
}

/**
 * The lines of several streams, merged by the time at which they were written: held within bounds, read by windows, filtered
 * and searched. A line that comes late is put where it belongs.
 */
export class LogView implements Disposable {
  readonly #options: LogViewOptions;
  readonly #owned = new DisposableStore();
  readonly #order = new MergeOrder();
  readonly #streams: ViewStream[] = [];
  readonly #rows: RowList;
  /** By what was asked for; the last that was is the last. */
  readonly #queries = new Map<string, QueryRows>();
  readonly #changed: Emitter<void>;
  /** Streams with lines that have no place yet, and up to which line each has. */
  readonly #behind = new Set<ViewStream>();
  readonly #placed: number[] = [];
  /** The pattern that was marked last: the same object for as long as it is. */
  #marked: LogPatternParams | undefined;
  #revision = 0;
  #heldLines = 0;
  #takingUp: Disposable | undefined;
  #takenUpMs = Number.NEGATIVE_INFINITY;

  constructor(options: LogViewOptions) {
    this.#options = options;
    this.#rows = new RowList(this.#keyOf);
    this.#changed = this.#owned.add(new Emitter<void>(options.onListenerError));
  }

  /** There are other lines, or a filter or a search knows more. Told each time: whoever tells others paces it. */
  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  get streams(): readonly ViewStream[] {
    return this.#streams;
  }

  get letGo(): LetGo {
    const sum = { age: 0, stream: 0, total: 0 };
    let disk = 0;
    for (const { store } of this.#streams) {
      sum.age += store.letGo.age;
      sum.stream += store.letGo.stream;
      sum.total += store.letGo.total;
      disk += store.letGo.disk;
    }
    return disk === 0 ? sum : { ...sum, disk };
  }

  get heldBytes(): number {
    return this.#streams.reduce((sum, { store }) => sum + store.heldBytes, 0);
  }

  /** What their texts take on the disk. */
  get spilledBytes(): number {
    return this.#streams.reduce((sum, { store }) => sum + store.spilledBytes, 0);
  }

  /** How many lines are held. */
  get size(): number {
    this.#takeUp();
    return this.#rows.size;
  }

  addStream(identity: StreamIdentity): ViewStream {
    const { clock, scanner, budget, maySpill = true } = this.#options;
    const store: StreamStore = new StreamStore({
      order: this.#order,
      clock,
      allocate: scanner.allocate,
      onLetGo: (chunk) => this.#onLetGo(stream, chunk),
      spill: () => (maySpill ? budget.spillText : undefined),
      onFailed: () => this.#changed.fire(),
    });
    this.#owned.add(store);
    const stream: ViewStream = {
      ...identity,
      index: this.#streams.length,
      store,
      append: (data) => {
        store.append(data);
        this.#grown(stream);
      },
      closeLine: () => {
        store.closeLine();
        this.#grown(stream);
      },
      dropOpenLine: () => store.dropOpenLine(),
      mark: (marker) => {
        store.mark(marker);
        this.#grown(stream);
      },
      resume: () => this.#resume(store),
      lastMarker: () => store.line(store.next - 1)?.marker,
      lastTime: () => lastTime(store),
      timeText: (nanoseconds) => this.#timeText(nanoseconds),
    };
    this.#streams.push(stream);
    this.#owned.add(budget.add(store));
    return stream;
  }

  /** Lets go of what has become too old. To be called now and then. */
  expire(): void {
    this.#takeUp();
    const before = this.#heldLines;
    const bounds = this.#options.bounds();
    for (const { store } of this.#streams) {
      store.keepWithin(bounds);
    }
    if (this.#heldLines !== before) {
      this.#changed.fire();
    }
  }

  /** As `read`, with texts that are on the disk alone. Rejects as that throws. */
  async readAll(place: LogPlace, count: number, filter?: LogFilter): Promise<LogWindow> {
    const recalled = new RecalledLines();
    let window = this.read(place, count, filter, recalled);
    for (let recalls = 0; recalled.isLacking && recalls < MAX_RECALLS; recalls += 1) {
      await recalled.recall();
      window = this.read(place, count, filter, recalled);
    }
    return window;
  }

  /**
   * Rows from a place on, fewer where their texts are very long, or on the disk and not `recalled`. Throws a `ProblemError` for a
   * filter that cannot be understood.
   */
  read(place: LogPlace, count: number, filter: LogFilter = {}, recalled?: RecalledLines): LogWindow {
    this.#takeUp();
    const query = isOpen(filter) ? undefined : this.#query(filter);
    const list = query?.rows ?? this.#rows;
    const position = this.#positionOf(list, place, count);
    const rows: LogRow[] = [];
    let bytes = 0;
    let isLacking = false;
    for (const ref of list.slice(position, count)) {
      const store = this.#streams[ref.stream]?.store;
      const held = store?.line(ref.line);
      if (store === undefined || held === undefined) {
        continue;
      }
      const text = held.bytes ?? recalled?.text(store, ref);
      isLacking ||= text === undefined;
      if (isLacking || text === undefined) {
        continue;
      }
      const row = { ...ref, ...lineContent(held, text) };
      rows.push(row);
      bytes += row.text.length;
      if (bytes > MAX_WINDOW_BYTES) {
        break;
      }
    }
    const streams = [...new Set(rows.map(({ stream }) => stream))];
    return {
      rows,
      streams: streams.flatMap((index) => this.#nameOf(index)),
      position,
      total: list.size,
      revision: this.#revision + (query?.revision ?? 0),
      letGo: this.letGo,
      ...(query === undefined ? {} : { scan: this.#scanOf(query) }),
    };
  }

  /** Some of the text of a line that is held. Rejects with a `ProblemError` where it is not. */
  async readLine({ stream, line }: RowRef, from: number, limit: number) {
    const store = this.#streams[stream]?.store;
    const held = store?.line(line);
    const chunk = store?.chunkOf(line);
    if (store === undefined || held === undefined || chunk === undefined) {
      throw notHeld();
    }
    const start = chunk.start(line - chunk.firstLine);
    const end = start + Math.min(held.length, from + limit + READ_BYTES);
    const rest = await chunk.read(Math.min(start + from, end), end).catch(() => {
      store.giveUpThrough(chunk);
      throw notHeld();
    });
    const { text, next } = linePiece(rest, from, limit);
    return {
      text,
      bytes: held.length,
      cutBytes: held.cutBytes,
      ...(next === undefined ? {} : { next }),
    };
  }

  /** Where a pattern is found in rows; nowhere in those that are not held. Throws a `ProblemError` for what cannot be understood. */
  async marks(find: LogPatternParams, rows: readonly RowRef[]): Promise<LogMarks> {
    logQuery({}, find);
    if (JSON.stringify(find) !== JSON.stringify(this.#marked)) {
      this.#marked = find;
    }
    const pattern = this.#marked ?? find;
    const recalled = new RecalledLines();
    let texts = rows.map((row) => this.#plainText(row, recalled));
    if (recalled.isLacking) {
      await recalled.recall();
      texts = rows.map((row) => this.#plainText(row, recalled));
    }
    try {
      return { marks: await this.#options.scanner.marks(pattern, texts) };
    } catch (error) {
      return { marks: [], problem: scanProblem(error) };
    }
  }

  /** The match before or after a row. Throws a `ProblemError` for what cannot be understood. */
  find(
    find: LogPatternParams,
    filter: LogFilter = {},
    from?: RowRef,
    direction: 'next' | 'previous' = 'next',
  ): LogFound {
    this.#takeUp();
    const matches = this.#query(filter, find);
    const list = isOpen(filter) ? this.#rows : this.#query(filter).rows;
    const { size } = matches.rows;
    let index = direction === 'next' ? 0 : size - 1;
    if (from !== undefined) {
      const key = this.#keyOf(from.stream, from.line);
      const before = matches.rows.positionOf(Number.isNaN(key) ? 0 : key, from.stream, from.line);
      const here = matches.rows.at(before);
      const isHere = here?.stream === from.stream && here.line === from.line;
      index = direction === 'previous' ? before - 1 : before + (isHere ? 1 : 0);
    }
    const row = matches.rows.at(index);
    return {
      count: size,
      ...(row === undefined
        ? {}
        : {
            match: {
              index,
              ...row,
              position: list.positionOf(this.#keyOf(row.stream, row.line), row.stream, row.line),
            },
          }),
      scan: this.#scanOf(matches),
    };
  }

  dispose(): void {
    this.#behind.clear();
    this.#takingUp?.dispose();
    for (const query of this.#queries.values()) {
      query.dispose();
    }
    this.#queries.clear();
    this.#owned.dispose();
  }

  /** What a row shows, without what is meant for a terminal; nothing where it is not held. */
  #plainText(row: RowRef, recalled: RecalledLines): string {
    const store = this.#streams[row.stream]?.store;
    const held = store?.line(row.line);
    const bytes = held?.bytes ?? (store && recalled.text(store, row));
    return held === undefined || bytes === undefined
      ? ''
      : lineContent(held, bytes).text.replaceAll(TERMINAL_SEQUENCE, '');
  }

  readonly #keyOf = (stream: number, line: number): number =>
    this.#streams[stream]?.store.keyOf(line) ?? Number.NaN;

  /** Lines came: they are taken up at once, or where others came a moment ago together with those that still come. */
  #grown(stream: ViewStream): void {
    this.#behind.add(stream);
    const { clock } = this.#options;
    const nowMs = clock.monotonic();
    if (nowMs - this.#takenUpMs >= TAKE_UP_MS) {
      this.#takenUpMs = nowMs;
      this.#takeUp();
    } else {
      this.#takingUp ??= clock.schedule(TAKE_UP_MS, () => this.#takeUp());
    }
  }

  /** Every line that is held gets its place, and what is beyond the bounds is let go. */
  #takeUp(): void {
    this.#takingUp?.dispose();
    this.#takingUp = undefined;
    if (this.#behind.size === 0) {
      return;
    }
    this.#takenUpMs = this.#options.clock.monotonic();
    let count = 0;
    const bounds = this.#options.bounds();
    for (const stream of this.#behind) {
      count += this.#place(stream);
      stream.store.keepWithin(bounds);
    }
    this.#behind.clear();
    this.#options.budget.keep();
    if (count > 0) {
      this.#changed.fire();
    }
  }

  /** Returns how many lines of the stream are new. */
  #place(stream: ViewStream): number {
    const { store, index } = stream;
    const before = this.#placed[index] ?? 0;
    const count = store.next - before;
    if (count > 0) {
      this.#placed[index] = store.next;
      this.#heldLines += count;
      this.#revision += this.#rows.add(index, before, count) ? 0 : 1;
      for (const query of this.#queries.values()) {
        query.grown(stream, before);
      }
    }
    return count;
  }

  #onLetGo(stream: ViewStream, chunk: LogChunk): void {
    this.#place(stream);
    this.#heldLines -= chunk.count;
    this.#revision += 1;
    this.#rows.dropBefore(stream.index, chunk.firstLine, chunk.nextLine);
    for (const query of this.#queries.values()) {
      query.letGo(stream, chunk);
    }
  }

  #query(filter: LogFilter, find?: LogPatternParams): QueryRows {
    const name = JSON.stringify([filter, find]);
    const known = this.#queries.get(name);
    this.#queries.delete(name);
    const { scanner, clock } = this.#options;
    const query =
      known ??
      new QueryRows(
        {
          query: logQuery(filter, find),
          scanner,
          clock,
          keyOf: this.#keyOf,
          onChanged: () => this.#changed.fire(),
        },
        this.#streams,
      );
    this.#queries.set(name, query);
    for (const [oldest, rows] of this.#queries) {
      if (this.#queries.size <= MAX_QUERIES) {
        break;
      }
      rows.dispose();
      this.#queries.delete(oldest);
    }
    return query;
  }

  #scanOf({ unseen, problem }: QueryRows): LogScan {
    return {
      lines: Math.max(0, this.#heldLines - unseen),
      of: this.#heldLines,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  #positionOf(list: RowList, place: LogPlace, count: number): number {
    switch (place.type) {
      case 'position':
        return Math.min(place.position, list.size);
      case 'end':
        return Math.max(0, list.size - count);
      case 'time': {
        const bytes = new TextEncoder().encode(place.time);
        const time = new LineTimeReader();
        const isTime = time.read(bytes, 0, bytes.length);
        return isTime ? list.positionOf(this.#order.nanosecondsOf(time.seconds, time.nanos)) : 0;
      }
      case 'row': {
        const { stream, line, offset = 0 } = place;
        const first = this.#streams[stream]?.store.first ?? 0;
        const key = this.#keyOf(stream, Math.max(line, first));
        const position = Number.isNaN(key) ? 0 : list.positionOf(key, stream, line);
        return Math.min(list.size, Math.max(0, position + offset));
      }
      default:
        return place satisfies never;
    }
  }

  #resume(store: StreamStore): StreamResume | undefined {
    const held = heldTail(store, this.#order);
    return held === undefined
      ? undefined
      : { sinceTime: held.sinceTime, lines: held.times.length, log: new ResumedLog(held, this.#order) };
  }

  #timeText(nanoseconds: number): string | undefined {
    if (Number.isNaN(nanoseconds)) {
      return undefined;
    }
    const { seconds, nanos } = this.#order.secondsOf(nanoseconds);
    return formatLineTime(seconds, nanos);
  }

  #nameOf(index: number): LogStreamName[] {
    const stream = this.#streams[index];
    if (stream === undefined) {
      return [];
    }
    const { namespace, pod, container } = stream;
    return [{ stream: index, namespace, pod, container }];
  }
}

function notHeld(): ProblemError {
  return new ProblemError({ code: 'notFound', detail: 'the line is not held any more' });
}
