import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readSeries, type SeriesPoint } from '../../../src/base/readSeries';
import { sparkText } from '../../../src/texts/sparkText';

const WINDOW = { from: 0, until: 80 };

function drawn(points: readonly (readonly [at: number, value: number])[]): string | undefined {
  const series = readSeries(
    points.map(([at, value]): SeriesPoint => ({ at, value })),
    WINDOW,
  );
  return series && sparkText(series, WINDOW, 8);
}

describe('sparkText', () => {
  it('draws one block a stretch of time, an eighth of a hundred each higher than the last', () => {
    const stairs = Array.from({ length: 8 }, (_, step) => [step * 10 + 5, step * 12.5] as const);
    assert.equal(drawn(stairs), '▁▂▃▄▅▆▇█');
  });

  it('draws nothing higher than a whole block', () => {
    assert.equal(drawn([[75, 1e300]]), '·······█');
  });

  it('draws the highest of one stretch', () => {
    assert.equal(
      drawn([
        [71, 0],
        [75, 99],
        [79, 0],
      ]),
      '·······█',
    );
  });

  it('draws the peak of what was merged, not its average', () => {
    const series = readSeries([{ at: 75, value: 20, min: 0, max: 99 }], WINDOW);
    assert.equal(series && sparkText(series, WINDOW, 8), '·······█');
  });

  it('goes on evenly between points that are further apart than a block', () => {
    assert.equal(
      drawn([
        [5, 0],
        [75, 87.5],
      ]),
      '▁▂▃▄▅▆▇█',
    );
  });

  it('leaves a gap open', () => {
    const points = [2, 4, 6, 8, 10, 12, 14, 16, 72, 74, 76, 78].map((at) => [at, 50] as const);
    assert.equal(drawn(points), '▅▅·····▅');
  });

  it('draws points on both edges of the window', () => {
    assert.match(
      drawn([
        [0, 0],
        [80, 100],
      ]) ?? '',
      /^▁.*█$/,
    );
  });

  it('has as many characters as it was asked for, whatever comes', () => {
    const point = fc.tuple(fc.double({ min: -10, max: 90 }), fc.double());
    fc.assert(
      fc.property(fc.array(point), (points) => {
        assert.match(drawn(points) ?? '········', /^[▁▂▃▄▅▆▇█·]{8}$/);
      }),
    );
  });
});
