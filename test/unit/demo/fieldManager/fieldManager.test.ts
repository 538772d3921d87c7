import assert from 'node:assert/strict';
import { isRecord, type JsonRecord } from '../../../../src/base/jsonRecord';
import { ApplyConflict } from '../../../../src/demo/fieldManager/applyConflict';
import {
  applyConfiguration,
  trackUpdate,
  type FieldManagerOptions,
} from '../../../../src/demo/fieldManager/fieldManager';
import { FieldSet } from '../../../../src/demo/fieldManager/fieldSet';
import { decodeManagedFields } from '../../../../src/demo/fieldManager/managedFields';
import { OBJECT_META_SCHEMA } from '../../../../src/demo/schema/objectMetaSchema';
import { decodeStructuralSchema } from '../../../../src/demo/schema/structuralSchema';

const BASE = decodeStructuralSchema({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        note: { type: 'string' },
        rules: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } },
        list: { type: 'array', items: { type: 'string' } },
        conditions: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          items: { type: 'object', properties: { type: { type: 'string' }, status: { type: 'string' } } },
        },
      },
    },
  },
});
const SCHEMA = {
  ...BASE,
  properties: new Map([...BASE.properties, ['metadata', OBJECT_META_SCHEMA] as const]),
};

function as(
  manager: string,
  operation: 'Apply' | 'Update',
  now = '2026-01-01T00:00:00Z',
): FieldManagerOptions {
  return {
    schema: SCHEMA,
    identity: { manager, operation, apiVersion: 'v1', subresource: '' },
    now,
    resetFields: new FieldSet(),
  };
}

function apply(manager: string, live: JsonRecord | undefined, spec: object, force = false): JsonRecord {
  return applyConfiguration(live, { metadata: { name: 'x' }, spec }, force, as(manager, 'Apply')).object;
}

/** manager → the fields it owns. */
function owners(object: JsonRecord): Readonly<Record<string, JsonRecord>> {
  const { metadata } = object;
  const entries = decodeManagedFields(isRecord(metadata) ? metadata['managedFields'] : undefined) ?? [];
  return Object.fromEntries(entries.map(({ manager, fields }) => [manager, fields.toFieldsV1()]));
}

describe('server-side apply', () => {
  it('merges maps by field and list maps by item, and takes other lists as one', () => {
    const first = apply('a', undefined, {
      rules: { a: '1' },
      list: ['x'],
      conditions: [{ type: 'A', status: '1' }],
    });
    const second = apply(
      'b',
      first,
      { rules: { b: '2' }, list: ['y'], conditions: [{ type: 'B', status: '2' }] },
      true,
    );
    assert.deepEqual(second['spec'], {
      rules: { a: '1', b: '2' },
      list: ['y'],
      conditions: [
        { type: 'A', status: '1' },
        { type: 'B', status: '2' },
      ],
    });
  });

  it('refuses another value for a field of somebody else, and says whose it is', () => {
    const live = apply('a', undefined, { name: 'n', note: 'mine' });
    assert.throws(
      () => apply('b', live, { name: 'n', note: 'theirs' }),
      (error: unknown) => {
        assert.ok(error instanceof ApplyConflict);
        assert.equal(error.message, 'Apply failed with 1 conflict: conflict with "a": .spec.note');
        return true;
      },
    );
    assert.throws(
      () => apply('b', live, { name: 'other', note: 'theirs' }),
      /^ApplyConflict: Apply failed with 2 conflicts: conflicts with "a":\n- \.spec\.name\n- \.spec\.note$/,
    );
    const forced = apply('b', live, { note: 'theirs' }, true);
    assert.deepEqual(owners(forced), {
      a: { 'f:spec': { 'f:name': {} } },
      b: { 'f:spec': { 'f:note': {} } },
    });
  });

  it('lets two own the same value, and removes it with its last owner', () => {
    const one = apply('a', undefined, { name: 'n', note: 'shared' });
    const both = apply('b', one, { note: 'shared' });
    const left = apply('a', both, { name: 'n' });
    assert.deepEqual(left['spec'], { name: 'n', note: 'shared' });
    const gone = apply('b', left, {});
    assert.deepEqual(gone['spec'], { name: 'n' });
  });

  it('says when nothing changed', () => {
    const live = apply('a', undefined, { name: 'n' });
    const config = { metadata: { name: 'x' }, spec: { name: 'n' } };
    assert.equal(
      applyConfiguration(live, config, false, as('a', 'Apply', '2027-01-01T00:00:00Z')).isUnchanged,
      true,
    );
    assert.equal(applyConfiguration(live, config, false, as('b', 'Apply')).isUnchanged, false);
  });
});

