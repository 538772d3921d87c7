import assert from 'node:assert/strict';
import { isRecord, type JsonRecord } from '../../../../src/base/jsonRecord';
import { openApiDocument } from '../../../../src/demo/openApi/openApiDocument';

const PERSONA_SCHEMA = 'io.dorgu.v1.ClusterPersona';
const GVK = { group: 'dorgu.io', kind: 'ClusterPersona', version: 'v1' };

/** The value at a path of keys, undecoded. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((part: unknown, key) => (isRecord(part) ? part[key] : undefined), value);
}

function documentAt(pathname: string): object {
  const document = openApiDocument(pathname)?.document;
  assert.ok(document, pathname);
  return document;
}

function index(): JsonRecord {
  return Object(at(documentAt('/openapi/v3'), 'paths'));
}

/** Every `$ref` in a document. */
function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(references);
  }
  return isRecord(value)
    ? Object.entries(value).flatMap(([key, part]) =>
        key === '$ref' && typeof part === 'string' ? [part] : references(part),
      )
    : [];
}

describe('OpenAPI', () => {
  it('has an index of documents that are all there', () => {
    assert.equal(openApiDocument('/openapi/v3')?.contentType, 'text/plain; charset=utf-8');
    assert.deepEqual(Object.keys(index()), [
      'api/v1',
      'apis/authentication.k8s.io/v1',
      'apis/authorization.k8s.io/v1',
      'apis/apiextensions.k8s.io/v1',
      'apis/dorgu.io/v1',
      'apis/metrics.k8s.io/v1beta1',
    ]);
    for (const [path, entry] of Object.entries(index())) {
      const url = String(at(entry, 'serverRelativeURL'));
      assert.match(url, new RegExp(`^/openapi/v3/${path}\\?hash=[0-9A-F]+$`));
      assert.equal(at(documentAt(url.split('?')[0] ?? ''), 'openapi'), '3.0.0');
    }
  });

  it('names nothing that it does not define, and no operation twice', () => {
    for (const path of Object.keys(index())) {
      const document = documentAt(`/openapi/v3/${path}`);
      const schemas = Object.keys(Object(at(document, 'components', 'schemas')));
      for (const reference of references(document)) {
        assert.ok(schemas.includes(reference.replace('#/components/schemas/', '')), reference);
      }
      const ids = JSON.stringify(document).match(/"operationId":"[^"]*"/g) ?? [];
      assert.equal(new Set(ids).size, ids.length, path);
    }
  });

  it('tells kubectl that the server validates', () => {
    const paths = at(documentAt('/openapi/v3/apis/dorgu.io/v1'), 'paths');
    const collection = at(paths, '/apis/dorgu.io/v1/clusterpersonas');
    const object = at(paths, '/apis/dorgu.io/v1/clusterpersonas/{name}');
    for (const operation of [at(object, 'patch'), at(object, 'put'), at(collection, 'post')]) {
      const names = Object(at(operation, 'parameters')).map((parameter: { name: string }) => parameter.name);
      assert.deepEqual(names.slice(0, 3), ['dryRun', 'fieldManager', 'fieldValidation']);
      assert.deepEqual(at(operation, 'x-kubernetes-group-version-kind'), GVK);
    }
    assert.deepEqual(Object.keys(Object(at(paths, '/apis/dorgu.io/v1/clusterpersonas/{name}/status'))), [
      'get',
      'patch',
      'put',
      'parameters',
    ]);
  });

  it('describes a persona as its definition does', () => {
    const schemas = at(documentAt('/openapi/v3/apis/dorgu.io/v1'), 'components', 'schemas');
    const persona = at(schemas, PERSONA_SCHEMA);
    assert.deepEqual(at(persona, 'x-kubernetes-group-version-kind'), [GVK]);
    assert.deepEqual(at(persona, 'required'), ['spec']);
    const spec = at(persona, 'properties', 'spec', 'properties');
    assert.deepEqual(at(spec, 'environment'), {
      description: 'The stage of delivery this cluster serves.',
      type: 'string',
      enum: ['development', 'staging', 'production', 'sandbox'],
      default: 'development',
    });
    assert.deepEqual(at(persona, 'properties', 'metadata', 'allOf'), [
      { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
    ]);
    assert.deepEqual(
      at(schemas, `${PERSONA_SCHEMA}List`, 'properties', 'items', 'items', '$ref'),
      `#/components/schemas/${PERSONA_SCHEMA}`,
    );
  });

  it('leads from the path of every readable resource to its schema, as kubectl explain goes', () => {
    const document = documentAt('/openapi/v3/api/v1');
    const podPaths = ['/api/v1/pods', '/api/v1/namespaces/{namespace}/pods/{name}'];
    for (const path of [...podPaths, '/api/v1/namespaces/{namespace}/pods/{name}/log']) {
      const gvk = at(document, 'paths', path, 'get', 'x-kubernetes-group-version-kind');
      assert.deepEqual(gvk, { group: '', kind: 'Pod', version: 'v1' }, path);
    }
    const schema = at(document, 'components', 'schemas', 'io.k8s.api.core.v1.Pod');
    assert.deepEqual(at(schema, 'x-kubernetes-group-version-kind'), [
      { group: '', kind: 'Pod', version: 'v1' },
    ]);
  });

  it('has no second version and no other groups', () => {
    assert.equal(openApiDocument('/openapi/v2'), undefined);
    assert.equal(openApiDocument('/openapi/v3/apis/nope/v1'), undefined);
  });
});
