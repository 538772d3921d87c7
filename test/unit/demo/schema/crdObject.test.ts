import assert from 'node:assert/strict';
import { crdObject } from '../../../../src/demo/schema/crdObject';

describe('the definition as an object', () => {
  // But for the schema what a real kube-apiserver 1.36 kept of the same manifest.
  it('is established, with the defaults of the API server', () => {
    const createdAt = '2026-11-24T19:11:14Z';
    const { apiVersion, kind, metadata, spec, status } = crdObject('dee5d488', createdAt);
    assert.deepEqual(
      { apiVersion, kind, metadata },
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: {
          name: 'clusterpersonas.dorgu.io',
          uid: 'dee5d488',
          creationTimestamp: createdAt,
          generation: 1,
        },
      },
    );
    const names = {
      kind: 'ClusterPersona',
      listKind: 'ClusterPersonaList',
      plural: 'clusterpersonas',
      shortNames: ['cper'],
      singular: 'clusterpersona',
    };
    assert.deepEqual(status, {
      acceptedNames: names,
      conditions: [
        {
          lastTransitionTime: createdAt,
          message: 'no conflicts found',
          reason: 'NoConflicts',
          status: 'True',
          type: 'NamesAccepted',
        },
        {
          lastTransitionTime: createdAt,
          message: 'the initial names have been accepted',
          reason: 'InitialNamesAccepted',
          status: 'True',
          type: 'Established',
        },
      ],
      storedVersions: ['v1'],
    });
    const { conversion, group, names: kept, scope, versions } = Object(spec);
    assert.deepEqual(
      { conversion, group, kept, scope },
      { conversion: { strategy: 'None' }, group: 'dorgu.io', kept: names, scope: 'Cluster' },
    );
    assert.equal(versions.length, 1);
  });
});
