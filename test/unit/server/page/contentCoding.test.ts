import assert from 'node:assert/strict';
import { contentCoding } from '../../../../src/server/page/contentCoding';

describe('the coding that a browser gets a file in', () => {
  const cases: readonly (readonly [string | undefined, string])[] = [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['*', 'br'],
    ['br; q=0.1', 'br'],
    ['identity', 'identity'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=nonsense', 'identity'],
    ['', 'identity'],
    [undefined, 'identity'],
  ];
  for (const [accepted, coding] of cases) {
    it(`is ${coding} for ${accepted ?? 'nothing said'}`, () => assert.equal(contentCoding(accepted), coding));
  }
});
