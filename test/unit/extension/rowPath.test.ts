import assert from 'node:assert/strict';
import { rowOfPath, rowPath } from '../../../src/extension/tree/rowPath';

describe('The path that stands for a row', () => {
  for (const name of [
    'eu-west-1',
    '',
    'a/b',
    '..',
    '%2F',
    '__proto__',
    'שלום',
    '\uD800',
    'half \uDFFF a pair',
    '"',
    undefined,
  ]) {
    it(`leads back to ${JSON.stringify(name) ?? 'the source alone'}`, () => {
      const row = { source: 'a/b c', name };
      assert.deepEqual(rowOfPath(rowPath(row)), row);
    });
  }

  it('is another one for each name', () => {
    const names = ['\uD800', '\uDBFF', '\uFFFD', ''];
    assert.equal(new Set(names.map((name) => rowPath({ source: 's', name }))).size, names.length);
  });

  it('is no other than those', () => {
    for (const path of ['', '/', '/%', '/%E0%A4%A', '/plain', '/1', '/%22s%22/1']) {
      assert.equal(rowOfPath(path), undefined, path);
    }
  });
});
