import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import type { LogPatternParams } from '../../src/protocol/logView';
import type { LogRow } from '../../src/protocol/podLog';
import { rowId } from '../realtime/logWindow';
import type { OpenLogView } from '../realtime/openLogView';
import type { TextMark } from './textMarks';

/** As many as the host takes at once. */
const MAX_ROWS = 400;
/** Rows that have gone out of sight are asked for again when they come back. */
const MAX_KNOWN = 4_000;

type Marks = readonly TextMark[];
const NONE: Marks = [];

/**
 * Where a regular expression is found in the rows that are laid out, by their ids. The host finds it, which can give up one that takes
 * for ever: here nobody could. One question is under way at a time; what is not known yet stands out a moment later.
 */
export function useHostMarks(
  view: Pick<OpenLogView, 'marks'>,
  find: LogPatternParams | undefined,
  rows: readonly LogRow[],
): ReadonlyMap<string, Marks> {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  // Of another expression or view nothing is known.
  const book = useMemo(
    () => ({ find, view, known: new Map<string, Marks>(), isAsking: false, isGivenUp: false }),
    [find, view],
  );
  const latest = useRef({ book, rows });
  useEffect(() => {
    latest.current = { book, rows };
  });
  const ask = useCallback(async (): Promise<void> => {
    const { book: asked, rows: shown } = latest.current;
    if (asked.find === undefined || asked.isAsking || asked.isGivenUp) {
      return;
    }
    const unknown = shown.filter((row) => !asked.known.has(rowId(row))).slice(0, MAX_ROWS);
    if (unknown.length === 0) {
      return;
    }
    asked.isAsking = true;
    try {
      const { marks, problem } = await asked.view.marks({
        find: asked.find,
        rows: unknown.map(({ stream, line }) => ({ stream, line })),
      });
      asked.isGivenUp = problem !== undefined;
      if (asked.known.size > MAX_KNOWN) {
        asked.known.clear();
      }
      unknown.forEach((row, index) => asked.known.set(rowId(row), asMarks(marks[index] ?? [])));
    } catch {
      // The search itself tells why nothing is found.
      asked.isGivenUp = true;
    }
    asked.isAsking = false;
    if (latest.current.book === asked) {
      draw();
    }
  }, []);
  useEffect(() => {
    void ask();
  });
  return book.known;
}

function asMarks(ends: readonly number[]): Marks {
  return ends.length === 0
    ? NONE
    : Array.from({ length: ends.length / 2 }, (_, index) => ({
        from: ends[2 * index] ?? 0,
        until: ends[2 * index + 1] ?? 0,
        style: 'mark-find',
      }));
}
