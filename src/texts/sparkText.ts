import { extremesOf, type Series, type SeriesPoint, type TimeWindow } from '../base/readSeries';

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const NOTHING = '·';
/** What fills a block whole; more than that is not drawn higher. */
const FULL = 100;

/**
 * Percentages over time as a line of characters, one a `columns`-th of the window, the latest last; a dot where nothing is
 * known. A block is as high as what was highest in its time: ▁ is up to an eighth of 100, █ is from seven eighths on.
 */
export function sparkText({ runs }: Series, { from, until }: TimeWindow, columns: number): string {
  const highest = Array.from({ length: columns }, () => Number.NaN);
  const columnMs = (until - from) / columns;
  const columnOf = ({ at }: SeriesPoint): number =>
    Math.min(columns - 1, Math.max(0, Math.floor((at - from) / columnMs)));
  for (const run of runs) {
    let last: SeriesPoint | undefined;
    for (const point of run) {
      const column = columnOf(point);
      // Between two points of a run the figure went from one to the other.
      for (let between = last === undefined ? column : columnOf(last) + 1; between < column; between += 1) {
        const share =
          last === undefined ? 1 : (from + (between + 0.5) * columnMs - last.at) / (point.at - last.at);
        const before = last?.value ?? point.value;
        highest[between] = before + share * (point.value - before);
      }
      const known = highest[column] ?? Number.NaN;
      const peak = extremesOf(point).highest;
      highest[column] = Number.isNaN(known) ? peak : Math.max(known, peak);
      last = point;
    }
  }
  return highest.map(blockOf).join('');
}

function blockOf(value: number): string {
  const height = Math.min(BLOCKS.length - 1, Math.floor((value / FULL) * BLOCKS.length));
  return BLOCKS[height] ?? NOTHING;
}
