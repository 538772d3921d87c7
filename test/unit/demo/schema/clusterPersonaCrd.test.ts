import assert from 'node:assert/strict';
import { CLUSTER_PERSONA } from '../../../../src/protocol/clusterPersonaResource';
import { clusterPersonaCrd } from '../../../../src/demo/schema/clusterPersonaCrd';

describe('the bundled resource definition', () => {
  it('defines the resource that the project reads', () => {
    const { name, group, version, names, namespaced } = clusterPersonaCrd();
    assert.deepEqual(
      { name, group, version, kind: names.kind, plural: names.plural, namespaced },
      {
        name: CLUSTER_PERSONA.crdName,
        group: CLUSTER_PERSONA.group,
        version: CLUSTER_PERSONA.version,
        kind: CLUSTER_PERSONA.kind,
        plural: CLUSTER_PERSONA.plural,
        namespaced: false,
      },
    );
  });

  it('is parsed once', () => {
    assert.equal(clusterPersonaCrd(), clusterPersonaCrd());
  });

  it('keeps what a validator, a defaulter and a merger need of its schema', () => {
    const { properties } = clusterPersonaCrd().schema;
    const spec = properties.get('spec');
    assert.deepEqual(spec?.required, ['name']);
    assert.equal(spec?.properties.get('environment')?.default, 'development');
    assert.equal(spec?.properties.get('name')?.minLength, 1);
    const conditions = properties.get('status')?.properties.get('conditions');
    assert.equal(conditions?.listType, 'map');
    assert.deepEqual(conditions?.listMapKeys, ['type']);
    const node = properties.get('status')?.properties.get('nodes')?.items;
    assert.equal(node?.properties.get('capacity')?.properties.get('cpu')?.isIntOrString, true);
    assert.equal(node?.properties.get('labels')?.additionalProperties?.type, 'string');
  });
});
