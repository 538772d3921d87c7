import assert from 'node:assert/strict';
import { rowOfPath, rowPath } from '../../../src/extension/tree/rowPath';

describe('the path of a row', () => {
  it('names source and persona, whatever they are called', () => {
    const names = ['', 'a', 'a/b', '%2F', '"', '\uD800', '\uDFFF', '�', '__proto__', 'x'.repeat(100_000)];
    const paths = new Set<string>();
    for (const source of names) {
      for (const key of [{ source }, ...names.map((name) => ({ source, name }))]) {
        paths.add(rowPath(key));
        assert.deepEqual(rowOfPath(rowPath(key)), key);
      }
    }
    assert.equal(paths.size, names.length * (names.length + 1));
  });

  it('is that of no row where somebody else made it', () => {
    for (const path of ['', '/', '//', '/%', '/%22', '/1', '/null', 'a']) {
      assert.equal(rowOfPath(path), undefined, path);
    }
  });
});
