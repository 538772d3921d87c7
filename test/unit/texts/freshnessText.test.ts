import assert from 'node:assert/strict';
import { freshnessTexts } from '../../../src/texts/freshnessText';

describe('Texts of freshness', () => {
  it('say how old the data is, what showed it, how far it is, and how long the watch is open', () => {
    const status = { asOf: 57_000, proof: 'bookmark', resourceVersion: '81234', watchOpenedAt: 0 } as const;
    assert.deepEqual(freshnessTexts(status, 60_000), [
      'as of 3 s ago, shown by a bookmark',
      'resource version 81234',
      'watch open for 1 min',
    ]);
  });

  it('own up to a watch that is not open', () => {
    assert.deepEqual(freshnessTexts({ asOf: 0, proof: 'list' }, 5_000), [
      'as of 5 s ago, shown by a list',
      'no watch open',
    ]);
  });

  it('say nothing before anything was read', () => {
    assert.deepEqual(freshnessTexts({}, 5_000), []);
  });
});
