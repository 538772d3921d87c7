import assert from 'node:assert/strict';
import { humanAge, humanDuration } from '../../../../src/demo/table/humanDuration';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('a human duration', () => {
  it('gets coarser the longer it is, as in kubectl', () => {
    const expected: readonly (readonly [number, string])[] = [
      [-2.5 * SECOND_MS, '<invalid>'],
      [-1.5 * SECOND_MS, '0s'],
      [0, '0s'],
      [119.9 * SECOND_MS, '119s'],
      [120 * SECOND_MS, '2m'],
      [4 * MINUTE_MS + 21 * SECOND_MS, '4m21s'],
      [10 * MINUTE_MS + 21 * SECOND_MS, '10m'],
      [179 * MINUTE_MS, '179m'],
      [3 * HOUR_MS, '3h'],
      [7 * HOUR_MS + 59 * MINUTE_MS, '7h59m'],
      [47 * HOUR_MS, '47h'],
      [48 * HOUR_MS, '2d'],
      [7 * DAY_MS + 5 * HOUR_MS, '7d5h'],
      [8 * DAY_MS + 5 * HOUR_MS, '8d'],
      [729 * DAY_MS, '729d'],
      [730 * DAY_MS, '2y'],
      [2 * 365 * DAY_MS + 35 * DAY_MS, '2y35d'],
      [9 * 365 * DAY_MS + 35 * DAY_MS, '9y'],
    ];
    assert.deepEqual(
      expected.map(([durationMs]) => humanDuration(durationMs)),
      expected.map(([, text]) => text),
    );
  });

  it('is unknown from no instant, and invalid from what is none', () => {
    const nowMs = Date.parse('2026-01-01T00:10:00Z');
    assert.equal(humanAge('2026-01-01T00:00:00Z', nowMs), '10m');
    assert.equal(humanAge(undefined, nowMs), '<unknown>');
    assert.equal(humanAge('', nowMs), '<unknown>');
    assert.equal(humanAge('yesterday', nowMs), '<invalid>');
  });
});
