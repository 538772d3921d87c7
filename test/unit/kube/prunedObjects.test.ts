import assert from 'node:assert/strict';
import { prunedObjects } from '../../../src/kube/prunedObjects';

const SECRET = 'hunter22';

const pod = {
  metadata: {
    name: 'cart',
    namespace: 'shop',
    uid: 'u',
    resourceVersion: '7',
    labels: { app: 'cart' },
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': SECRET },
    managedFields: [{ manager: SECRET }],
  },
  spec: {
    nodeName: 'node-1',
    volumes: [{ secret: { secretName: SECRET } }],
    containers: [
      { name: 'main', image: 'cart:1', env: [{ name: 'PASSWORD', value: SECRET }], args: [SECRET] },
    ],
    initContainers: [{ name: 'init', command: [SECRET] }],
  },
  status: { phase: 'Running', containerStatuses: [{ name: 'main', restartCount: 2 }], podIP: '10.0.0.1' },
};
const kept = {
  metadata: { name: 'cart', namespace: 'shop', uid: 'u', resourceVersion: '7', labels: { app: 'cart' } },
  spec: {
    nodeName: 'node-1',
    containers: [{ name: 'main', image: 'cart:1' }],
    initContainers: [{ name: 'init' }],
  },
  status: { phase: 'Running', containerStatuses: [{ name: 'main', restartCount: 2 }] },
};

describe('pods as a hub hands them on', () => {
  it('keep what is needed to find their logs, and nothing that may be secret', () => {
    const list = { kind: 'PodList', metadata: { resourceVersion: '9', continue: 'c' }, items: [pod] };
    assert.deepEqual(prunedObjects(list), { ...list, items: [kept] });
    assert.deepEqual(prunedObjects(pod), kept);
    assert.deepEqual(prunedObjects({ type: 'ADDED', object: pod }), { type: 'ADDED', object: kept });
    for (const value of [list, pod, { type: 'MODIFIED', object: pod }]) {
      assert.ok(!JSON.stringify(prunedObjects(value)).includes(SECRET));
    }
  });

  it('keep of a workload which pods are its own, and nothing of what these are made of', () => {
    const selector = { matchLabels: { app: 'cart' } };
    const workload = { kind: 'Deployment', metadata: { name: 'cart' }, spec: { selector, template: pod } };
    assert.deepEqual(prunedObjects(workload), {
      kind: 'Deployment',
      metadata: { name: 'cart' },
      spec: { selector },
    });
  });

  it('are handed on whatever they look like, and so is what is said in their place', () => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', details: { uid: 'x' } };
    assert.deepEqual(prunedObjects(status), status);
    assert.deepEqual(prunedObjects({ type: 'ERROR', object: status }), { type: 'ERROR', object: status });
    const bookmark = { type: 'BOOKMARK', object: { kind: 'Pod', metadata: { resourceVersion: '9' } } };
    assert.deepEqual(prunedObjects(bookmark), {
      type: 'BOOKMARK',
      object: { kind: 'Pod', metadata: { resourceVersion: '9' }, spec: {} },
    });
    assert.deepEqual(prunedObjects({ items: null }), { items: null });
    assert.deepEqual(prunedObjects({ items: [null, 'x', { spec: { containers: ['x'] } }] }), {
      items: [{}, {}, { spec: { containers: [{}] } }],
    });
    assert.equal(prunedObjects(null), null);
  });
});
