import type { LogFilter, LogStreamName } from '../../src/protocol/logView';
import type { LogRow } from '../../src/protocol/podLog';
import type { OpenLogView } from '../realtime/openLogView';
import { lineRuns, searchedText } from './lineRuns';
import { markerText } from './LogMarkerRow';
import { moreBytesText } from './moreBytesText';
import type { RowSelection } from './rowSelection';

/** As many as a clipboard is good for; more go into a file. */
export const MAX_COPIED_ROWS = 20_000;
const PAGE_ROWS = 2_000;
/** Of long lines so much is read in addition, all together: what is beyond that is said in its place. */
export const MAX_COPIED_REST_BYTES = 1024 * 1024;
const PIECE_BYTES = 512 * 1024;
/** As much as a window has of a long line: less is not worth a question. */
const SHOWN_BYTES = 8_192;

export interface CopiedRows {
  readonly text: string;
  readonly rows: number;
  /** Of the rows that were selected, those that are left out. */
  readonly left: number;
}

/**
 * The selected rows as text, one line each and whole, as they were written: read from the host, since most of them may be out of
 * sight. `filter` is that of the pane in which they were selected.
 */
export async function copiedRows(
  view: Pick<OpenLogView, 'read' | 'line'>,
  filter: LogFilter,
  { anchor, focus }: RowSelection,
  hasNames: boolean,
): Promise<CopiedRows> {
  const positions: number[] = [];
  for (const { stream, line } of [anchor, focus]) {
    positions.push((await view.read({ type: 'row', stream, line }, 1, filter)).position);
  }
  const from = Math.min(...positions);
  const until = Math.max(...positions) + 1;
  const count = Math.min(until - from, MAX_COPIED_ROWS);
  const lines: string[] = [];
  const rest = new LineRests(view);
  while (lines.length < count) {
    const position = from + lines.length;
    const wanted = Math.min(PAGE_ROWS, count - lines.length);
    const { rows, streams } = await view.read({ type: 'position', position }, wanted, filter);
    if (rows.length === 0) {
      break;
    }
    const names = new Map(streams.map((name) => [name.stream, name]));
    for (const row of rows) {
      lines.push(rowText(await rest.whole(row), hasNames ? names.get(row.stream) : undefined));
    }
  }
  return { text: lines.join('\n'), rows: lines.length, left: until - from - lines.length };
}

/** Reads what a window leaves out of long lines, within a bound for all of them. */
class LineRests {
  readonly #view: Pick<OpenLogView, 'line'>;
  #left = MAX_COPIED_REST_BYTES;

  constructor(view: Pick<OpenLogView, 'line'>) {
    this.#view = view;
  }

  /** The row with its whole text, or with as much of it as there is room for and how much is missing. */
  async whole(row: LogRow): Promise<LogRow> {
    const { stream, line, text, hiddenBytes = 0 } = row;
    if (hiddenBytes === 0) {
      return row;
    }
    const pieces: string[] = [];
    let missing = hiddenBytes;
    for (let from: number | undefined = 0; from !== undefined && this.#left > SHOWN_BYTES;) {
      const limit: number = Math.min(PIECE_BYTES, this.#left);
      const piece: Awaited<ReturnType<OpenLogView['line']>> = await this.#view.line({
        stream,
        line,
        from,
        limit,
      });
      pieces.push(piece.text);
      this.#left -= (piece.next ?? piece.bytes) - from;
      missing = piece.bytes + piece.cutBytes - (piece.next ?? piece.bytes);
      from = piece.next;
    }
    const read = pieces.length === 0 ? text : pieces.join('');
    return { ...row, text: missing === 0 ? read : `${read} ${moreBytesText(missing)}` };
  }
}

/** A row as text: its time, whose it is, and what it says, without colours. */
function rowText(row: LogRow, name: LogStreamName | undefined): string {
  const { time, text, marker } = row;
  const said = marker === undefined ? searchedText(lineRuns(text)) : `--- ${markerText(marker)} ---`;
  return [
    ...(time === undefined ? [] : [time]),
    ...(name === undefined ? [] : [`${name.pod}/${name.container}`]),
    said,
  ].join(' ');
}

/** Text as a block of code in Markdown; its fence is longer than any in the text. */
export function asMarkdown(text: string, title: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${escapeMarkdown(title)}\n\n${fence}log\n${text}\n${fence}\n`;
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~-]/g, String.raw`\$&`).replaceAll(/[\r\n]+/g, ' ');
}
