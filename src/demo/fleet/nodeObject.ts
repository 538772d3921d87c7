import type { KubeObject } from '../../base/kubeObject';
import { seededRandom } from '../../base/random';
import { listOf, recordOf } from '../../persona/decodeField';
import { seedOf, uuid, wholeNumber } from '../chance';
import { taintsOf, type NodeAmounts, type NodeModel } from './clusterModel';
import { instant } from '../instant';
import { memoryQuantity, cpuQuantity } from './personaStatus';

/** Whether its kubelet is heard, as the stored Node has it. */
export function isNodeReady(node: KubeObject): boolean {
  const { items = [] } = listOf(recordOf(node['status'])?.['conditions'], (condition) => condition);
  return items.some((condition) => condition['type'] === 'Ready' && condition['status'] === 'True');
}

/** When what a node's conditions say came to be, and was last said. */
export interface NodeTimes {
  readonly createdMs: number;
  readonly readySinceMs: number;
  readonly heartbeatMs: number;
}

/** The Node object of a cluster's node, its status included. The same seed and name give the same addresses and ids. */
export function nodeObject(node: NodeModel, seed: number, times: NodeTimes): KubeObject {
  const random = seededRandom(seedOf(`${seed}/nodes/${node.name}`));
  const metadata = {
    name: node.name,
    uid: uuid(random),
    creationTimestamp: instant(times.createdMs),
    labels: {
      ...node.labels,
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': node.name,
      'kubernetes.io/os': 'linux',
      [`node-role.kubernetes.io/${node.role}`]: '',
    },
  };
  const taints = taintsOf(node).map(taint);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata,
    spec: {
      podCIDR: `10.244.${wholeNumber(random, 0, 255)}.0/24`,
      providerID: `demo:///${node.name}`,
      ...(taints.length > 0 && { taints }),
      ...(node.unschedulable && { unschedulable: true }),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: `10.0.${wholeNumber(random, 1, 9)}.${wholeNumber(random, 2, 250)}` },
        { type: 'Hostname', address: node.name },
      ],
      capacity: resourceList(node.capacity),
      allocatable: resourceList(node.allocatable),
      conditions: nodeConditions(node, times),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: 'amd64',
        bootID: uuid(random),
        containerRuntimeVersion: node.containerRuntime,
        kernelVersion: '6.12.48',
        kubeProxyVersion: '',
        kubeletVersion: node.kubeletVersion,
        machineID: uuid(random).replaceAll('-', ''),
        operatingSystem: 'linux',
        osImage: 'Demo Linux 13',
        systemUUID: uuid(random),
      },
    },
  };
}

/** Of `key=value:Effect`. */
function taint(text: string) {
  const [, key = text, value = '', effect = 'NoSchedule'] = /^([^=:]+)=?([^:]*):(\w+)$/.exec(text) ?? [];
  return { key, ...(value !== '' && { value }), effect };
}

function resourceList({ cpuMillis, memoryKi, pods, storageGi }: NodeAmounts) {
  return {
    cpu: cpuQuantity(cpuMillis),
    ...(storageGi !== undefined && { 'ephemeral-storage': `${storageGi}Gi` }),
    memory: memoryQuantity(memoryKi),
    pods: String(pods),
  };
}

const PRESSURES = [
  { type: 'MemoryPressure', reason: 'KubeletHasSufficientMemory', what: 'sufficient memory' },
  { type: 'DiskPressure', reason: 'KubeletHasNoDiskPressure', what: 'no disk pressure' },
  { type: 'PIDPressure', reason: 'KubeletHasSufficientPID', what: 'sufficient PID' },
] as const;

/** Of a node whose kubelet is silent nothing is known any more. */
function nodeConditions({ ready }: NodeModel, { createdMs, readySinceMs, heartbeatMs }: NodeTimes) {
  const silent = {
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  };
  const condition = (
    type: string,
    said: { status: string; reason: string; message: string },
    sinceMs: number,
  ) => ({
    type,
    status: said.status,
    lastHeartbeatTime: instant(heartbeatMs),
    lastTransitionTime: instant(ready ? sinceMs : readySinceMs),
    reason: said.reason,
    message: said.message,
  });
  return [
    ...PRESSURES.map(({ type, reason, what }) =>
      condition(
        type,
        ready ? { status: 'False', reason, message: `kubelet has ${what} available` } : silent,
        createdMs,
      ),
    ),
    condition(
      'Ready',
      ready ? { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' } : silent,
      readySinceMs,
    ),
  ];
}
