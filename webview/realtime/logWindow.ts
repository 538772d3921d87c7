import { toDisposable, type Disposable } from '../../src/base/disposable';
import type {
  LogFilter,
  LogPlace,
  LogScan,
  LogStreamName,
  LogWindow as LogWindowAnswer,
} from '../../src/protocol/logView';
import type { LetGo, LogRow } from '../../src/protocol/podLog';
import { ProblemError, type Problem } from '../../src/protocol/problem';
import type { OpenLogView } from './openLogView';
import { problemOf } from './problemOf';

/** Several screens to either side, so that no scrolling waits; at 100 bytes a line, a message of 50 kB. */
const WINDOW_ROWS = 400;
const BEFORE = WINDOW_ROWS / 2;

type WindowedView = Pick<OpenLogView, 'subscribe' | 'read' | 'generation'>;

export type RowKey = Pick<LogRow, 'stream' | 'line'>;

/** Where whoever shows the window is to go: once for each `serial`. */
export interface LogJump {
  readonly serial: number;
  /** A position among all rows, a row, or a time (RFC 3339). */
  readonly to: { readonly position: number } | { readonly time: string } | RowKey;
  readonly align: 'start' | 'center';
}

/** What there is to show, as one immutable value. */
export interface LogWindowSnapshot {
  /** In order, without a hole. */
  readonly rows: readonly LogRow[];
  readonly streams: ReadonlyMap<number, LogStreamName>;
  /** Of the first of the rows, among `total`. */
  readonly position: number;
  readonly total: number;
  /** Whether the window stays at the end; else it stays where it is, and `unread` rows came after the last that was seen. */
  readonly isFollowing: boolean;
  readonly unread: number;
  readonly letGo: LetGo;
  /** How far the filter is, if there is one. */
  readonly scan: LogScan | undefined;
  readonly jump: LogJump | undefined;
  /** Whether anything was read yet. */
  readonly isRead: boolean;
  /** Why nothing newer could be read. */
  readonly problem: Problem | undefined;
}

const NOTHING_YET: LogWindowSnapshot = {
  rows: [],
  streams: new Map(),
  position: 0,
  total: 0,
  isFollowing: true,
  unread: 0,
  letGo: { age: 0, stream: 0, total: 0 },
  scan: undefined,
  jump: undefined,
  isRead: false,
  problem: undefined,
};

/** Where the window is, and what for. */
interface Wanted {
  readonly at: LogPlace;
  readonly jump?: LogJump;
}

const END: Wanted = { at: { type: 'end' } };

/**
 * A window of some hundred rows on the rows of a view that a filter lets through. It stays at the end while it follows; else it
 * stays at a row, whatever comes before or after that one. Questions are put one after the other, at the pace at which answers
 * come. Shaped for `useSyncExternalStore`.
 */
export class LogWindow implements Disposable {
  readonly #view: WindowedView;
  readonly #listeners = new Set<() => void>();
  readonly #ending: Disposable;
  #filter: LogFilter;
  #wanted = END;
  #lastSeen: RowKey | undefined;
  #generation: number;
  #snapshot = NOTHING_YET;
  #isReading = false;
  #hasNews = true;
  #jumps = 0;

  constructor(view: WindowedView, filter: LogFilter) {
    this.#view = view;
    this.#filter = filter;
    this.#generation = view.generation;
    this.#ending = toDisposable(view.subscribe(() => this.#wake()));
    this.#wake();
  }

  readonly snapshot = (): LogWindowSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Lets other rows through. Who reads somewhere stays there, or at the next row that is left. */
  setFilter(filter: LogFilter, near?: RowKey): void {
    if (JSON.stringify(filter) === JSON.stringify(this.#filter)) {
      return;
    }
    this.#filter = filter;
    if (!this.#snapshot.isFollowing && near !== undefined) {
      this.jumpTo(near, 'start');
    }
    this.#wake();
  }

  follow(): void {
    this.#wanted = END;
    this.#lastSeen = undefined;
    this.#update({ isFollowing: true, unread: 0 });
    this.#wake();
  }

  /** Stays at `row`, which is in sight; `last` is the last row that was seen. */
  stay(row: RowKey, last: RowKey | undefined): void {
    if (this.#snapshot.isFollowing) {
      this.#lastSeen = last;
      this.#update({ isFollowing: false, unread: 0 });
    }
    this.#wanted = { at: around(row) };
  }

  /** The row at the top of what is in sight is this one: the window moves where it ends too near. */
  center(row: RowKey): void {
    if (!this.#snapshot.isFollowing) {
      this.#wanted = { at: around(row) };
      this.#wake();
    }
  }

  jumpTo(to: LogJump['to'], align: LogJump['align'] = 'center'): void {
    this.#lastSeen ??= this.#snapshot.isFollowing ? this.#snapshot.rows.at(-1) : undefined;
    this.#jumps += 1;
    this.#wanted = { at: placeOf(to), jump: { serial: this.#jumps, to, align } };
    if (this.#snapshot.isFollowing) {
      this.#update({ isFollowing: false });
    }
    this.#wake();
  }

  dispose(): void {
    this.#ending.dispose();
    this.#listeners.clear();
    this.#hasNews = false;
  }

  #wake(): void {
    this.#hasNews = true;
    if (!this.#isReading) {
      void this.#read();
    }
  }

