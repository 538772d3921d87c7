import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readSeries, type Series, type SeriesPoint } from '../../../src/base/readSeries';

const MINUTE_MS = 60_000;
const WINDOW = { from: 0, until: 10 * MINUTE_MS };

/** One point at each time, all of one value. */
function at(...times: readonly number[]): readonly SeriesPoint[] {
  return times.map((time) => ({ at: time, value: 50 }));
}

function every(stepMs: number, from: number, until: number): readonly number[] {
  return Array.from({ length: Math.floor((until - from) / stepMs) + 1 }, (_, place) => from + place * stepMs);
}

/** From when to when each stretch goes. */
function stretches(points: readonly SeriesPoint[]): readonly (readonly (number | undefined)[])[] | undefined {
  return readSeries(points, WINDOW)?.runs.map((run) => [run[0]?.at, run.at(-1)?.at]);
}

function figures(points: readonly SeriesPoint[]): readonly number[] | undefined {
  const series: Series | undefined = readSeries(points, WINDOW);
  return series && [series.latest, series.lowest, series.highest];
}

describe('readSeries', () => {
  it('knows nothing where there is no point, and of one point what it says', () => {
    assert.equal(readSeries([], WINDOW), undefined);
    assert.deepEqual(stretches(at(7)), [[7, 7]]);
    assert.deepEqual(figures([{ at: 7, value: 31 }]), [31, 31, 31]);
  });

  it('takes what is no share of anything for not known', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1]) {
      assert.equal(readSeries([{ at: 7, value }], WINDOW), undefined, `${value}`);
    }
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      assert.equal(readSeries([{ at, value: 1 }], WINDOW), undefined, `${at}`);
    }
    assert.deepEqual(figures([{ at: 7, value: 250 }]), [250, 250, 250]);
  });

  it('leaves out what is before the window, and keeps what is on its edges', () => {
    assert.deepEqual(stretches(at(-1, 0, WINDOW.until)), [[0, WINDOW.until]]);
  });

  it('takes what a clock that is ahead measured for the latest, as of the end of the window', () => {
    const points = [
      { at: WINDOW.until + 5_000, value: 2 },
      { at: 1e300, value: 3 },
      { at: WINDOW.until - 5_000, value: 1 },
    ];
    assert.deepEqual(stretches(points), [[WINDOW.until - 5_000, WINDOW.until]]);
    assert.deepEqual(figures(points), [3, 1, 3]);
  });

  it('puts points in the order of time, and those of one instant in the order in which they came', () => {
    const points = [
      { at: 2_000, value: 3 },
      { at: 1_000, value: 9 },
      { at: 2_000, value: 4 },
    ];
    assert.deepEqual(readSeries(points, WINDOW)?.runs, [[points[1], points[0], points[2]]]);
    assert.deepEqual(figures(points), [4, 3, 9]);
  });

  it('knows the peaks of what was merged, but not those that are none', () => {
    const merged = { at: 1_000, value: 50, min: 10, max: 90 };
    assert.deepEqual(
      figures([merged, { at: 2_000, value: 40, min: -1, max: Number.POSITIVE_INFINITY }]),
      [40, 10, 90],
    );
  });

  it('sees a gap where points are more than three times as far apart as usual, and none where they are not', () => {
    const until = 4 * MINUTE_MS;
    const regular = every(5_000, 0, until);
    assert.deepEqual(stretches(at(...regular, until + 15_000)), [[0, until + 15_000]]);
    assert.deepEqual(stretches(at(...regular, until + 15_001)), [
      [0, until],
      [until + 15_001, until + 15_001],
    ]);
  });

  it('sees outages that follow each other closely', () => {
    const times = [...every(5_000, 0, 100_000), 160_000, ...every(5_000, 220_000, 320_000)];
    assert.deepEqual(stretches(at(...times)), [
      [0, 100_000],
      [160_000, 160_000],
      [220_000, 320_000],
    ]);
  });

  it('sees no gap between bursts, whose points are one when seen from afar', () => {
    const times = every(MINUTE_MS, 0, 9 * MINUTE_MS).flatMap((time) => [time, time + 300, time + 600]);
    assert.deepEqual(stretches(at(...times)), [[0, 9 * MINUTE_MS + 600]]);
  });

  it('sees no gap where older points are further apart because they were merged', () => {
    const times = [...every(20_000, 0, 300_000), ...every(3_000, 303_000, 600_000)];
    assert.deepEqual(stretches(at(...times)), [[0, 600_000]]);
  });

  it('sees no gap between a few points: nothing says yet how far apart they are meant to be', () => {
    assert.deepEqual(stretches(at(0, WINDOW.until)), [[0, WINDOW.until]]);
    assert.deepEqual(stretches(at(0, 5_000, 10_000, WINDOW.until)), [[0, WINDOW.until]]);
    assert.equal(stretches(at(0, 5_000, 10_000, 15_000, WINDOW.until))?.length, 2);
  });

  it('sees no gap where some points are close together and others are not', () => {
    const times = every(30_000, 0, 9 * MINUTE_MS).flatMap((time) => [time, time + 3_000, time + 6_000]);
    const regular = times.filter((time) => time % 60_000 < 30_000 || time % 30_000 === 0);
    assert.equal(stretches(at(...regular))?.length, 1);
  });

  it('loses and adds no point that can be read, whatever comes', () => {
    const time = fc.oneof(fc.integer({ min: -1_000, max: 700_000 }), fc.double());
    const points = fc.array(
      fc.record({ at: time, value: fc.oneof(fc.double(), fc.integer()) }, { noNullPrototype: true }),
    );
    fc.assert(
      fc.property(points, (some) => {
        const readable = some
          .filter(({ at: when, value }) => when >= 0 && when < Infinity && value >= 0 && value < Infinity)
          .toSorted((a, b) => a.at - b.at);
        const runs = readSeries(some, WINDOW)?.runs ?? [];
        assert.deepEqual(
          runs.flat(),
          readable.map((point) => ({ ...point, at: Math.min(point.at, WINDOW.until) })),
        );
        assert.ok(runs.every((run) => run.length > 0));
      }),
    );
  });
});
