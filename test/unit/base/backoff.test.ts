import assert from 'node:assert/strict';
import { Backoff } from '../../../src/base/backoff';

const options = { initialMs: 800, maxMs: 30_000, factor: 2 };

describe('Backoff', () => {
  it('doubles the window up to its cap, and waits anywhere within it', () => {
    const atTheEnd = new Backoff(options, { next: () => 0.999_999_9 });
    assert.deepEqual(
      Array.from({ length: 8 }, () => atTheEnd.nextMs()),
      [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000],
    );
    const atTheStart = new Backoff(options, { next: () => 0 });
    assert.equal(atTheStart.nextMs(), 0);
  });

  it('starts over after a reset', () => {
    const backoff = new Backoff(options, { next: () => 0.5 });
    backoff.nextMs();
    backoff.nextMs();
    assert.equal(backoff.attempt, 2);
    backoff.reset();
    assert.equal(backoff.attempt, 0);
    assert.equal(backoff.nextMs(), 400);
  });
});
