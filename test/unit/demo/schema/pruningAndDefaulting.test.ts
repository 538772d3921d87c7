import assert from 'node:assert/strict';
import { withDefaults } from '../../../../src/demo/schema/defaulting';
import { prune } from '../../../../src/demo/schema/pruning';
import { decodeStructuralSchema } from '../../../../src/demo/schema/structuralSchema';

const SCHEMA = decodeStructuralSchema({
  type: 'object',
  properties: {
    stage: { type: 'string', default: 'development' },
    note: { type: 'string' },
    maybe: { type: 'string', nullable: true },
    rules: { type: 'object', properties: { strict: { type: 'boolean', default: true } } },
    nodes: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, role: { type: 'string', default: 'worker' } },
      },
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
});

describe('pruning', () => {
  it('drops what the schema does not know, and names it in the order of its paths', () => {
    const { value, unknownFields } = prune(
      {
        typo: 1,
        nodes: [{ name: 'a', age: 3 }],
        rules: { strict: false, loose: true },
        labels: { any: 'thing' },
        free: { as: ['a', 'bird'] },
      },
      SCHEMA,
    );
    assert.deepEqual(value, {
      nodes: [{ name: 'a' }],
      rules: { strict: false },
      labels: { any: 'thing' },
      free: { as: ['a', 'bird'] },
    });
    assert.deepEqual(unknownFields, ['nodes[0].age', 'rules.loose', 'typo']);
  });

  it('drops nulls that are no value, keeps those that are, and those that a default will replace', () => {
    const { value, unknownFields } = prune({ note: null, maybe: null, stage: null }, SCHEMA);
    assert.deepEqual(value, { maybe: null, stage: null });
    assert.deepEqual(unknownFields, []);
  });

  it('keeps a label named __proto__ as a label', () => {
    const { value } = prune(JSON.parse('{"labels":{"__proto__":"x"}}'), SCHEMA);
    assert.equal(JSON.stringify(value), '{"labels":{"__proto__":"x"}}');
  });
});

describe('defaulting', () => {
  it('fills in where the parent is there, also in items, and nowhere else', () => {
    assert.deepEqual(withDefaults({ nodes: [{ name: 'a' }, { name: 'b', role: 'x' }] }, SCHEMA), {
      stage: 'development',
      nodes: [
        { name: 'a', role: 'worker' },
        { name: 'b', role: 'x' },
      ],
    });
    assert.deepEqual(withDefaults({ rules: {}, stage: null }, SCHEMA), {
      rules: { strict: true },
      stage: 'development',
    });
  });

  it('returns the same object where nothing is missing', () => {
    const object = { stage: 'production', rules: { strict: false } };
    assert.equal(withDefaults(object, SCHEMA), object);
  });
});
