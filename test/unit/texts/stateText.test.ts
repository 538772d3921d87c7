import assert from 'node:assert/strict';
import { spanText } from '../../../src/texts/ageText';
import { nextTryText, stateText } from '../../../src/texts/stateText';

describe('Texts of states', () => {
  const problem = { code: 'unreachable', detail: '' } as const;

  it('say how far a synchronisation is', () => {
    assert.equal(
      stateText({ type: 'syncing', loaded: 2000, total: 5000 }, 0),
      `syncing ${(2000).toLocaleString()} of ${(5000).toLocaleString()}`,
    );
    assert.equal(stateText({ type: 'syncing', loaded: 0 }, 0), 'syncing');
  });

  it('say when the next attempt is', () => {
    const state = { type: 'reconnecting', attempt: 3, retryAt: 10_000, problem } as const;
    assert.equal(stateText(state, 6_500), 'reconnecting in 4 s, attempt 3');
    assert.equal(stateText(state, 10_001), 'reconnecting, attempt 3');
  });

  it('say how long data has been stale', () => {
    assert.equal(stateText({ type: 'stale', since: 0 }, 4 * 60_000), 'stale, 4 min');
    const failing = { type: 'stale', since: 0, problem, retryAt: 10_000 } as const;
    assert.equal(stateText(failing, 7_500), 'stale, 7 s, again in 3 s');
    assert.equal(stateText(failing, 10_000), 'stale, 10 s');
  });

  it('say when it is looked at again whether somebody mended it', () => {
    const state = { type: 'forbidden', retryAt: 12_000, problem } as const;
    assert.equal(stateText(state, 0), 'forbidden');
    assert.equal(nextTryText(state, 0), 'again in 12 s');
    assert.equal(nextTryText(state, 12_000), undefined);
    assert.equal(nextTryText({ type: 'live' }, 0), undefined);
  });

  it('give a span in one unit', () => {
    assert.deepEqual([-5, 0, 59_999, 60_000, 3_600_000, 47 * 3_600_000, 48 * 3_600_000].map(spanText), [
      '0 s',
      '0 s',
      '59 s',
      '1 min',
      '1 h',
      '47 h',
      '2 d',
    ]);
  });
});
