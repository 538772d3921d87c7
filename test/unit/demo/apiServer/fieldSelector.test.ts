import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/base/kubeObject';
import {
  CLUSTER_PERSONAS,
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
  NAMESPACES,
  NODES,
  PODS,
  type ApiResource,
} from '../../../../src/demo/apiServer/apiResource';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';
import { parseFieldSelector } from '../../../../src/demo/apiServer/fieldSelector';

function selects(resource: ApiResource, selector: string, object: KubeObject): boolean {
  return parseFieldSelector(resource, selector).every((test) => test(object));
}

function refusalOf(resource: ApiResource, selector: string): string {
  try {
    parseFieldSelector(resource, selector);
  } catch (error) {
    return error instanceof ApiStatusError ? `${error.status.code} ${error.status.message}` : String(error);
  }
  return 'accepted';
}

const POD = {
  metadata: { name: 'p1', namespace: 'default' },
  spec: { nodeName: 'n1', restartPolicy: 'Always' },
  status: { phase: 'Running', podIP: '10.0.0.1' },
};
const EVENT = {
  metadata: { name: 'e1', namespace: 'default' },
  involvedObject: {
    kind: 'Pod',
    name: 'p1',
    namespace: 'default',
    uid: 'u',
    fieldPath: 'spec.containers{a}',
  },
  reason: 'Pulled',
  type: 'Normal',
  source: { component: 'kubelet' },
  reportingComponent: 'other',
};

describe('a field selector', () => {
  it('selects what kubectl describe asks for', () => {
    const podsOfNode = 'spec.nodeName=n1,status.phase!=Succeeded,status.phase!=Failed';
    assert.equal(selects(PODS, podsOfNode, POD), true);
    assert.equal(selects(PODS, podsOfNode, { ...POD, status: { phase: 'Failed' } }), false);
    const eventsOfPod = 'involvedObject.name=p1,involvedObject.namespace=default,involvedObject.uid=u';
    assert.equal(selects(EVENTS, eventsOfPod, EVENT), true);
    const eventsOfNode = 'involvedObject.kind=Node,involvedObject.namespace=,involvedObject.name=n1';
    assert.equal(selects(EVENTS, eventsOfNode, EVENT), false);
    const nodeEvent = { ...EVENT, involvedObject: { kind: 'Node', name: 'n1' } };
    assert.equal(selects(EVENTS, eventsOfNode, nodeEvent), true);
  });

  it('knows the fields of each resource', () => {
    assert.equal(selects(EVENTS, 'reason=Pulled,type==Normal,source=kubelet', EVENT), true);
    assert.equal(selects(EVENTS, 'source=other', { ...EVENT, source: {} }), true);
    assert.equal(selects(NODES, 'spec.unschedulable=false', { metadata: { name: 'n1' } }), true);
    assert.equal(
      selects(NODES, 'spec.unschedulable=true', { metadata: { name: 'n2' }, spec: { unschedulable: true } }),
      true,
    );
    assert.equal(
      selects(NAMESPACES, 'status.phase=Active', { metadata: { name: 'x' }, status: { phase: 'Active' } }),
      true,
    );
    assert.equal(selects(CLUSTER_PERSONAS, 'metadata.name=prod', { metadata: { name: 'prod' } }), true);
    assert.equal(selects(PODS, 'status.podIP=10.0.0.1,spec.hostNetwork=false', POD), true);
  });

  it('takes a backslash before what would have a meaning', () => {
    const odd = { ...EVENT, reason: 'a,b=c\\d' };
    assert.equal(selects(EVENTS, 'reason=a\\,b\\=c\\\\d,type=Normal', odd), true);
    assert.equal(selects(EVENTS, 'involvedObject.fieldPath=spec.containers{a}', EVENT), true);
  });

  it('is refused in the words of the API server', () => {
    assert.equal(refusalOf(PODS, 'spec.foo=x'), '400 field label not supported: spec.foo');
    assert.equal(refusalOf(CLUSTER_PERSONAS, 'spec.name=x'), '400 field label not supported: spec.name');
    assert.equal(
      refusalOf(CLUSTER_PERSONAS, 'metadata.namespace='),
      '400 field label not supported: metadata.namespace',
    );
    assert.equal(refusalOf(CLUSTER_PERSONAS, '=x'), '400 field label not supported: ');
    assert.equal(
      refusalOf(CUSTOM_RESOURCE_DEFINITIONS, 'spec.x=1'),
      '400 "spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    assert.equal(
      refusalOf(CLUSTER_PERSONAS, 'metadata.name'),
      "400 invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    );
    assert.equal(
      refusalOf(CLUSTER_PERSONAS, 'metadata.name=b=c'),
      '400 invalid field selector: unescaped character in value: 61',
    );
  });
});
