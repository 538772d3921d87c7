import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/base/kubeObject';
import {
  CLUSTER_PERSONAS,
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
  NAMESPACES,
  NODE_METRICS,
  NODES,
  POD_METRICS,
  type ApiResource,
} from '../../../../src/demo/apiServer/apiResource';
import { tableFormatOf } from '../../../../src/demo/table/tableFormatOf';

const NOW_MS = Date.parse('2026-11-24T19:14:21Z');

function cellsOf(resource: ApiResource, object: KubeObject): readonly unknown[] {
  return tableFormatOf(resource).cells(object, NOW_MS);
}

function columnsOf(resource: ApiResource): readonly string[] {
  return tableFormatOf(resource).columns.map(
    ({ name, type, format, priority }) => `${name} ${type} ${format} ${priority}`,
  );
}

// What a real kube-apiserver 1.36 answered for such objects.
describe('the tables of the resources', () => {
  it('show a persona in the columns that its definition asks for', () => {
    assert.deepEqual(columnsOf(CLUSTER_PERSONAS), [
      'Name string name 0',
      'Environment string  0',
      'Phase string  0',
      'Healthy string  0',
      'Version string  0',
      'Platform string  0',
      'Running pods integer  0',
      'Pod capacity integer  1',
      'Discovered date  0',
      'Age date  0',
    ]);
    const { columns } = tableFormatOf(CLUSTER_PERSONAS);
    assert.equal(
      columns[1]?.description,
      'Custom resource definition column (in JSONPath format): .spec.environment',
    );
    assert.equal(columns[3]?.description, 'What the operator last said; the nodes may have changed since.');
    const persona = {
      metadata: { name: 'prod', creationTimestamp: '2026-11-24T19:14:18Z' },
      spec: { environment: 'production' },
      status: {
        phase: 'Ready',
        lastDiscovery: '2026-11-24T19:00:00Z',
        conditions: [{ type: 'Healthy', status: 'True' }],
        resourceSummary: { runningPods: 5 },
      },
    };
    assert.deepEqual(cellsOf(CLUSTER_PERSONAS, persona), [
      'prod',
      'production',
      'Ready',
      'True',
      null,
      null,
      5,
      null,
      '14m',
      '3s',
    ]);
  });

  it('leave a cell empty where the value is of another type than the column', () => {
    const persona = {
      metadata: { name: 'odd' },
      spec: { environment: { nested: true } },
      status: { resourceSummary: { runningPods: 'many' }, lastDiscovery: 'soon' },
    };
    const cells = cellsOf(CLUSTER_PERSONAS, persona);
    assert.deepEqual([cells[1], cells[6], cells[8], cells[9]], ['{"nested":true}', null, '<invalid>', null]);
  });

  it('show whether a node is ready and schedulable, its roles and its machine', () => {
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    const node = {
      metadata: {
        name: 'n1',
        creationTimestamp: '2026-11-24T19:14:18Z',
        labels: {
          'node-role.kubernetes.io/control-plane': '',
          'node-role.kubernetes.io/abc': '',
          'kubernetes.io/hostname': 'n1',
        },
      },
      status: { ...ready, addresses: [{ type: 'InternalIP', address: '127.0.0.1' }] },
    };
    const unknown = '<unknown>';
    assert.deepEqual(cellsOf(NODES, node), [
      'n1',
      'Ready',
      'abc,control-plane',
      '3s',
      '',
      '127.0.0.1',
      '<none>',
      unknown,
      unknown,
      unknown,
    ]);
    const cordoned = { metadata: { name: 'n2' }, spec: { unschedulable: true }, status: ready };
    assert.deepEqual(cellsOf(NODES, cordoned).slice(1, 4), ['Ready,SchedulingDisabled', '<none>', unknown]);
    const lost = {
      metadata: { name: 'n3' },
      status: {
        conditions: [{ type: 'Ready', status: 'Unknown' }],
        nodeInfo: {
          kubeletVersion: 'v1.34.2',
          kernelVersion: '6.8.0',
          architecture: 'arm64',
          osImage: 'Debian',
          containerRuntimeVersion: 'containerd://2.1',
        },
      },
    };
    assert.equal(cellsOf(NODES, lost)[1], 'NotReady');
    assert.equal(cellsOf(NODES, lost)[4], 'v1.34.2');
    assert.deepEqual(cellsOf(NODES, lost).slice(7), ['Debian', '6.8.0 (arm64)', 'containerd://2.1']);
    assert.equal(cellsOf(NODES, { metadata: { name: 'n4' } })[1], 'Unknown');
  });

  it('show an event by what it is about, its message on the screen as it was sent', () => {
    assert.deepEqual(columnsOf(EVENTS), [
      'Last Seen string  0',
      'Type string  0',
      'Reason string  0',
      'Object string  0',
      'Subobject string  1',
      'Source string  1',
      'Message string  0',
      'First Seen string  1',
      'Count string  1',
      'Name string name 1',
    ]);
    const event = {
      metadata: { name: 'e1', namespace: 'default' },
      involvedObject: { kind: 'Pod', name: 'p1', fieldPath: 'spec.containers{a}' },
      type: 'Normal',
      reason: 'Pulled',
      message: 'image pulled\nok\n',
      count: 4,
      firstTimestamp: '2026-11-24T19:00:00Z',
      lastTimestamp: '2026-11-24T19:10:00Z',
      source: { component: 'kubelet', host: 'n1' },
    };
    assert.deepEqual(cellsOf(EVENTS, event), [
      '4m21s',
      'Normal',
      'Pulled',
      'pod/p1',
      'spec.containers{a}',
      'kubelet, n1',
      'image pulled\nok',
      '14m',
      4,
      'e1',
    ]);
  });

  it("take an event's times from the newer fields where those are written", () => {
    const event = {
      metadata: { name: 'e2' },
      involvedObject: { kind: 'Node' },
      eventTime: '2026-11-24T19:12:00.123456Z',
      firstTimestamp: null,
      lastTimestamp: null,
      reportingComponent: 'scheduler',
    };
    const once = cellsOf(EVENTS, event);
    assert.deepEqual(
      [once[0], once[3], once[5], once[7], once[8]],
      ['2m20s', 'node', 'scheduler', '2m20s', 1],
    );
    const series = { ...event, series: { count: 9, lastObservedTime: '2026-11-24T19:14:11.000000Z' } };
    const repeated = cellsOf(EVENTS, series);
    assert.deepEqual([repeated[0], repeated[8]], ['10s', 9]);
  });

  it('show namespaces and definitions', () => {
    const creationTimestamp = '2026-11-24T19:11:12Z';
    const namespace = { metadata: { name: 'default', creationTimestamp }, status: { phase: 'Active' } };
    assert.deepEqual(cellsOf(NAMESPACES, namespace), ['default', 'Active', '3m9s']);
    assert.deepEqual(columnsOf(CUSTOM_RESOURCE_DEFINITIONS), ['Name string name 0', 'Created At date  0']);
    assert.deepEqual(cellsOf(CUSTOM_RESOURCE_DEFINITIONS, { metadata: { name: 'x', creationTimestamp } }), [
      'x',
      creationTimestamp,
    ]);
  });

  it('sum up the use of all containers of a pod', () => {
    const node = { metadata: { name: 'n1' }, usage: { cpu: '250m', memory: '1Gi' }, window: '20s' };
    assert.deepEqual(cellsOf(NODE_METRICS, node), ['n1', '250m', '1Gi', '20s']);
    const pod = {
      metadata: { name: 'p1', namespace: 'default' },
      containers: [{ usage: { cpu: '1500000n', memory: '2048Ki' } }, { usage: { cpu: '3m', memory: '1Mi' } }],
      window: '15s',
    };
    assert.deepEqual(cellsOf(POD_METRICS, pod), ['p1', '4500000n', '3072Ki', '15s']);
  });
});
