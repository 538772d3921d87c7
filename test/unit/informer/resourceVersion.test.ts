import assert from 'node:assert/strict';
import { compareResourceVersions } from '../../../src/informer/resourceVersion';

describe('compareResourceVersions', () => {
  for (const [a, b, expected] of [
    ['1', '1', 0],
    ['opaque', 'opaque', 0],
    ['9', '10', -1],
    ['10', '9', 1],
    ['12', '13', -1],
    ['18446744073709551615', '18446744073709551616', -1],
    ['9007199254740993', '9007199254740992', 1],
    ['99999999999999999999999', '100000000000000000000000', -1],
    ['0', '1', undefined],
    ['01', '2', undefined],
    ['', '1', undefined],
    ['1', 'a', undefined],
    ['-1', '1', undefined],
    ['1.5', '1', undefined],
    ['1e3', '5', undefined],
    ['１', '2', undefined],
  ] as const) {
    it(`finds "${a}" and "${b}" ${expected === undefined ? 'not comparable' : `ordered as ${expected}`}`, () => {
      const order = compareResourceVersions(a, b);
      assert.equal(order === undefined ? undefined : Math.sign(order), expected);
    });
  }
});