describe('an update', () => {
  it('makes its writer the owner of what it changed, and of nothing else', () => {
    const live = apply('a', undefined, { name: 'n', note: 'old', list: ['x'] });
    const { metadata } = live;
    const next = trackUpdate(
      live,
      { metadata, spec: { name: 'n', note: 'new' } },
      as('editor', 'Update', '2026-02-02T00:00:00Z'),
    );
    assert.deepEqual(owners(next), {
      a: { 'f:spec': { 'f:name': {} } },
      editor: { 'f:spec': { 'f:note': {} } },
    });
  });

  it('that creates owns the objects, too, and not what says which object it is', () => {
    const created = trackUpdate(
      undefined,
      {
        apiVersion: 'v1',
        kind: 'Thing',
        metadata: { name: 'x', labels: { l: '1' } },
        spec: { rules: { a: '1' } },
      },
      as('creator', 'Update'),
    );
    assert.deepEqual(owners(created), {
      creator: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } },
        'f:spec': { '.': {}, 'f:rules': { '.': {}, 'f:a': {} } },
      },
    });
  });

  it('does not own what is set back, and may reset all ownership', () => {
    const resetFields = new FieldSet();
    resetFields.insert(['f:spec']);
    const live = apply('a', undefined, { name: 'n' });
    const { metadata } = live;
    const options = { ...as('editor', 'Update'), resetFields };
    assert.deepEqual(Object.keys(owners(trackUpdate(live, { metadata, spec: { name: 'm' } }, options))), [
      'a',
    ]);
    const withEntries = (managedFields: unknown) =>
      owners(trackUpdate(live, { ...live, metadata: { name: 'x', managedFields } }, as('editor', 'Update')));
    assert.deepEqual(withEntries([{}]), {});
    assert.deepEqual(withEntries([]), owners(live));
  });

  it('of a part, such as the status, says nothing about who owns what', () => {
    const live = apply('a', undefined, { name: 'n' });
    const entry = {
      manager: 'thief',
      operation: 'Update',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': {} },
    };
    const options = as('editor', 'Update');
    const ofStatus = { ...options, identity: { ...options.identity, subresource: 'status' } };
    for (const managedFields of [[{}], [entry]]) {
      const next = trackUpdate(live, { ...live, metadata: { name: 'x', managedFields } }, ofStatus);
      assert.deepEqual(owners(next), { a: { 'f:spec': { 'f:name': {} } } });
    }
  });

  it('may bring entries; those that cannot be read count for nothing', () => {
    const live = apply('a', undefined, { name: 'n' });
    for (const fieldsV1 of [{ 'f:list': { 'k:no json': {} } }, { 'f:list': { 'k:5': {} } }, { 'v:x': {} }]) {
      const entry = { manager: 'm', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 };
      const metadata = { name: 'x', managedFields: [entry] };
      assert.deepEqual(owners(trackUpdate(live, { ...live, metadata }, as('editor', 'Update'))), {
        a: { 'f:spec': { 'f:name': {} } },
      });
    }
  });
});

describe('the order of a list map', () => {
  const conditions = (...types: readonly string[]) => types.map((type) => ({ type, status: '1' }));
  const orderAfter = (live: readonly string[], config: readonly string[]): unknown => {
    const first = apply('a', undefined, { conditions: conditions(...live) });
    const { spec } = apply('b', first, { conditions: conditions(...config) }, true);
    const items = isRecord(spec) ? spec['conditions'] : undefined;
    return Array.isArray(items) ? items.map((item: { type: string }) => item.type).join('') : undefined;
  };

  it('is that of the configuration where both name an item, and new items come last', () => {
    assert.equal(orderAfter(['A'], ['B']), 'AB');
    assert.equal(orderAfter(['A', 'B', 'C'], ['C', 'A']), 'BCA');
    assert.equal(orderAfter(['A', 'B', 'C'], ['B']), 'ABC');
    assert.equal(orderAfter(['A', 'B'], ['X', 'B', 'Y']), 'AXBY');
  });
});
