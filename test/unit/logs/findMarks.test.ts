import assert from 'node:assert/strict';
import { findMarks } from '../../../src/logs/findMarks';

describe('where a pattern is in a line', () => {
  it('is told for each text, in units of UTF-16', () => {
    assert.deepEqual(findMarks({ text: 'a.' }, ['a. A. ab', '🚀a.']), [
      [0, 2, 3, 5],
      [2, 4],
    ]);
    assert.deepEqual(findMarks({ text: 'a.', isRegex: true, isCaseSensitive: true }, ['a. A. ab']), [
      [0, 2, 6, 8],
    ]);
  });

  it('is nowhere for a pattern that finds nothing but emptiness, and never too often', () => {
    assert.deepEqual(findMarks({ text: 'b*', isRegex: true }, ['aaa']), [[]]);
    assert.equal(findMarks({ text: 'a' }, ['a'.repeat(10_000)])[0]?.length, 400);
  });
});
