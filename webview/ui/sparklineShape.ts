import type { Series, SeriesPoint, TimeWindow } from '../../src/base/readSeries';

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
  /** Points that stand alone: lines without a length, whose round ends are seen. */
  readonly dots: readonly string[];
}

/** The top of the drawing. What is above is drawn there. */
const FULL = 100;
/** A line keeps this distance from the edges, so that it is not cut lengthwise. */
const INSET = 1;

/** Lays a series out from left to right over the window, and from 0 at the bottom to 100 at the top. */
export function sparklineShape(series: Series, window: TimeWindow, size: SparklineSize): SparklineShape {
  const span = window.until - window.from;
  const x = ({ at }: SeriesPoint): number => (span > 0 ? ((at - window.from) / span) * size.width : 0);
  const y = ({ value }: SeriesPoint): number =>
    INSET + (1 - Math.min(value, FULL) / FULL) * (size.height - 2 * INSET);
  const runs = series.runs.map((run) =>
    thinned(run, (point) => Math.floor(x(point))).map((point) => `${rounded(x(point))} ${rounded(y(point))}`),
  );
  const long = runs.filter((run) => run.length > 1);
  return {
    lines: long.map((run) => `M${run.join('L')}`),
    areas: long.map((run) => `M${run.join('L')}V${size.height}H${run[0]?.split(' ')[0] ?? '0'}Z`),
    dots: runs.filter((run) => run.length === 1).map(([point]) => `M${point}h0`),
  };
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
