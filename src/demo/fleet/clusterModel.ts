import { seededRandom, type Random } from '../../base/random';
import type { PersonaSpec } from '../../persona/personaSpec';
import type { AddonType } from '../../persona/personaStatus';
import { seedOf, uuid, wholeNumber } from '../chance';
import { ADDON_CATALOG } from './addonCatalog';
import type { ClusterBlueprint, NodePool, Situation } from './clusterBlueprint';

const KI_PER_GI = 1024 * 1024;

/** A node as it is; whatever happens to it makes another one, so that equal ones are shared. */
export interface NodeModel {
  readonly name: string;
  readonly role: string;
  readonly capacity: NodeAmounts;
  readonly allocatable: NodeAmounts;
  readonly taints: readonly string[];
  /** `undefined`: not reported. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly kubeletVersion: string;
  readonly containerRuntime: string;
  readonly ready: boolean;
  /** Cordoned: no new pods. */
  readonly unschedulable: boolean;
}

export interface NodeAmounts {
  readonly cpuMillis: number;
  readonly memoryKi: number;
  readonly pods: number;
  /** `undefined`: not reported. */
  readonly storageGi: number | undefined;
}

/** An add-on as it is; like a node it is replaced, never changed. */
export interface AddonModel {
  readonly name: string;
  readonly type: AddonType;
  readonly namespace: string;
  readonly installed: boolean;
  /** The version it began with. */
  readonly firstVersion: string | undefined;
  readonly version: string | undefined;
  /** `undefined`: nobody checks it. */
  readonly healthy: boolean | undefined;
}

/** The truth about one cluster, which the story changes and its operator reports. */
export interface ClusterModel {
  readonly blueprint: ClusterBlueprint;
  readonly uid: string;
  readonly createdMs: number;
  readonly spec: PersonaSpec;
  kubernetesVersion: string;
  nodes: readonly NodeModel[];
  addons: readonly AddonModel[];
  /** `undefined`: not discovered yet. */
  lastDiscoveryMs: number | undefined;
  /** The operator cannot tell the state of the cluster. */
  isLost: boolean;
  /** When the operator began or ceased to reach it. */
  reachableSinceMs: number;
  /** When all nodes became ready, or ceased to be. */
  healthySinceMs: number;
  runningPods: number;
  applications: number;
  usage: { cpuPercent: number; memoryPercent: number } | undefined;
}

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

const ZONES = 'abc';

/** From 0; of a cluster that is degraded for good. */
const DOWN_NODE = 6;

/** What those with the same add-ons begin with, made once. */
const firstAddons = new WeakMap<ClusterBlueprint['addons'], readonly AddonModel[]>();

