/** One reading. A point without a finite value of at least 0 is none: a negative share of something is not known. */
export interface SeriesPoint {
  /** Wall milliseconds. */
  readonly at: number;
  readonly value: number;
  /** The smallest and the largest of what was merged into this point, if anything was. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A stretch of time, in wall milliseconds, both ends included. */
export interface TimeWindow {
  readonly from: number;
  readonly until: number;
}

/** What is known of a figure over a stretch of time. */
export interface Series {
  /** Its points in the order of time, in stretches without a gap. There is at least one, and none is empty. */
  readonly runs: readonly (readonly SeriesPoint[])[];
  readonly latest: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Two points further apart than this many times what is usual have a gap between them. */
const GAP_FACTOR = 3;
/** Points closer together than this part of the window are one when it is asked how far apart points usually are. */
const RESOLUTION = 1 / 240;
/** With fewer distances than this nothing is usual, and nothing a gap. */
const MIN_DISTANCES = 4;
/** Three quarters of the distances are no longer than what is usual: a burst of points makes none of the others an exception. */
const USUAL = 0.75;
/** What is usual is asked of so many distances on either side, too: older points are further apart where they were merged. */
const NEIGHBOURS = 4;
const MEDIAN = 0.5;

/**
 * Reads the points within a window, in whatever order and state they come; `undefined` where none can be read. A point that is
 * later than the window's end comes from another clock, and counts as of the end.
 */
export function readSeries(points: readonly SeriesPoint[], { from, until }: TimeWindow): Series | undefined {
  const known = inOrder(
    points.filter(({ at, value }) => at >= from && Number.isFinite(at) && isReading(value)),
  ).map((point) => (point.at > until ? { ...point, at: until } : point));
  const latest = known.at(-1)?.value;
  if (latest === undefined) {
    return undefined;
  }
  let lowest = latest;
  let highest = latest;
  for (const point of known) {
    const extremes = extremesOf(point);
    lowest = Math.min(lowest, extremes.lowest);
    highest = Math.max(highest, extremes.highest);
  }
  return { runs: splitAtGaps(known, (until - from) * RESOLUTION), latest, lowest, highest };
}

/** The lowest and the highest that a point stands for: its value alone where nothing was merged into it. */
export function extremesOf({ value, min = value, max = value }: SeriesPoint): {
  readonly lowest: number;
  readonly highest: number;
} {
  return {
    lowest: Math.min(value, isReading(min) ? min : value),
    highest: Math.max(value, isReading(max) ? max : value),
  };
}

function isReading(value: number): boolean {
  return value >= 0 && Number.isFinite(value);
}

/** Points of one instant keep the order in which they came. */
function inOrder(points: readonly SeriesPoint[]): readonly SeriesPoint[] {
  const isSorted = points.every(({ at }, place) => place === 0 || at >= (points[place - 1]?.at ?? at));
  return isSorted ? points : points.toSorted((a, b) => a.at - b.at);
}

function splitAtGaps(
  points: readonly SeriesPoint[],
  resolutionMs: number,
): readonly (readonly SeriesPoint[])[] {
  const starts = [0];
  for (const [place, { at }] of points.entries()) {
    if (at - (points[starts.at(-1) ?? 0]?.at ?? at) > resolutionMs) {
      starts.push(place);
    }
  }
  const distances = starts
    .slice(1)
    .map((start, place) => timeOf(points, start) - timeOf(points, starts[place] ?? 0));
  if (distances.length < MIN_DISTANCES) {
    return [points];
  }
  const usual = quantile(distances, USUAL);
  const cuts = starts.slice(1).filter((start, place) => {
    const near = distances.slice(Math.max(0, place - NEIGHBOURS), place + NEIGHBOURS + 1);
    const longest = GAP_FACTOR * Math.max(usual, quantile(near, MEDIAN));
    return timeOf(points, start) - timeOf(points, start - 1) > longest;
  });
  return [0, ...cuts].map((cut, place) => points.slice(cut, cuts[place] ?? points.length));
}

function timeOf(points: readonly SeriesPoint[], place: number): number {
  return points[place]?.at ?? Number.NaN;
}

/** The lower of two that are equally near; of nothing 0. */
function quantile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) * share)] ?? 0;
}
