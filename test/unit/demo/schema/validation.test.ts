import assert from 'node:assert/strict';
import { decodeStructuralSchema } from '../../../../src/demo/schema/structuralSchema';
import { validate } from '../../../../src/demo/schema/validation';

/** As the API server would print them, one a line. */
function errors(value: unknown, schema: object, field?: string): readonly string[] {
  return validate(value, decodeStructuralSchema(schema), field).map(
    ({ field: path, message }) => `${path}: ${message}`,
  );
}

const objectOf = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest });

describe('validation by a structural schema', () => {
  it('has nothing to say of what is right', () => {
    const schema = objectOf({
      a: { type: 'string', enum: ['x'], minLength: 1, pattern: '^x$' },
      b: { type: 'integer', format: 'int32', minimum: 0, maximum: 2 },
      c: { 'x-kubernetes-int-or-string': true },
      d: { type: 'array', items: { type: 'boolean' } },
      e: { type: 'string', format: 'date-time' },
      f: { type: 'string', nullable: true },
    });
    const value = { a: 'x', b: 2, c: '1Gi', d: [true], e: '2026-03-01T12:00:00.5+01:00', f: null };
    assert.deepEqual(errors(value, schema), []);
    assert.deepEqual(errors({ c: 7 }, schema), []);
  });

  it('names the type that was given and the one that is wanted', () => {
    const schema = objectOf({ a: { type: 'string' } });
    const message = (name: string) =>
      `a: Invalid value: "${name}": a in body must be of type string: "${name}"`;
    const cases: readonly (readonly [unknown, string])[] = [
      [1, 'integer'],
      [1.5, 'number'],
      [true, 'boolean'],
      [[], 'array'],
      [{}, 'object'],
      [null, 'null'],
    ];
    for (const [value, name] of cases) {
      assert.deepEqual(errors({ a: value }, schema), [message(name)]);
    }
  });

  it('tells every mistake of an object, missing fields after wrong ones', () => {
    const schema = objectOf(
      { a: { type: 'integer', minimum: 1 }, b: { type: 'string', enum: ['x', 'y'] } },
      { required: ['c'] },
    );
    assert.deepEqual(errors({ b: 'z', a: 0 }, schema), [
      'a: Invalid value: 0: a in body should be greater than or equal to 1',
      'b: Unsupported value: "z": supported values: "x", "y"',
      'c: Required value',
    ]);
  });

  it('says where a part of an object stands, and describes it by its own path', () => {
    const schema = objectOf({ at: { type: 'string', format: 'date-time' } }, { required: ['phase'] });
    assert.deepEqual(errors({ at: 'yesterday' }, schema, 'status'), [
      'status.at: Invalid value: "yesterday": at in body must be of type date-time: "yesterday"',
      'status.phase: Required value',
    ]);
  });

  it('counts characters, not UTF-16 units', () => {
    const schema = objectOf({ a: { type: 'string', maxLength: 2 } });
    assert.deepEqual(errors({ a: '😀😀' }, schema), []);
    assert.deepEqual(errors({ a: 'abc' }, schema), ['a: Too long: may not be more than 2 bytes']);
  });

  it('finds items of a list map and of a set that are there twice', () => {
    const list = {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: objectOf({ type: { type: 'string' } }),
    };
    const set = { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } };
    const value = { list: [{ type: 'A' }, { type: 'B' }, { type: 'A' }], set: ['x', 'x'] };
    assert.deepEqual(errors(value, objectOf({ list, set })), [
      'list[2]: Duplicate value: {"type":"A"}',
      'set[1]: Duplicate value: "x"',
    ]);
  });

  it('looks into the values of a map', () => {
    const schema = objectOf({ labels: { type: 'object', additionalProperties: { type: 'string' } } });
    assert.deepEqual(errors({ labels: { a: 'b', c: 1 } }, schema), [
      'labels.c: Invalid value: "integer": labels.c in body must be of type string: "integer"',
    ]);
  });
});
