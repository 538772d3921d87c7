import assert from 'node:assert/strict';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';
import { negotiateTable, parseIncludeObject } from '../../../../src/demo/table/negotiateTable';

describe('the form of an answer', () => {
  it('is a table for kubectl get', () => {
    const kubectl =
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
    assert.deepEqual(negotiateTable(kubectl), { type: 'table', version: 'v1' });
    assert.deepEqual(negotiateTable('application/json;as=Table;v=v1beta1;g=meta.k8s.io'), {
      type: 'table',
      version: 'v1beta1',
    });
  });

  it('is whole objects for everybody else', () => {
    const headers = [
      undefined,
      '',
      '*/*',
      'application/json',
      'application/json, */*',
      'application/vnd.kubernetes.protobuf,application/json',
      'text/html;q=0.9, application/json;q=0.5',
    ];
    for (const header of headers) {
      assert.deepEqual(negotiateTable(header), { type: 'object' }, header);
    }
  });

  it('is metadata alone where that is asked for', () => {
    assert.deepEqual(negotiateTable('application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'), {
      type: 'partial',
      isList: true,
      version: 'v1',
    });
    assert.deepEqual(negotiateTable('application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'), {
      type: 'partial',
      isList: false,
      version: 'v1',
    });
  });

  it('falls through what the server cannot write to what it can', () => {
    const fallback = 'application/json;as=Table;v=v2;g=meta.k8s.io, application/json';
    assert.deepEqual(negotiateTable(fallback), { type: 'object' });
    for (const header of [
      'text/html',
      'application/json;as=Foo;v=v1;g=meta.k8s.io',
      'application/json;q=0',
    ]) {
      assert.equal(negotiateTable(header).type, 'unacceptable', header);
    }
  });

  it('carries metadata in each row unless told otherwise', () => {
    assert.equal(parseIncludeObject(new URLSearchParams()), 'Metadata');
    assert.equal(parseIncludeObject(new URLSearchParams('includeObject=Object')), 'Object');
    assert.throws(
      () => parseIncludeObject(new URLSearchParams('includeObject=Foo')),
      (error) =>
        error instanceof ApiStatusError &&
        error.status.code === 400 &&
        error.status.message ===
          "Unable to convert to Table as requested: includeObject: Invalid value: \"Foo\": must be 'Metadata', 'Object', 'None', or empty",
    );
  });
});
