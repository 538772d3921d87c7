import assert from 'node:assert/strict';
import { NAMESPACES } from '../../../../src/demo/apiServer/apiResource';
import { encodeTable, TableWatchEncoder } from '../../../../src/demo/table/encodeTable';
import type { IncludeObject } from '../../../../src/demo/table/negotiateTable';
import { encodePartialList } from '../../../../src/demo/table/partialObject';
import { tableFormatOf } from '../../../../src/demo/table/tableFormatOf';

const NOW_MS = Date.parse('2026-11-24T19:14:00Z');
const METADATA = { name: 'default', resourceVersion: '16', creationTimestamp: '2026-11-24T19:11:00Z' };
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: METADATA, status: { phase: 'Active' } };
const PARTIAL = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: METADATA };
const FORMAT = tableFormatOf(NAMESPACES);

function tableOf(includeObject: IncludeObject) {
  const options = { includeObject, version: 'v1' } as const;
  const pieces = encodeTable(FORMAT, [NAMESPACE, NAMESPACE], { resourceVersion: '227' }, options, NOW_MS);
  return JSON.parse([...pieces].join(''));
}

describe('a table on the wire', () => {
  it('is a list with its columns, one row an object, and the metadata of each', () => {
    const row = { cells: ['default', 'Active', '3m'], object: PARTIAL };
    assert.deepEqual(tableOf('Metadata'), {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '227' },
      columnDefinitions: FORMAT.columns,
      rows: [row, row],
    });
  });

  it('carries the whole object or none where that is asked for', () => {
    assert.deepEqual(tableOf('Object').rows[0].object, NAMESPACE);
    assert.equal(tableOf('None').rows[1].object, null);
  });

  it('says the columns in the first event of a watch only', () => {
    const encoder = new TableWatchEncoder(FORMAT, { includeObject: 'Metadata', version: 'v1' });
    const first = JSON.parse(encoder.event('ADDED', NAMESPACE, NOW_MS));
    assert.equal(first.type, 'ADDED');
    assert.deepEqual(first.object.metadata, { resourceVersion: '16' });
    assert.equal(first.object.columnDefinitions.length, 3);
    const second = JSON.parse(encoder.event('DELETED', NAMESPACE, NOW_MS));
    assert.deepEqual(second, {
      type: 'DELETED',
      object: {
        kind: 'Table',
        apiVersion: 'meta.k8s.io/v1',
        metadata: { resourceVersion: '16' },
        columnDefinitions: null,
        rows: [{ cells: ['default', 'Active', '3m'], object: PARTIAL }],
      },
    });
  });

  it('tells the revision of a bookmark twice, whatever a row carries', () => {
    const encoder = new TableWatchEncoder(FORMAT, { includeObject: 'None', version: 'v1' });
    encoder.event('ADDED', NAMESPACE, NOW_MS);
    const metadata = { resourceVersion: '281' };
    assert.deepEqual(JSON.parse(encoder.bookmark(metadata)).object, {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      columnDefinitions: null,
      rows: [{ cells: ['', null, null], object: { ...PARTIAL, metadata } }],
    });
  });

  it('can be a list of metadata without cells', () => {
    const pieces = encodePartialList([NAMESPACE, NAMESPACE], { resourceVersion: '282' }, 'v1');
    assert.deepEqual(JSON.parse([...pieces].join('')), {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '282' },
      items: [PARTIAL, PARTIAL],
    });
  });
});
