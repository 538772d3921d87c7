import assert from 'node:assert/strict';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';
import { parsePatch, patched } from '../../../../src/demo/registry/patchDocument';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

function apply(object: Record<string, unknown>, patch: unknown, contentType: string): unknown {
  const document = parsePatch(JSON.stringify(patch), contentType);
  assert.notEqual(document.type, 'apply');
  return document.type === 'apply' ? undefined : patched(object, document);
}

function refusedWith(code: number) {
  return (error: unknown) => error instanceof ApiStatusError && error.status.code === code;
}

describe('a patch', () => {
  it('merges by RFC 7396', () => {
    assert.deepEqual(
      apply(
        { a: 'b', c: { d: 'e', f: 'g' }, h: ['i'] },
        { a: 'z', c: { f: null }, h: [1], x: { y: null, z: 1 } },
        MERGE,
      ),
      { a: 'z', c: { d: 'e' }, h: [1], x: { z: 1 } },
    );
  });

  it('leaves the object it is applied to as it was', () => {
    const object = { a: { b: [1, 2] } };
    apply(object, [{ op: 'remove', path: '/a/b/0' }], JSON_PATCH);
    apply(object, { a: null }, MERGE);
    assert.deepEqual(object, { a: { b: [1, 2] } });
  });

  it('may be a list of operations, each on what the ones before it left', () => {
    assert.deepEqual(
      apply(
        { list: ['a', 'c'], name: 'x' },
        [
          { op: 'test', path: '/name', value: 'x' },
          { op: 'add', path: '/list/1', value: 'b' },
          { op: 'move', from: '/list/0', path: '/list/2' },
          { op: 'copy', from: '/name', path: '/a~1b' },
          { op: 'remove', path: '/name' },
        ],
        JSON_PATCH,
      ),
      { list: ['b', 'c', 'a'], 'a/b': 'x' },
    );
  });

  it('replaces what is not there as the API server does: in an object, not in a list', () => {
    assert.deepEqual(apply({ a: {} }, [{ op: 'replace', path: '/a/b', value: 1 }], JSON_PATCH), {
      a: { b: 1 },
    });
    const beyond = [{ op: 'replace', path: '/a/3', value: 1 }];
    assert.throws(() => apply({ a: [] }, beyond, JSON_PATCH), refusedWith(422));
  });

  it('is refused as a whole where one operation cannot be carried out', () => {
    for (const operation of [
      { op: 'test', path: '/a', value: 2 },
      { op: 'remove', path: '/nothing' },
      { op: 'add', path: '/nothing/more', value: 1 },
      { op: 'double', path: '/a' },
      { op: 'add', path: 'a', value: 1 },
      { op: 'move', path: '/a' },
    ]) {
      assert.throws(() => apply({ a: 1 }, [operation], JSON_PATCH), refusedWith(422), operation.op);
    }
  });

  it('is refused where it is malformed, and in a form the server does not take', () => {
    assert.throws(() => parsePatch('[1]', MERGE), refusedWith(400));
    assert.throws(() => parsePatch('{"a"', MERGE), refusedWith(400));
    assert.throws(() => parsePatch('{}', JSON_PATCH), refusedWith(400));
    assert.throws(() => parsePatch('a: [', 'application/apply-patch+yaml'), refusedWith(400));
    assert.throws(() => parsePatch('{}', 'application/strategic-merge-patch+json'), refusedWith(415));
    assert.throws(() => parsePatch('{}', undefined), refusedWith(415));
  });

  it('cannot reach the prototype of objects', () => {
    apply({ a: 1 }, JSON.parse('{"__proto__":{"polluted":true}}'), MERGE);
    apply({ a: 1 }, [{ op: 'add', path: '/__proto__/polluted', value: true }], JSON_PATCH);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });
});
