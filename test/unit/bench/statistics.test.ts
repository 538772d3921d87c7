import assert from 'node:assert/strict';
import { median, medianOfRounds, quantile, variation } from '../../bench/method/statistics';

describe('the statistics of a bench', () => {
  it('find the median of an odd and of an even number of values, in any order', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  it('order values as numbers, and leave the given list as it is', () => {
    const values = [10, 9, 100];
    assert.equal(median(values), 10);
    assert.deepEqual(values, [10, 9, 100]);
  });

  it('interpolate between neighbours, and reach both ends', () => {
    const values = [0, 10, 20, 30, 40];
    assert.equal(quantile(values, 0), 0);
    assert.equal(quantile(values, 1), 40);
    assert.equal(quantile(values, 0.9), 36);
    assert.equal(quantile([7], 0.99), 7);
  });

  it('make nothing of nothing', () => {
    assert.ok(Number.isNaN(median([])));
    assert.ok(Number.isNaN(variation([])));
  });

  it('tell the variation as the distance of the extremes, relative to the median', () => {
    assert.equal(variation([100, 90, 110]), 0.2);
    assert.equal(variation([3, 3, 3]), 0);
  });

  it('compare rounds with their neighbours: what slows both sides of a round changes nothing', () => {
    const ratio = (a: number, b: number): number => a / b;
    assert.equal(medianOfRounds([11, 11, 110, 11, 11], [10, 10, 100, 10, 10], ratio), 1.1);
    // The ratio of the medians would be 1; three of five rounds say 2.
    assert.equal(medianOfRounds([2, 4, 8, 4, 4], [1, 2, 4, 4, 8], ratio), 2);
  });

  it('refuse to compare different numbers of rounds', () => {
    assert.throws(() => medianOfRounds([1], [1, 2], (a, b) => a / b), RangeError);
  });
});
