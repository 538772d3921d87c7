import assert from 'node:assert/strict';
import { compareNames } from '../../../src/texts/compareNames';

describe('compareNames', () => {
  it('takes figures in names for what they are worth', () => {
    assert.deepEqual(['node-10', 'b', 'node-2', 'a'].toSorted(compareNames), ['a', 'b', 'node-2', 'node-10']);
  });
});
