import { delay, type Clock } from '../../base/clock';
import type { LogReader } from '../../hub/requestHandlers';
import type { LogFilter, LogPlace, LogStreamName } from '../../protocol/logView';
import type { LogRow } from '../../protocol/podLog';
import { ProblemError } from '../../protocol/problem';
import type { RequestResult } from '../../protocol/requests';

const PAGE_ROWS = 2_000;
/** Between two looks at how far the filter is. */
const SCAN_MS = 50;
const LINE_PIECE_BYTES = 1024 * 1024;

export interface ExportedView {
  readonly view: string;
  readonly filter?: LogFilter | undefined;
}

/** Some of the rows as text, each with its line break; how many rows that is, and of how many. */
export interface ExportedPiece {
  readonly text: string;
  readonly rows: number;
  readonly of: number;
}

/** Texts of what is no line. */
export interface ExportTexts {
  readonly gap: (from: string | undefined, until: string | undefined) => string;
  readonly restarted: string;
  /** Rows were let go while they were being read. */
  readonly letGo: string;
}

/**
 * Resolves once the filter has looked at every line that there was when this was asked for: before that an export would leave some
 * out. Throws a `ProblemError` where it cannot look at all of them, or the view is closed. `onProgress` is told the share.
 */
export async function untilFiltered(
  logs: LogReader,
  { view, filter }: ExportedView,
  clock: Clock,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<void> {
  if (filter === undefined) {
    return;
  }
  for (let before = Number.POSITIVE_INFINITY; ;) {
    const { scan } = await logs.readView({ view, filter, at: { type: 'end' }, count: 1 });
    if (scan?.problem !== undefined) {
      throw new ProblemError(scan.problem);
    }
    // Of a log that is being written there are always some that came just now.
    if (scan === undefined || scan.of - scan.lines <= Math.max(0, scan.of - before)) {
      return;
    }
    onProgress(scan.lines / scan.of);
    before = scan.of;
    await delay(clock, SCAN_MS, signal);
  }
}

/**
 * All rows that a filter lets through, from the first to the one that was the last when it began, as text: time, pod and container,
 * and the line as it was written, whole. A row is found again by its name, so that what comes or goes meanwhile repeats none; what
 * was let go before it could be read is said in its place. Throws a `ProblemError` when the view is closed.
 */
export async function* exportedText(
  logs: LogReader,
  { view, filter }: ExportedView,
  texts: ExportTexts,
): AsyncGenerator<ExportedPiece, void, void> {
  const options = { view, ...(filter === undefined ? {} : { filter }) };
  let of = 0;
  let written = 0;
  let last: LogRow | undefined;
  for (;;) {
    const at: LogPlace =
      last === undefined
        ? { type: 'position', position: 0 }
        : { type: 'row', stream: last.stream, line: last.line };
    const window = await logs.readView({ ...options, at, count: PAGE_ROWS });
    of ||= window.total;
    const [first] = window.rows;
    const isGoingOn = last !== undefined && first?.stream === last.stream && first.line === last.line;
    const rows = window.rows.slice(isGoingOn ? 1 : 0, (isGoingOn ? 1 : 0) + of - written);
    if (rows.length === 0) {
      if (written < of) {
        yield { text: `--- ${texts.letGo} ---\n`, rows: written, of };
      }
      return;
    }
    const names = new Map(window.streams.map((name) => [name.stream, name]));
    const isBroken = last !== undefined && !isGoingOn;
    const pieces = isBroken ? [`--- ${texts.letGo} ---\n`] : [];
    for (const row of rows) {
      const { text, rest } = lineText(row, names.get(row.stream), texts);
      pieces.push(text);
      if (rest) {
        // A long line would not fit in one text beside others.
        yield { text: pieces.splice(0).join(''), rows: written, of };
        yield* restOf(logs, view, row, written, of);
        pieces.push('\n');
      }
      written += 1;
    }
    last = rows.at(-1);
    yield { text: pieces.join(''), rows: written, of };
    if (written >= of) {
      return;
    }
  }
}

function lineText(
  row: LogRow,
  name: LogStreamName | undefined,
  texts: ExportTexts,
): { readonly text: string; readonly rest: boolean } {
  const { marker, time, text, hiddenBytes = 0 } = row;
  const whose = name === undefined ? '' : `${name.pod}/${name.container} `;
  if (marker !== undefined) {
    const said = marker.type === 'gap' ? texts.gap(marker.from, marker.until) : texts.restarted;
    return { text: `--- ${whose}${said} ---\n`, rest: false };
  }
  const head = `${time === undefined ? '' : `${time} `}${whose}`;
  return hiddenBytes > 0 ? { text: head, rest: true } : { text: `${head}${text}\n`, rest: false };
}

async function* restOf(
  logs: LogReader,
  view: string,
  { stream, line }: LogRow,
  rows: number,
  of: number,
): AsyncGenerator<ExportedPiece, void, void> {
  for (let from: number | undefined = 0; from !== undefined;) {
    const piece: RequestResult<'logViews.line'> = await logs.readLine({
      view,
      stream,
      line,
      from,
      limit: LINE_PIECE_BYTES,
    });
    yield { text: piece.text, rows, of };
    from = piece.next;
  }
}
