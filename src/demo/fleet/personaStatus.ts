import {
  taintsOf,
  type AddonModel,
  type ClusterModel,
  type NodeAmounts,
  type NodeModel,
} from './clusterModel';
import { instant } from '../instant';

const KI_PER_MI = 1024;
const KI_PER_GI = 1024 * 1024;

/** What the operator reports of a cluster that it looked at then. Zeros are left out. */
export function personaStatus(cluster: ClusterModel, lastDiscoveryMs: number) {
  const { nodes, applications } = cluster;
  const ready = nodes.filter((node) => node.ready).length;
  const { namespaces, isTerse } = cluster.blueprint;
  return {
    phase: cluster.isLost ? 'Unknown' : ready === nodes.length ? 'Ready' : 'Degraded',
    lastDiscovery: instant(lastDiscoveryMs),
    nodes: nodes.map((node) => made(nodeInfos, node, nodeInfo)),
    resourceSummary: resourceSummary(cluster),
    addons: made(isTerse === true ? installedLists : addonLists, cluster.addons, (addons) =>
      addons.filter((addon) => addon.installed || isTerse !== true).map(addonInfo),
    ),
    namespaces: {
      total: namespaces,
      active: namespaces,
      withPersonas: Math.max(1, Math.ceil(namespaces / 3)),
    },
    kubernetesVersion: cluster.kubernetesVersion,
    platform: cluster.blueprint.platform.name,
    ...(applications > 0 && { applicationCount: applications }),
    conditions: conditions(cluster, ready),
  };
}

/** What objects say about a part of a cluster that did not change is made once, for all versions of all of them. */
function made<Part extends object, Info>(
  cache: WeakMap<Part, Info>,
  part: Part,
  make: (part: Part) => Info,
): Info {
  let info = cache.get(part);
  if (info === undefined) {
    info = make(part);
    cache.set(part, info);
  }
  return info;
}

const nodeInfos = new WeakMap<NodeModel, ReturnType<typeof nodeInfo>>();
const nodeAmounts = new WeakMap<NodeAmounts, ReturnType<typeof amounts>>();
const installedLists = new WeakMap<readonly AddonModel[], readonly ReturnType<typeof addonInfo>[]>();
const addonLists = new WeakMap<readonly AddonModel[], readonly ReturnType<typeof addonInfo>[]>();

function nodeInfo(node: NodeModel) {
  const taints = taintsOf(node);
  return {
    name: node.name,
    role: node.role,
    ready: node.ready,
    capacity: made(nodeAmounts, node.capacity, amounts),
    allocatable: made(nodeAmounts, node.allocatable, amounts),
    ...(taints.length > 0 && { taints }),
    ...(node.labels !== undefined && { labels: node.labels }),
    kubeletVersion: node.kubeletVersion,
    containerRuntime: node.containerRuntime,
  };
}

function amounts({ cpuMillis, memoryKi, pods, storageGi }: NodeAmounts) {
  return {
    cpu: cpuQuantity(cpuMillis),
    memory: memoryQuantity(memoryKi),
    pods: String(pods),
    ...(storageGi !== undefined && { ephemeralStorage: `${storageGi}Gi` }),
  };
}

function addonInfo({ name, type, installed, version, namespace, healthy }: AddonModel) {
  return installed
    ? { name, type, installed, version, namespace, ...(healthy !== undefined && { healthy }) }
    : { name, type, installed };
}

function resourceSummary({ nodes, runningPods, usage }: ClusterModel) {
  const sum = (amountOf: (node: NodeModel) => number): number =>
    nodes.reduce((total, node) => total + amountOf(node), 0);
  const allocatableMillis = sum((node) => node.allocatable.cpuMillis);
  const allocatableKi = sum((node) => node.allocatable.memoryKi);
  return {
    totalCPU: cpuQuantity(sum((node) => node.capacity.cpuMillis)),
    totalMemory: memoryQuantity(sum((node) => node.capacity.memoryKi)),
    allocatableCPU: cpuQuantity(allocatableMillis),
    allocatableMemory: memoryQuantity(allocatableKi),
    ...(usage !== undefined && {
      usedCPU: cpuQuantity(Math.round((allocatableMillis * usage.cpuPercent) / 100)),
      usedMemory: memoryQuantity(Math.round((allocatableKi * usage.memoryPercent) / 100)),
      cpuUtilization: `${Math.round(usage.cpuPercent)}%`,
      memoryUtilization: `${Math.round(usage.memoryPercent)}%`,
    }),
    totalPods: sum((node) => node.capacity.pods),
    ...(runningPods > 0 && { runningPods }),
  };
}

function conditions(cluster: ClusterModel, ready: number) {
  const { isLost, nodes } = cluster;
  const lastTransitionTime = instant(cluster.healthySinceMs);
  const counted = `${ready}/${nodes.length} nodes ready`;
  return [
    {
      type: 'Discovered',
      status: isLost ? 'False' : 'True',
      lastTransitionTime: instant(cluster.reachableSinceMs),
      reason: isLost ? 'DiscoveryFailed' : 'DiscoverySucceeded',
      message: isLost ? 'listing nodes: context deadline exceeded' : 'cluster state was discovered',
    },
    {
      type: 'Healthy',
      status: isLost ? 'Unknown' : ready === nodes.length ? 'True' : 'False',
      lastTransitionTime,
      reason: isLost ? 'DiscoveryFailed' : ready === nodes.length ? 'AllNodesReady' : 'NodesNotReady',
      message: isLost ? `last known: ${counted}` : counted,
    },
  ];
}

export function cpuQuantity(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

export function memoryQuantity(ki: number): string {
  if (ki % KI_PER_GI === 0) {
    return `${ki / KI_PER_GI}Gi`;
  }
  return ki % KI_PER_MI === 0 ? `${ki / KI_PER_MI}Mi` : `${ki}Ki`;
}
