import assert from 'node:assert/strict';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';
import {
  parsePatch,
  patched,
  patchTypeOf,
  type PatchDocument,
} from '../../../../src/demo/registry/patchDocument';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

function parse(body: string, contentType: string | undefined): PatchDocument {
  return parsePatch(body, patchTypeOf(contentType));
}

function apply(object: Record<string, unknown>, patch: unknown, contentType: string): unknown {
  const document = parse(JSON.stringify(patch), contentType);
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
    assert.throws(() => parse('[1]', MERGE), refusedWith(400));
    assert.throws(() => parse('{"a"', MERGE), refusedWith(400));
    assert.throws(() => parse('{}', JSON_PATCH), refusedWith(400));
    assert.throws(() => parse('a: [', 'application/apply-patch+yaml'), refusedWith(400));
    assert.throws(() => parse('{}', 'application/strategic-merge-patch+json'), refusedWith(415));
    assert.throws(() => parse('{}', undefined), refusedWith(415));
  });

  it('keeps names that mean something to JavaScript as data, and reaches no prototype', () => {
    const merged = apply({ a: 1 }, JSON.parse('{"__proto__":{"polluted":true}}'), MERGE);
    assert.equal(JSON.stringify(merged), '{"a":1,"__proto__":{"polluted":true}}');
    const add = (path: string, value: unknown) => ({ op: 'add', path, value });
    assert.equal(
      JSON.stringify(
        apply(
          { a: { constructor: { prototype: {} } } },
          [add('/__proto__', {}), add('/__proto__/x', 1), add('/a/constructor/prototype/x', 2)],
          JSON_PATCH,
        ),
      ),
      '{"a":{"constructor":{"prototype":{"x":2}}},"__proto__":{"x":1}}',
    );
    for (const operation of [
      add('/__proto__/polluted', true),
      add('/constructor/prototype/polluted', true),
      add('/text/length', 1),
      { op: 'remove', path: '/toString' },
      { op: 'test', path: '/toString', value: {} },
    ]) {
      assert.throws(() => apply({ text: 'x' }, [operation], JSON_PATCH), refusedWith(422), operation.path);
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('counts from the end of a list where an index is negative', () => {
    assert.deepEqual(
      apply(
        { list: ['a', 'b'] },
        [
          { op: 'replace', path: '/list/-1', value: 'c' },
          { op: 'add', path: '/list/-', value: 'e' },
          { op: 'add', path: '/list/-2', value: 'd' },
          { op: 'remove', path: '/list/-4' },
        ],
        JSON_PATCH,
      ),
      { list: ['c', 'd', 'e'] },
    );
    for (const path of ['/list/-3', '/list/3', '/list/x', '/list/1.0', '/list/length']) {
      assert.throws(() => apply({ list: [1, 2] }, [{ op: 'remove', path }], JSON_PATCH), refusedWith(422));
    }
  });

  it('may replace and test the whole, and say nothing for null', () => {
    assert.deepEqual(apply({ a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], JSON_PATCH), { b: 2 });
    assert.deepEqual(
      apply(
        { a: 1 },
        [
          { op: 'test', path: '', value: { a: 1 } },
          { op: 'test', path: '/b' },
          { op: 'add', path: '/b' },
        ],
        JSON_PATCH,
      ),
      { a: 1, b: null },
    );
    for (const operation of [
      { op: 'remove', path: '' },
      { op: 'add', path: '', value: {} },
      { op: 'copy', from: '', path: '/a' },
      { op: 'move', from: '/a', path: '/a/b' },
    ]) {
      assert.throws(() => apply({ a: {} }, [operation], JSON_PATCH), refusedWith(422), operation.op);
    }
  });

  it('does not carry what one operation brings into another by reference', () => {
    const value = { deep: [] };
    const operations = [
      { op: 'add', path: '/a', value },
      { op: 'copy', from: '/a', path: '/b' },
      { op: 'add', path: '/b/deep/-', value: 1 },
    ];
    assert.deepEqual(apply({}, operations, JSON_PATCH), { a: { deep: [] }, b: { deep: [1] } });
  });

  it('has at most 10,000 operations, and copies no more than 3 MiB', () => {
    const operations = (count: number) =>
      Array.from({ length: count }, () => ({ op: 'add', path: '/list/0', value: 1 }));
    assert.throws(() => apply({ list: [] }, operations(10_001), JSON_PATCH), refusedWith(413));
    const grown = apply({ list: [] }, operations(10_000), JSON_PATCH);
    assert.equal(JSON.stringify(grown).length, '{"list":[]}'.length + 2 * 10_000 - 1);
    const bomb = Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '/a', path: `/a/${index}` }));
    assert.throws(() => apply({ a: { text: 'x'.repeat(100) } }, bomb, JSON_PATCH), refusedWith(422));
  });

  it('cannot be deeper than 1,000 levels, nor make an object so', () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    for (const depth of [2_000, 200_000]) {
      assert.throws(() => parse(nested(depth), MERGE), refusedWith(400));
      assert.throws(
        () => parse(`[{"op":"add","path":"/x","value":${nested(depth)}}]`, JSON_PATCH),
        refusedWith(400),
      );
      assert.throws(() => parse(nested(depth), 'application/apply-patch+yaml'), refusedWith(400));
    }
    const value: unknown = JSON.parse(nested(900));
    const towers = [
      { op: 'add', path: '/x', value },
      { op: 'add', path: '/y', value },
      { op: 'move', from: '/x', path: `/y${'/a'.repeat(900)}` },
    ];
    assert.throws(() => apply({}, towers, JSON_PATCH), refusedWith(422));
    assert.throws(
      () => apply({}, [...towers, { op: 'copy', from: '/y', path: '/z' }], JSON_PATCH),
      refusedWith(422),
    );
  });
});
