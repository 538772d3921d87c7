import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  aggregate,
  pointsInWindow,
  type MetricAggregation,
} from '../../../../webview/realtime/metricAggregation';
import type { MetricPoint } from '../../../../src/protocol/metric';

function points(...values: readonly number[]): MetricPoint[] {
  return values.map((value, seq) => ({ seq, at: seq * 10, value }));
}

const AGGREGATIONS: readonly MetricAggregation[] = ['avg', 'sum', 'min', 'max', 'last'];

describe('aggregating a window of figures', () => {
  it('gives what the words say', () => {
    const window = points(3, -1, 4);
    assert.deepEqual(
      AGGREGATIONS.map((aggregation) => aggregate(window, aggregation)),
      [2, 6, -1, 4, 4],
    );
  });

  it('knows nothing of an empty window, rather than 0', () => {
    for (const aggregation of AGGREGATIONS) {
      assert.equal(aggregate([], aggregation), undefined);
    }
  });

  it('takes both edges of the window in, and nothing that is older', () => {
    const held = points(1, 2, 3, 4);
    const seqs = (endMs: number, windowMs: number): number[] =>
      pointsInWindow(held, endMs, windowMs).map(({ seq }) => seq);
    assert.deepEqual(seqs(30, 20), [1, 2, 3]);
    assert.deepEqual(seqs(30, 19), [2, 3]);
    assert.deepEqual(seqs(30, 0), [3]);
    assert.deepEqual(seqs(25, 5), [2, 3], 'one from another clock counts as of now');
    assert.deepEqual(seqs(1_000, 5), []);
  });

  it('gives back the very array where all of it is in the window', () => {
    const held = points(1, 2);
    assert.equal(pointsInWindow(held, 10, 10), held);
  });

  it('leaves out what is no finite number', () => {
    const window = pointsInWindow(points(1, Number.NaN, Number.POSITIVE_INFINITY, 2), 30, 100);
    assert.deepEqual(
      window.map(({ value }) => value),
      [1, 2],
    );
  });

  it('knows of merged measurements how low and how high they went, and how many they were', () => {
    const window: MetricPoint[] = [
      { seq: 4, at: 0, value: 20, min: 5, max: 40 },
      { seq: 8, at: 10, value: 50, min: 45, max: 90 },
      { seq: 9, at: 20, value: 30 },
      // One before it was given up: that makes it no more than it is.
      { seq: 11, at: 30, value: 30 },
    ];
    assert.deepEqual(
      AGGREGATIONS.map((aggregation) => aggregate(window, aggregation)),
      [(20 + 4 * 50 + 30 + 30) / 7, 280, 5, 90, 30],
    );
    const odd = [{ seq: 0, at: 0, value: 7, min: Number.NaN, max: Number.POSITIVE_INFINITY }];
    assert.deepEqual([aggregate(odd, 'min'), aggregate(odd, 'max')], [7, 7]);
  });

  const anyPoints = fc
    .array(
      fc.record({
        value: fc.double(),
        at: fc.integer({ min: 0, max: 100 }),
        skip: fc.nat(2),
        isMerged: fc.boolean(),
      }),
    )
    .map((drawn) => {
      let seq = 0;
      return drawn.map(({ value, at, skip, isMerged }) => {
        seq += 1 + skip;
        return { seq, at, value, ...(isMerged && { min: value, max: value }) };
      });
    });

  it('never makes NaN, whatever the host sends, and an average and a last that lie between the extremes', () => {
    fc.assert(
      fc.property(anyPoints, fc.nat(120), fc.nat(120), (held, endMs, windowMs) => {
        const window = pointsInWindow(held, endMs, windowMs);
        const [avg, sum, min, max, last] = AGGREGATIONS.map((aggregation) => aggregate(window, aggregation));
        assert.equal(window.length === 0, avg === undefined);
        assert.ok(![avg, sum, min, max, last].some((value) => Number.isNaN(value)));
        if (min !== undefined && max !== undefined && avg !== undefined && last !== undefined) {
          assert.ok(min <= avg && avg <= max && min <= last && last <= max);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('agrees with adding up by hand', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 }), (values) => {
        const window = points(...values);
        let sum = 0;
        for (const value of values) {
          sum += value;
        }
        assert.equal(aggregate(window, 'sum'), sum);
        assert.ok(Math.abs((aggregate(window, 'avg') ?? Number.NaN) - sum / values.length) < 1e-9);
        assert.equal(aggregate(window, 'min'), values.toSorted((a, b) => a - b)[0]);
        assert.equal(aggregate(window, 'max'), values.toSorted((a, b) => b - a)[0]);
        assert.equal(aggregate(window, 'last'), values.at(-1));
      }),
    );
  });
});
