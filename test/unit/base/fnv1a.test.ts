import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fnv1a } from '../../../src/base/fnv1a';

function reference(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text, 'utf16le')) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

describe('fnv1a', () => {
  it('is the 64-bit FNV-1a of the UTF-16 of any text', () => {
    assert.equal(fnv1a(''), 'cbf29ce484222325');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        assert.equal(fnv1a(text), reference(text));
      }),
    );
  });

  it('takes half a character for what it is', () => {
    assert.notEqual(fnv1a('\ud800'), fnv1a('\ud801'));
  });
});
