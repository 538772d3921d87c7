import assert from 'node:assert/strict';
import { agoText } from '../../../src/texts/ageText';

describe('agoText', () => {
  it('says how long ago it was', () => {
    assert.equal(agoText(1_000_000, 1_240_000), '4 min ago');
  });

  it('makes nothing of clocks that differ by up to a minute, and no past of the future', () => {
    assert.equal(agoText(60_000, 0), '0 s ago');
    assert.equal(agoText(60_001, 0), 'in the future');
  });
});
