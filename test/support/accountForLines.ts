import type { LogRow } from '../../src/protocol/podLog';

/** A line that a container wrote. */
export interface WrittenLine {
  readonly time: string;
  readonly text: string;
}

/** What was shown between two gaps, or before the first or behind the last. */
type Segment = readonly LogRow[];

/**
 * Accounts for every line that was written: shown once and in order, or left out where a gap is marked, or before the first that is shown.
 * Returns how many were left out in gaps. Throws for the first line that is unaccounted for.
 */
export function accountForLines(written: readonly WrittenLine[], rows: readonly LogRow[]): number {
  let next = 0;
  let missing = 0;
  for (const [index, segment] of segmentsOf(rows).entries()) {
    if (segment.length === 0) {
      continue;
    }
    const start = placeOf(segment, written, next);
    if (start === undefined) {
      const shown = segment.map(({ time, text }) => `${time ?? ''} ${text}`).join('\n');
      const wanted = written
        .slice(next)
        .map(({ time, text }) => `${time} ${text}`)
        .join('\n');
      throw new Error(`Shown without a gap:\n${shown}\nwhere this was written:\n${wanted}`);
    }
    missing += index === 0 ? 0 : start - next;
    next = start + segment.length;
  }
  if (next < written.length && rows.at(-1)?.marker?.type !== 'gap') {
    throw new Error(`${written.length - next} lines were never shown, from ${written[next]?.text ?? ''} on`);
  }
  return missing;
}

function segmentsOf(rows: readonly LogRow[]): Segment[] {
  const segments: LogRow[][] = [[]];
  for (const row of rows) {
    if (row.marker?.type === 'gap') {
      segments.push([]);
    } else if (row.marker === undefined) {
      segments.at(-1)?.push(row);
    }
  }
  return segments;
}

/** Where the lines of a segment were written one after the other, no earlier than `from`. */
function placeOf(segment: Segment, written: readonly WrittenLine[], from: number): number | undefined {
  for (let start = from; start + segment.length <= written.length; start += 1) {
    const isHere = segment.every(({ time, text }, index) => {
      const line = written[start + index];
      return line?.text === text && line.time === time;
    });
    if (isHere) {
      return start;
    }
  }
  return undefined;
}
