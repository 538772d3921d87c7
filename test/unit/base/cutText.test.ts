import assert from 'node:assert/strict';
import { cutText } from '../../../src/base/cutText';

describe('a text that is cut', () => {
  it('stays as it is where there is room for it', () => {
    assert.equal(cutText('', 3), '');
    assert.equal(cutText('abc', 3), 'abc');
  });

  it('ends in an ellipsis that counts, and never in half a character', () => {
    assert.equal(cutText('abcd', 3), 'ab…');
    assert.equal(cutText('a😀bcd', 3), 'a…');
    assert.equal(cutText('a😀bcd', 4), 'a😀…');
  });
});
