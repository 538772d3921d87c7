import { seededRandom, type Random } from '../../base/random';
import type { PersonaSpec } from '../../persona/personaSpec';
import type { AddonType } from '../../persona/personaStatus';
import { seedOf, uuid, wholeNumber } from '../chance';
import { ADDON_CATALOG } from './addonCatalog';
import type { ClusterBlueprint, NodePool, Situation } from './clusterBlueprint';

const KI_PER_GI = 1024 * 1024;

export interface NodeModel {
  readonly name: string;
  readonly role: string;
  readonly capacity: NodeAmounts;
  readonly allocatable: NodeAmounts;
  readonly taints: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly kubeletVersion: string;
  readonly containerRuntime: string;
  ready: boolean;
}

export interface NodeAmounts {
  readonly cpuMillis: number;
  readonly memoryKi: number;
  readonly pods: number;
  readonly storageGi: number;
}

export interface AddonModel {
  readonly name: string;
  readonly type: AddonType;
  readonly namespace: string;
  readonly installed: boolean;
  /** The version it began with. */
  readonly firstVersion: string | undefined;
  version: string | undefined;
  /** `undefined`: nobody checks it. */
  healthy: boolean | undefined;
}

/** The truth about one cluster, which the story changes and its operator reports. */
export interface ClusterModel {
  readonly blueprint: ClusterBlueprint;
  readonly uid: string;
  readonly createdMs: number;
  readonly spec: PersonaSpec;
  readonly kubernetesVersion: string;
  readonly nodes: NodeModel[];
  readonly addons: readonly AddonModel[];
  /** `undefined`: not discovered yet. */
  lastDiscoveryMs: number | undefined;
  /** The operator cannot tell the state of the cluster. */
  isLost: boolean;
  /** When all nodes became ready, or ceased to be. */
  healthySinceMs: number;
  runningPods: number;
  applications: number;
  usage: { cpuPercent: number; memoryPercent: number } | undefined;
}

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

/** Its age, names and uids come from `seed` and the blueprint's name, whatever else there is. */
export function createCluster(
  blueprint: ClusterBlueprint,
  seed: number,
  nowMs: number,
  createdMs?: number,
): ClusterModel {
  const random = seededRandom(seedOf(`${seed}/${blueprint.name}`));
  const { situation, platform } = blueprint;
  const kubernetesVersion = `v${blueprint.kubernetesVersion}${platform.versionSuffix}`;
  const nodes: NodeModel[] = [];
  for (const pool of blueprint.pools) {
    for (let count = 0; count < pool.count; count += 1) {
      nodes.push(createNode(blueprint, pool, nodes.length, random));
    }
  }
  const downNode = situation === 'degraded' ? nodes[6] : undefined;
  if (downNode !== undefined) {
    downNode.ready = false;
  }
  const sinceMs = {
    ready: wholeNumber(random, 2, 90) * DAY_MS,
    degraded: 4 * MINUTE_MS,
    unknown: 26 * MINUTE_MS,
    undiscovered: 0,
  }[situation];
  const discoveredAgoMs = situation === 'unknown' ? 26 * MINUTE_MS : wholeNumber(random, 5, 240) * 1000;
  return {
    blueprint,
    uid: uuid(random),
    createdMs: createdMs ?? nowMs - ageMs(situation, random),
    spec: blueprint.spec,
    kubernetesVersion,
    nodes,
    addons: createAddons(blueprint),
    lastDiscoveryMs: situation === 'undiscovered' ? undefined : nowMs - discoveredAgoMs,
    isLost: situation === 'unknown',
    healthySinceMs: nowMs - sinceMs,
    runningPods: blueprint.runningPods,
    applications: blueprint.applications,
    usage: blueprint.usage === undefined ? undefined : { ...blueprint.usage },
  };
}

/** Nobody has looked at a cluster that was set up just now; the others have been there for long. */
function ageMs(situation: Situation, random: Random): number {
  const days = wholeNumber(random, 60, 700);
  const restMs = wholeNumber(random, 0, DAY_MS / 1000) * 1000;
  return situation === 'undiscovered' ? 20 * MINUTE_MS : days * DAY_MS + restMs;
}

export function createNode(
  blueprint: ClusterBlueprint,
  pool: NodePool,
  index: number,
  random: Random,
): NodeModel {
  const { platform, region, name: cluster } = blueprint;
  const capacity: NodeAmounts = {
    cpuMillis: pool.cores * 1000,
    memoryKi: pool.memoryGi * KI_PER_GI - platform.missingMemoryKi,
    pods: 110,
    storageGi: 80,
  };
  return {
    name: platform.nodeName(random, { cluster, region, pool: pool.name, index }),
    role: pool.role,
    capacity,
    // What a kubelet of this size keeps for itself and the system, roughly.
    allocatable: {
      cpuMillis: capacity.cpuMillis - 90,
      memoryKi: capacity.memoryKi - KI_PER_GI,
      pods: capacity.pods,
      storageGi: capacity.storageGi - 8,
    },
    taints: pool.taints ?? [],
    labels: {
      ...(pool.instanceType !== undefined && { 'node.kubernetes.io/instance-type': pool.instanceType }),
      'topology.kubernetes.io/zone': `${region}${'abc'[index % 3]}`,
      ...(platform.poolLabel !== undefined && { [platform.poolLabel]: pool.name }),
    },
    kubeletVersion: `v${blueprint.kubernetesVersion}${platform.versionSuffix}`,
    containerRuntime: platform.containerRuntime,
    ready: true,
  };
}

function createAddons(blueprint: ClusterBlueprint): readonly AddonModel[] {
  return ADDON_CATALOG.map(({ name, type, namespace }) => {
    const version = blueprint.addons[name];
    const isChecked = version !== undefined && blueprint.uncheckedAddons?.includes(name) !== true;
    return {
      name,
      type,
      namespace,
      installed: version !== undefined,
      firstVersion: version,
      version,
      healthy: isChecked ? !(blueprint.situation === 'degraded' && name === 'ingress-nginx') : undefined,
    };
  });
}
