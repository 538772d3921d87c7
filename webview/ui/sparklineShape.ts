import { extremesOf, type Series, type SeriesPoint, type TimeWindow } from '../../src/base/readSeries';

/** In the units of the drawing, of which `width` is about as many as it has pixels. */
export interface SparklineSize {
  readonly width: number;
  readonly height: number;
}

/** What is drawn of a series of percentages: data of SVG paths. */
export interface SparklineShape {
  /** One a stretch without a gap. */
  readonly lines: readonly string[];
  /** What is below the lines. */
  readonly areas: readonly string[];
  /** The last points of stretches that are too short for a line: lines without a length, whose round ends are seen. */
  readonly dots: readonly string[];
}

/** The top of the drawing. What is above is drawn there. */
const FULL = 100;
/** A line keeps this distance from the edges, so that it is not cut lengthwise. */
const INSET = 1;
/** A line that is no longer than this would be seen as a speck. */
const SHORTEST_LINE = 3;

/** Lays a series out from left to right over the window, and from 0 at the bottom to 100 at the top. */
export function sparklineShape(series: Series, window: TimeWindow, size: SparklineSize): SparklineShape {
  const span = window.until - window.from;
  const x = ({ at }: SeriesPoint): number => (span > 0 ? ((at - window.from) / span) * size.width : 0);
  const y = ({ value }: SeriesPoint): number =>
    INSET + (1 - Math.min(value, FULL) / FULL) * (size.height - 2 * INSET);
  const isLine = (run: readonly SeriesPoint[]): boolean => {
    const [first, last] = [run[0], run.at(-1)];
    return first !== undefined && last !== undefined && x(last) - x(first) > SHORTEST_LINE;
  };
  const position = (point: SeriesPoint): string => `${rounded(x(point))} ${rounded(y(point))}`;
  const lines = series.runs
    .filter(isLine)
    .map((run) => thinned(run.flatMap(withExtremes), (point) => Math.floor(x(point))).map(position));
  return {
    lines: lines.map((line) => `M${line.join('L')}`),
    areas: lines.map((line) => `M${line.join('L')}V${size.height}H${line[0]?.split(' ')[0] ?? '0'}Z`),
    dots: series.runs
      .filter((run) => !isLine(run))
      .flatMap((run) => run.slice(-1).map((point) => `M${position(point)}h0`)),
  };
}

/** A point into which others were merged goes down and up to their extremes before it ends at their average. */
function withExtremes(point: SeriesPoint): readonly SeriesPoint[] {
  const { at, value } = point;
  const { lowest, highest } = extremesOf(point);
  return lowest === highest
    ? [point]
    : [
        { at, value: lowest },
        { at, value: highest },
        { at, value },
      ];
}

/**
 * At most four points a column: where the line enters it, its lowest, its highest, and where it leaves. More would be drawn
 * into the same pixels.
 */
function thinned(
  run: readonly SeriesPoint[],
  columnOf: (point: SeriesPoint) => number,
): readonly SeriesPoint[] {
  const kept: SeriesPoint[] = [];
  let start = 0;
  for (let end = 1; end <= run.length; end += 1) {
    const first = run[start];
    const next = run[end];
    if (first === undefined || (next !== undefined && columnOf(next) === columnOf(first))) {
      continue;
    }
    kept.push(...extremes(run.slice(start, end)));
    start = end;
  }
  return kept;
}

/** The first, the lowest, the highest and the last of them, in the order in which they stand. */
function extremes(points: readonly SeriesPoint[]): readonly SeriesPoint[] {
  let lowest = 0;
  let highest = 0;
  for (const [place, { value }] of points.entries()) {
    lowest = value < (points[lowest]?.value ?? value) ? place : lowest;
    highest = value > (points[highest]?.value ?? value) ? place : highest;
  }
  const places = new Set([0, lowest, highest, points.length - 1].sort((a, b) => a - b));
  return [...places].flatMap((place) => points[place] ?? []);
}

function rounded(length: number): number {
  return Math.round(length * 10) / 10;
}
