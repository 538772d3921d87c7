import assert from 'node:assert/strict';
import { countText } from '../../../src/texts/countText';

describe('countText', () => {
  for (const [count, text] of [
    [0, 'many'],
    [1, 'one'],
    [2, 'many'],
    [1.5, 'many'],
  ] as const) {
    it(`takes "${text}" for ${count}`, () => assert.equal(countText(count, 'one', 'many'), text));
  }
});