/** Its age, names and uids come from `seed` and the blueprint's name, whatever else there is. */
export function createCluster(
  blueprint: ClusterBlueprint,
  seed: number,
  nowMs: number,
  createdMs?: number,
): ClusterModel {
  const random = seededRandom(seedOf(`${seed}/${blueprint.name}`));
  const { situation } = blueprint;
  const nodes = createNodes(blueprint, random);
  if (situation === 'degraded') {
    const down = Math.min(DOWN_NODE, nodes.length - 1);
    nodes.splice(down, 1, ...nodes.slice(down, down + 1).map((node) => ({ ...node, ready: false })));
  }
  const sinceMs = {
    ready: wholeNumber(random, 2, 90) * DAY_MS,
    degraded: 4 * MINUTE_MS,
    unknown: 26 * MINUTE_MS,
    undiscovered: 0,
  }[situation];
  const discoveredAgoMs = situation === 'unknown' ? 26 * MINUTE_MS : wholeNumber(random, 5, 240) * 1000;
  const uid = uuid(random);
  const bornMs = createdMs ?? nowMs - ageMs(situation, random);
  return {
    blueprint,
    uid,
    createdMs: bornMs,
    spec: blueprint.spec,
    kubernetesVersion: versionOf(blueprint, blueprint.kubernetesVersion),
    nodes,
    addons: addonsOf(blueprint),
    lastDiscoveryMs: situation === 'undiscovered' ? undefined : nowMs - discoveredAgoMs,
    isLost: situation === 'unknown',
    reachableSinceMs: situation === 'unknown' ? nowMs - sinceMs : bornMs,
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

function createNodes(blueprint: ClusterBlueprint, random: Random): NodeModel[] {
  const nodes: NodeModel[] = [];
  for (const pool of blueprint.pools) {
    /** One a zone: nodes of a pool in the same zone share all but their names. */
    const alike = new Map<number, NodeModel>();
    for (let count = 0; count < pool.count; count += 1) {
      const index = nodes.length;
      const like = alike.get(index % ZONES.length);
      const node =
        like === undefined
          ? createNode(blueprint, pool, index, random)
          : { ...like, name: nodeName(blueprint, pool, index, random) };
      alike.set(index % ZONES.length, node);
      nodes.push(node);
    }
  }
  return nodes;
}

/** One more node of a pool. `index`: from 0, over all nodes of the cluster. */
export function createNode(
  blueprint: ClusterBlueprint,
  pool: NodePool,
  index: number,
  random: Random,
): NodeModel {
  const { platform, region } = blueprint;
  const capacity: NodeAmounts = {
    cpuMillis: pool.cores * 1000,
    memoryKi: pool.memoryGi * KI_PER_GI - platform.missingMemoryKi,
    pods: 110,
    storageGi: blueprint.isTerse === true ? undefined : 80,
  };
  return {
    name: nodeName(blueprint, pool, index, random),
    role: pool.role,
    capacity,
    // What a kubelet of this size keeps for itself and the system, roughly.
    allocatable: {
      cpuMillis: capacity.cpuMillis - 90,
      memoryKi: capacity.memoryKi - KI_PER_GI,
      pods: capacity.pods,
      storageGi: capacity.storageGi === undefined ? undefined : capacity.storageGi - 8,
    },
    taints: pool.taints ?? [],
    labels:
      blueprint.isTerse === true
        ? undefined
        : {
            ...(pool.instanceType !== undefined && { 'node.kubernetes.io/instance-type': pool.instanceType }),
            'topology.kubernetes.io/zone': `${region}${ZONES[index % ZONES.length]}`,
            ...(platform.poolLabel !== undefined && { [platform.poolLabel]: pool.name }),
          },
    kubeletVersion: versionOf(blueprint, blueprint.kubernetesVersion),
    containerRuntime: platform.containerRuntime,
    ready: true,
    unschedulable: false,
  };
}

function nodeName(blueprint: ClusterBlueprint, pool: NodePool, index: number, random: Random): string {
  const { platform, region, name: cluster } = blueprint;
  return platform.nodeName(random, { cluster, region, pool: pool.name, index });
}

/** `v1.34.2+k3s1` from `1.34.2`: as the cluster's platform writes it. */
export function versionOf({ platform }: ClusterBlueprint, version: string): string {
  return `v${version}${platform.versionSuffix}`;
}

/** As `key=value:Effect`: those of its pool, and those that Kubernetes gives a node that is cordoned or silent. */
export function taintsOf({ taints, unschedulable, ready }: NodeModel): readonly string[] {
  return [
    ...taints,
    ...(unschedulable ? ['node.kubernetes.io/unschedulable=:NoSchedule'] : []),
    ...(ready
      ? []
      : ['node.kubernetes.io/unreachable=:NoSchedule', 'node.kubernetes.io/unreachable=:NoExecute']),
  ];
}

function addonsOf(blueprint: ClusterBlueprint): readonly AddonModel[] {
  let addons = firstAddons.get(blueprint.addons);
  if (addons === undefined) {
    addons = createAddons(blueprint);
    firstAddons.set(blueprint.addons, addons);
  }
  return blueprint.situation === 'degraded'
    ? addons.map((addon) =>
        addon.name === 'ingress-nginx' && addon.healthy === true ? { ...addon, healthy: false } : addon,
      )
    : addons;
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
      healthy: isChecked ? true : undefined,
    };
  });
}
