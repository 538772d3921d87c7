import type { MetricPoint } from '../../src/protocol/metric';

/**
 * How the measurements of a window become one value; `last` is the one with the highest sequence number. A point that several
 * were merged into counts as often as there were, by its number and the one before; the first of a window counts once, since
 * nobody knows how much of it lies within.
 */
export type MetricAggregation = 'avg' | 'sum' | 'min' | 'max' | 'last';

/**
 * The points (in order of `seq`) of the window that ends at wall time `endMs`: those at most `windowMs` old, both edges
 * included. One that is later than `endMs` comes from another clock, and counts as of `endMs`. Values that are no finite
 * numbers are left out.
 */
export function pointsInWindow(
  points: readonly MetricPoint[],
  endMs: number,
  windowMs: number,
): readonly MetricPoint[] {
  const isInside = ({ at, value }: MetricPoint): boolean => at >= endMs - windowMs && Number.isFinite(value);
  return points.every(isInside) ? points : points.filter(isInside);
}

/** One value for all `points` (in order of `seq`, values finite), `undefined` for none; never NaN. A sum may be infinite. */
export function aggregate(
  points: readonly MetricPoint[],
  aggregation: MetricAggregation,
): number | undefined {
  if (points.length === 0) {
    return undefined;
  }
  switch (aggregation) {
    case 'last':
      return points.at(-1)?.value;
    case 'sum':
      // Each part is finite, so that no two infinite ones of either sign make NaN.
      return points.reduce(
        (sum, { value }, index) => sum + withinNumbers(value * measurementsIn(points, index)),
        0,
      );
    case 'min':
      return minimum(points);
    case 'max':
      return maximum(points);
    case 'avg': {
      const count = points.reduce((total, _, index) => total + measurementsIn(points, index), 0);
      const sum = points.reduce(
        (total, { value }, index) => total + value * measurementsIn(points, index),
        0,
      );
      const average = Number.isFinite(sum)
        ? sum / count
        : // The sum is more than a number can hold; the average never is.
          points.reduce(
            (total, { value }, index) => total + value * (measurementsIn(points, index) / count),
            0,
          );
      // Rounding must not lead out of the range.
      return Math.min(Math.max(average, minimum(points)), maximum(points));
    }
    default:
      return aggregation satisfies never;
  }
}

/** How many measurements the point at `index` stands for. */
function measurementsIn(points: readonly MetricPoint[], index: number): number {
  const point = points[index];
  const before = points[index - 1];
  const isMerged = point?.min !== undefined || point?.max !== undefined;
  return isMerged && before !== undefined ? Math.max(1, point.seq - before.seq) : 1;
}

function withinNumbers(value: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}

/** Of what was merged too; an extreme that is no finite number is none. */
function minimum(points: readonly MetricPoint[]): number {
  return points.reduce(
    (least, { value, min = value }) => Math.min(least, value, Number.isFinite(min) ? min : value),
    Number.POSITIVE_INFINITY,
  );
}

function maximum(points: readonly MetricPoint[]): number {
  return points.reduce(
    (most, { value, max = value }) => Math.max(most, value, Number.isFinite(max) ? max : value),
    Number.NEGATIVE_INFINITY,
  );
}
