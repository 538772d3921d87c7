import assert from 'node:assert/strict';
import { doubtsOf, isMet, rounded, verdictOf } from '../../bench/method/outcome';

const outcome = { figures: {}, targets: {}, doubts: [], table: [] };

describe('the outcome of a bench', () => {
  it('is doubted when the control varied by more than 20 %, and not at just that', () => {
    assert.deepEqual(doubtsOf('the control', [90, 100, 110]), []);
    assert.deepEqual(doubtsOf('the control', [90, 100, 111]), [
      'the control varied by 21 % over the rounds, more than 20 %',
    ]);
  });

  it('is doubted when the control was not measured', () => {
    assert.deepEqual(doubtsOf('the control', []), ['the control was not measured']);
    assert.deepEqual(doubtsOf('the control', [0, 0]), ['the control was not measured']);
  });

  it('meets a bound that it reaches exactly, from either side', () => {
    assert.equal(isMet(1.15, { atMost: 1.15 }), true);
    assert.equal(isMet(1.16, { atMost: 1.15 }), false);
    assert.equal(isMet(100, { atLeast: 100 }), true);
    assert.equal(isMet(99, { atLeast: 100 }), false);
  });

  it('does not meet a target by a figure that is missing', () => {
    assert.equal(isMet(undefined, { atMost: 1 }), false);
    assert.equal(isMet(null, { atMost: 1 }), false);
    const verdict = verdictOf('x', {
      ...outcome,
      figures: { ms: Number.NaN },
      targets: { ms: { atMost: 1 } },
    });
    assert.equal(verdict.met, false);
    assert.equal(verdict.figures['ms'], null);
  });

  it('is judged by the figures as they are shown', () => {
    const verdict = verdictOf('x', {
      ...outcome,
      figures: { ratio: 1.1504, cluster: 'demo' },
      targets: { ratio: { atMost: 1.15 } },
    });
    assert.deepEqual(verdict, {
      name: 'x',
      figures: { ratio: 1.15, cluster: 'demo', inconclusive: false },
      targets: { ratio: { atMost: 1.15, met: true } },
      met: true,
    });
  });

  it('misses as a whole what it misses in one target, and says why it is inconclusive', () => {
    const verdict = verdictOf('x', {
      ...outcome,
      figures: { a: 1, b: 2 },
      targets: { a: { atMost: 1 }, b: { atMost: 1 } },
      doubts: ['the control varied', 'the writes came late'],
    });
    assert.equal(verdict.met, false);
    assert.deepEqual(
      Object.values(verdict.targets).map(({ met }) => met),
      [true, false],
    );
    assert.equal(verdict.figures['inconclusive'], 'the control varied; the writes came late');
  });

  it('keeps three significant digits, and all before the point', () => {
    assert.deepEqual(
      [1.23456, 12.3456, 123.456, 123_456.7, 0.012_345, -1.239].map(rounded),
      [1.23, 12.3, 123, 123_457, 0.0123, -1.24],
    );
    assert.equal(rounded(Number.POSITIVE_INFINITY), null);
  });
});
