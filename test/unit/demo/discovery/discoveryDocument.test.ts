import assert from 'node:assert/strict';
import { discoveryDocument } from '../../../../src/demo/discovery/discoveryDocument';

/** What kubectl 1.36 sends. */
const AGGREGATED_ACCEPT =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

function documentAt(path: string, accept?: string): Record<string, unknown> {
  return Object(discoveryDocument(path, accept)?.document);
}

describe('discovery', () => {
  it('names the resources of a group as a real API server does', () => {
    assert.deepEqual(documentAt('/apis/dorgu.io/v1'), {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'dorgu.io/v1',
      resources: [
        {
          name: 'clusterpersonas',
          singularName: 'clusterpersona',
          namespaced: false,
          kind: 'ClusterPersona',
          verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
          shortNames: ['cper'],
          storageVersionHash: 'AcYrHK1fmDE=',
        },
        {
          name: 'clusterpersonas/status',
          singularName: '',
          namespaced: false,
          kind: 'ClusterPersona',
          verbs: ['get', 'patch', 'update'],
        },
      ],
    });
  });

  it('leaves the version of the list itself out for the core group', () => {
    const list = documentAt('/api/v1');
    assert.equal(list['apiVersion'], undefined);
    assert.equal(list['groupVersion'], 'v1');
    const names = Object(list['resources']).map((resource: { name: string }) => resource.name);
    assert.deepEqual(names, ['events', 'namespaces', 'nodes', 'pods', 'pods/log']);
  });

  it('lists the groups, with or without a slash at the end', () => {
    const expected = {
      name: 'dorgu.io',
      versions: [{ groupVersion: 'dorgu.io/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'dorgu.io/v1', version: 'v1' },
    };
    for (const path of ['/apis', '/apis/']) {
      const { kind, groups } = documentAt(path);
      assert.equal(kind, 'APIGroupList');
      assert.deepEqual(
        Object(groups).find((group: { name: string }) => group.name === 'dorgu.io'),
        expected,
      );
    }
    assert.deepEqual(documentAt('/apis/dorgu.io'), { kind: 'APIGroup', apiVersion: 'v1', ...expected });
    assert.equal(documentAt('/api')['kind'], 'APIVersions');
  });

  it('answers in one document where that is preferred, and says so in the content type', () => {
    const answer = discoveryDocument('/apis', AGGREGATED_ACCEPT);
    assert.equal(answer?.contentType, 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    const { kind, apiVersion, items } = documentAt('/apis', AGGREGATED_ACCEPT);
    assert.deepEqual([kind, apiVersion], ['APIGroupDiscoveryList', 'apidiscovery.k8s.io/v2']);
    assert.deepEqual(
      Object(items).find((item: { metadata: { name: string } }) => item.metadata.name === 'dorgu.io'),
      {
        metadata: { name: 'dorgu.io' },
        versions: [
          {
            version: 'v1',
            resources: [
              {
                resource: 'clusterpersonas',
                responseKind: { group: 'dorgu.io', version: 'v1', kind: 'ClusterPersona' },
                scope: 'Cluster',
                singularResource: 'clusterpersona',
                verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
                shortNames: ['cper'],
                subresources: [
                  {
                    subresource: 'status',
                    responseKind: { group: 'dorgu.io', version: 'v1', kind: 'ClusterPersona' },
                    verbs: ['get', 'patch', 'update'],
                  },
                ],
              },
            ],
            freshness: 'Current',
          },
        ],
      },
    );
    assert.deepEqual(Object(documentAt('/api', AGGREGATED_ACCEPT)['items'])[0].metadata, {});
  });

  it('answers in the old form where plain JSON comes first', () => {
    assert.equal(documentAt('/apis', `application/json,${AGGREGATED_ACCEPT}`)['kind'], 'APIGroupList');
    assert.equal(documentAt('/apis', 'application/json, */*')['kind'], 'APIGroupList');
  });

  it('knows nothing of other paths', () => {
    const paths = [
      '/',
      '/apis/nope',
      '/apis/dorgu.io/v9',
      '/api/v2',
      '/api/v1/pods',
      '/apis//v1',
      '/version',
    ];
    assert.deepEqual(
      paths.filter((path) => discoveryDocument(path, undefined) !== undefined),
      [],
    );
  });
});
