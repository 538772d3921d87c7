import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readSeries, type SeriesPoint } from '../../../../src/base/readSeries';
import { sparklineShape, type SparklineShape } from '../../../../webview/ui/sparklineShape';

const SIZE = { width: 100, height: 22 };
const WINDOW = { from: 1_000, until: 2_000 };

function shapeOf(points: readonly SeriesPoint[]): SparklineShape {
  const series = readSeries(points, WINDOW);
  assert.ok(series !== undefined);
  return sparklineShape(series, WINDOW, SIZE);
}

function positions(path: string): readonly (readonly [x: number, y: number])[] {
  return [...path.matchAll(/([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

describe('sparklineShape', () => {
  it('goes from left to right over the window, and from 0 at the bottom to 100 at the top', () => {
    const { lines, areas } = shapeOf([
      { at: 1_000, value: 0 },
      { at: 1_500, value: 100 },
      { at: 2_000, value: 50 },
    ]);
    assert.deepEqual(lines, ['M0 21L50 1L100 11']);
    assert.deepEqual(areas, ['M0 21L50 1L100 11V22H0Z']);
  });

  it('draws what is above 100 at the top', () => {
    assert.deepEqual(positions(shapeOf([{ at: 2_000, value: 1e300 }]).dots[0] ?? ''), [[100, 1]]);
  });

  it('draws one point as a dot, with nothing below it', () => {
    assert.deepEqual(shapeOf([{ at: 1_500, value: 50 }]), { lines: [], areas: [], dots: ['M50 11h0'] });
  });

  it('draws a stretch that is too short for a line as a dot where it ends', () => {
    const points = [
      { at: 1_500, value: 0 },
      { at: 1_530, value: 50 },
    ];
    assert.deepEqual(shapeOf(points).dots, ['M53 11h0']);
    assert.deepEqual(shapeOf([...points, { at: 1_531, value: 50 }]).dots, []);
  });

  it('draws points of one instant above each other', () => {
    const { lines } = shapeOf([
      { at: 1_500, value: 0 },
      { at: 1_500, value: 100 },
      { at: 1_900, value: 0 },
    ]);
    assert.deepEqual(lines, ['M50 21L50 1L90 21']);
  });

  it('draws how low and how high merged points went, and goes on from their average', () => {
    const { lines } = shapeOf([
      { at: 1_000, value: 0 },
      { at: 1_500, value: 50, min: 10, max: 100 },
      { at: 2_000, value: 50 },
    ]);
    assert.deepEqual(lines, ['M0 21L50 19L50 1L50 11L100 11']);
  });

  it('does not bridge a gap', () => {
    const times = [1_000, 1_010, 1_020, 1_030, 1_040, 1_900, 1_920, 1_940];
    const { lines, areas } = shapeOf(times.map((at) => ({ at, value: 50 })));
    assert.deepEqual(
      lines.map((line) => positions(line).map(([x]) => x)),
      [
        [0, 1, 2, 3, 4],
        [90, 92, 94],
      ],
    );
    assert.equal(areas.length, 2);
  });

  it('draws thousands of points with at most four a column, and every peak', () => {
    const points = Array.from({ length: 5_000 }, (_, place) => ({
      at: 1_000 + place / 5,
      value: place === 2_501 ? 100 : place === 2_502 ? 0 : 50 + (place % 7),
    }));
    const drawn = positions(shapeOf(points).lines.join(''));
    assert.ok(drawn.length <= 4 * (SIZE.width + 1), `${drawn.length} points`);
    assert.ok(drawn.some(([x, y]) => x > 49 && x < 51 && y === 1));
    assert.ok(drawn.some(([x, y]) => x > 49 && x < 51 && y === 21));
  });

  it('draws within its frame and in the order of time, whatever comes', () => {
    const point = fc.record({ at: fc.double({ min: 900, max: 2_100 }), value: fc.double() });
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const series = readSeries(points, WINDOW);
        if (series === undefined) {
          return;
        }
        const { lines, areas, dots } = sparklineShape(series, WINDOW, SIZE);
        assert.doesNotMatch([...lines, ...areas, ...dots].join(''), /NaN|Infinity|undefined|e[+-]/);
        assert.equal(lines.length + dots.length, series.runs.length);
        const drawn = positions(lines.join(''));
        assert.ok(drawn.every(([x, y]) => x >= 0 && x <= SIZE.width && y >= 1 && y <= SIZE.height - 1));
        assert.deepEqual(
          drawn,
          drawn.toSorted(([a], [b]) => a - b),
        );
      }),
    );
  });

  it('draws a window without extent at its beginning', () => {
    const window = { from: 1_000, until: 1_000 };
    const series = readSeries([{ at: 1_000, value: 50 }], window);
    assert.ok(series !== undefined);
    assert.deepEqual(sparklineShape(series, window, SIZE).dots, ['M0 11h0']);
  });
});
