import type { LineRun } from './lineRuns';

/** Where a text stands out: `from` and `until` in UTF-16 units of the text that is searched. */
export interface TextMark {
  readonly from: number;
  readonly until: number;
  /** A class of CSS. */
  readonly style: string;
}

/** More in one line say nothing more. */
const MAX_MARKS = 200;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/** A text as a function that finds it in a line; undefined where there is nothing to find. */
export function markFinder(
  { text, isCaseSensitive = false }: { readonly text: string; readonly isCaseSensitive?: boolean },
  style: string,
): ((line: string) => TextMark[]) | undefined {
  if (text === '') {
    return undefined;
  }
  const regex = new RegExp(text.replaceAll(SPECIAL, String.raw`\$&`), isCaseSensitive ? 'g' : 'gi');
  return (line) => {
    const marks: TextMark[] = [];
    for (const { index, 0: found } of line.matchAll(regex)) {
      marks.push({ from: index, until: index + found.length, style });
      if (marks.length >= MAX_MARKS) {
        break;
      }
    }
    return marks;
  };
}

/** A part of a run, with the marks that cover it. */
export interface MarkedRun extends LineRun {
  /** Where it begins in the line, in UTF-16 units. */
  readonly start: number;
  readonly mark: string | undefined;
}

/** Cuts runs where marks begin and end; of marks that overlap the first counts. */
export function withMarks(runs: readonly LineRun[], marks: readonly TextMark[]): readonly MarkedRun[] {
  const result: MarkedRun[] = [];
  /** In the line, and in the text that is searched. */
  let start = 0;
  let at = 0;
  for (const run of runs) {
    const end = at + run.raw.length;
    if (run.kind === 'escape' || marks.length === 0) {
      result.push({ ...run, start, mark: undefined });
    } else if (run.kind === 'unseen') {
      result.push({ ...run, start, mark: markAt(marks, at)?.style });
    } else {
      let from = at;
      while (from < end) {
        const mark = markAt(marks, from);
        const until = mark === undefined ? nextStart(marks, from, end) : untilOf(marks, mark, from, end);
        const raw = run.raw.slice(from - at, until - at);
        result.push({ ...run, raw, shown: raw, start: start + from - at, mark: mark?.style });
        from = until;
      }
    }
    start += run.raw.length;
    at = run.kind === 'escape' ? at : end;
  }
  return result;
}

function markAt(marks: readonly TextMark[], at: number): TextMark | undefined {
  return marks.find(({ from, until }) => from <= at && at < until);
}

function nextStart(marks: readonly TextMark[], at: number, end: number): number {
  return marks.reduce((next, { from }) => (from > at ? Math.min(next, from) : next), end);
}

/** Where a mark that covers `at` ends, or one that counts more begins. */
function untilOf(marks: readonly TextMark[], mark: TextMark, at: number, end: number): number {
  const before = marks.slice(0, marks.indexOf(mark));
  return Math.min(end, nextStart(before, at, mark.until));
}