  /** Reads until there is no more news. There is one such loop at a time, so answers apply in order. Never rejects. */
  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#hasNews) {
      this.#hasNews = false;
      await this.#readOnce();
    }
    this.#isReading = false;
  }

  async #readOnce(): Promise<void> {
    if (this.#generation !== this.#view.generation) {
      this.#generation = this.#view.generation;
      // Rows of before cannot be found any more; a time can.
      if (this.#wanted.at.type !== 'time') {
        this.#wanted = END;
        this.#lastSeen = undefined;
        this.#update({ isFollowing: true, unread: 0 });
      }
    }
    const wanted = this.#wanted;
    const filter = this.#filter;
    const generation = this.#generation;
    try {
      // Asked for together: who jumps is not to wait for the count.
      const [answer, unread] = await Promise.all([
        this.#view.read(wanted.at, WINDOW_ROWS, filter),
        this.#unread(filter),
      ]);
      const jump = await this.#jumpIn(answer, wanted, filter);
      if (generation !== this.#view.generation) {
        this.#hasNews = true;
      } else if (wanted === this.#wanted && filter === this.#filter) {
        this.#apply(answer, unread, jump);
      }
    } catch (error) {
      const isForgotten = error instanceof ProblemError && error.problem.code === 'closed';
      if (!isForgotten || generation === this.#view.generation) {
        this.#update({ problem: problemOf(error) });
      }
    }
  }

  /** Where to go in an answer: where a row is wanted that is there no more, to the next that is left. */
  async #jumpIn(
    { rows }: LogWindowAnswer,
    { at, jump }: Wanted,
    filter: LogFilter,
  ): Promise<LogJump | undefined> {
    if (at.type !== 'row' || rows.some((row) => rowId(row) === rowId(at))) {
      return jump;
    }
    const { stream, line } = at;
    const left = await this.#view.read({ type: 'row', stream, line }, 1, filter);
    const to = left.rows[0] ?? rows.at(-1);
    if (to === undefined) {
      return jump;
    }
    this.#jumps += 1;
    return { serial: this.#jumps, to, align: jump?.align ?? 'start' };
  }

  /** How many rows came after the last that was seen. */
  async #unread(filter: LogFilter): Promise<number> {
    if (this.#lastSeen === undefined) {
      return 0;
    }
    const { stream, line } = this.#lastSeen;
    const at: LogPlace = { type: 'row', stream, line };
    const { position, rows, total } = await this.#view.read(at, 1, filter);
    const isHere = rows[0]?.stream === stream && rows[0].line === line;
    return Math.max(0, total - position - (isHere ? 1 : 0));
  }

  #apply(answer: LogWindowAnswer, unread: number, jump: LogJump | undefined): void {
    const { rows, position, total, letGo, scan } = answer;
    const [first] = rows;
    if (jump !== undefined && first !== undefined) {
      // From now on it stays at the rows, wherever those are moved to.
      const target = jumpedRow(jump, rows, position) ?? first;
      this.#wanted = { at: around(target) };
    }
    this.#update({
      rows: keptRows(this.#snapshot.rows, rows),
      streams: new Map(answer.streams.map((name) => [name.stream, name])),
      position,
      total,
      unread: this.#snapshot.isFollowing ? 0 : unread,
      letGo,
      scan,
      isRead: true,
      problem: undefined,
      ...(jump === undefined ? {} : { jump }),
    });
  }

  #update(change: Partial<LogWindowSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

function placeOf(to: LogJump['to']): LogPlace {
  if ('position' in to) {
    return { type: 'position', position: Math.max(0, to.position - BEFORE) };
  }
  return 'time' in to ? { type: 'time', time: to.time } : around(to);
}

/** Which of the rows that were read for a jump it goes to. `position` is that of the first. */
export function jumpedRow({ to }: LogJump, rows: readonly LogRow[], position: number): LogRow | undefined {
  if ('position' in to) {
    return rows[to.position - position] ?? rows.at(-1);
  }
  return 'time' in to ? rows[0] : rows.find((row) => rowId(row) === rowId(to));
}

function around({ stream, line }: RowKey): LogPlace {
  return { type: 'row', stream, line, offset: -BEFORE };
}

/** The new rows, those that were there before as the same objects: a row never changes, so it need not be drawn anew. */
function keptRows(before: readonly LogRow[], rows: readonly LogRow[]): readonly LogRow[] {
  const known = new Map(before.map((row) => [rowId(row), row]));
  return rows.map((row) => known.get(rowId(row)) ?? row);
}

/** A row's name within its view. */
export function rowId({ stream, line }: RowKey): string {
  return `${stream}:${line}`;
}
