import type { MetricPoint } from '../../src/protocol/metric';

/** How the points of a window become one value; `last` is the one with the highest sequence number. */
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
      return points.reduce((sum, { value }) => sum + value, 0);
    case 'min':
      return minimum(points);
    case 'max':
      return maximum(points);
    case 'avg': {
      const sum = points.reduce((total, { value }) => total + value, 0);
      const average = Number.isFinite(sum)
        ? sum / points.length
        : // The sum is more than a number can hold; the average never is.
          points.reduce((total, { value }) => total + value / points.length, 0);
      // Rounding must not lead out of the range.
      return Math.min(Math.max(average, minimum(points)), maximum(points));
    }
    default:
      return aggregation satisfies never;
  }
}

/** Whether points are missing between these (in order of `seq`). */
export function hasGap(points: readonly MetricPoint[]): boolean {
  return points.some(({ seq }, index) => index > 0 && seq !== (points[index - 1]?.seq ?? seq) + 1);
}

function minimum(points: readonly MetricPoint[]): number {
  return points.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function maximum(points: readonly MetricPoint[]): number {
  return points.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
