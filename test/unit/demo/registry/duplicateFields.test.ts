import assert from 'node:assert/strict';
import { duplicateFields } from '../../../../src/demo/registry/duplicateFields';

describe('duplicate fields', () => {
  it('are found at any depth, each once', () => {
    assert.deepEqual(duplicateFields('{"a":1,"b":{"c":[{"d":1},{"d":1,"d":2,"d":3}]},"a":{"a":{}}}'), [
      'b.c[1].d',
      'a',
    ]);
  });

  it('are told from equal names elsewhere, from values, and from what a string holds', () => {
    for (const json of [
      '{"a":{"a":"a"},"b":["a","a"],"c":"{\\"a\\":1,\\"a\\":2}"}',
      '[{"a":1},{"a":2}]',
      '{"a\\"":1,"a":2}',
      '"a"',
      '{}',
    ]) {
      assert.deepEqual(duplicateFields(json), [], json);
    }
  });

  it('are the same however they are escaped', () => {
    assert.deepEqual(duplicateFields('{"a":1,"\\u0061":2}'), ['a']);
  });
});
