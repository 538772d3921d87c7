import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { between, type Random } from '../../base/random';
import { CLUSTER_PERSONAS } from '../apiServer/apiResource';
import type { ObjectStorage } from '../apiServer/objectStorage';
import { pick, pickWeighted, wholeNumber } from '../chance';
import { createCluster, createNode, type AddonModel, type ClusterModel } from './clusterModel';
import { sandboxBlueprint } from './fleetBlueprints';
import { personaObject } from './personaObject';

export interface FleetStoryOptions {
  readonly storage: ObjectStorage;
  readonly clock: Clock;
  readonly random: Random;
  readonly seed: number;
  readonly clusters: readonly ClusterModel[];
}

/** Something is written every so often, so that a reader sees life without being distracted. */
const MIN_STEP_MS = 1000;
const MAX_STEP_MS = 3000;

/** Trouble at once, over the whole fleet; more would not look like a fleet somebody runs. */
const MAX_INCIDENTS = 2;

const MIN_INCIDENT_MS = 12_000;
const MAX_INCIDENT_MS = 40_000;

/** The first sandbox comes soon enough for somebody who just looks in. */
const FIRST_SANDBOX_MS = 20_000;
const SANDBOX_PAUSE_MS = 60_000;
const SANDBOX_DISCOVERY_MS = 6000;
const SANDBOX_LIFE_MS = 70_000;

/** An add-on goes through this many patch versions before it is set back to the first: there is no end to a story. */
const MAX_PATCHES = 3;

type Scene = 'rediscovery' | 'drift' | 'nodeFlap' | 'addonTrouble' | 'addonUpgrade' | 'scaleOut' | 'release';

const SCENES: readonly [SceneChoice, ...SceneChoice[]] = [
  { scene: 'rediscovery', weight: 40 },
  { scene: 'drift', weight: 34 },
  { scene: 'nodeFlap', weight: 9 },
  { scene: 'addonTrouble', weight: 5 },
  { scene: 'addonUpgrade', weight: 5 },
  { scene: 'scaleOut', weight: 3 },
  { scene: 'release', weight: 4 },
];

interface SceneChoice {
  readonly scene: Scene;
  readonly weight: number;
}

/**
 * What happens to the fleet after it began: every one to three seconds something that the clusters' operators would
 * report. All trouble passes, and every figure stays near where it began, so that the fleet looks the same after a day.
 * The same seed and the same times give the same story.
 */
export class FleetStory implements Disposable {
  readonly #options: FleetStoryOptions;
  readonly #timers = new DisposableStore();
  /** Clusters in passing trouble: one at a time each. */
  readonly #incidents = new Set<ClusterModel>();
  #pullRequest: number;

  constructor(options: FleetStoryOptions) {
    this.#options = options;
    this.#pullRequest = wholeNumber(options.random, 1200, 1400);
  }

  start(): void {
    this.#step();
    this.#after(FIRST_SANDBOX_MS, () => this.#makeSandbox());
  }

  dispose(): void {
    this.#timers.dispose();
  }

  #step(): void {
    const { random } = this.#options;
    this.#after(wholeNumber(random, MIN_STEP_MS, MAX_STEP_MS), () => {
      this.#play(pickWeighted(random, SCENES).scene);
      this.#step();
    });
  }

  #play(scene: Scene): void {
    const { random, clusters } = this.#options;
    const cluster = pick(
      random,
      clusters.filter((candidate) => isWatched(candidate)),
    );
    if (cluster === undefined) {
      return;
    }
    switch (scene) {
      case 'rediscovery':
        return this.#report(cluster);
      case 'drift':
        return this.#drift(cluster);
      case 'nodeFlap':
        return this.#flapNode(cluster);
      case 'addonTrouble':
        return this.#troubleAddon(cluster);
      case 'addonUpgrade':
        return this.#upgradeAddon(cluster);
      case 'scaleOut':
        return this.#scaleOut(cluster);
      case 'release':
        return this.#release(cluster);
      default:
        return scene satisfies never;
    }
  }

  /** Pods come and go; half of the time it is the cluster that somebody measures. */
  #drift(chosen: ClusterModel): void {
    const { random, clusters } = this.#options;
    const measured = clusters.find((cluster) => cluster.usage !== undefined);
    const cluster = measured !== undefined && random.next() < 0.5 ? measured : chosen;
    const { runningPods, usage } = cluster.blueprint;
    cluster.runningPods = drift(random, cluster.runningPods, runningPods, runningPods * 0.03);
    if (cluster.usage !== undefined && usage !== undefined) {
      cluster.usage.cpuPercent = drift(random, cluster.usage.cpuPercent, usage.cpuPercent, 4);
      cluster.usage.memoryPercent = drift(random, cluster.usage.memoryPercent, usage.memoryPercent, 1.5);
    }
    cluster.runningPods = Math.round(cluster.runningPods);
    this.#report(cluster);
  }

  #flapNode(cluster: ClusterModel): void {
    const node = pick(this.#options.random, mayLoseNodes(cluster) ? cluster.nodes : []);
    if (node === undefined) {
      return this.#report(cluster);
    }
    this.#incident(
      cluster,
      () => {
        cluster.nodes = changed(cluster.nodes, node.name, { ready: false });
      },
      () => {
        cluster.nodes = changed(cluster.nodes, node.name, { ready: true });
      },
    );
  }

  #troubleAddon(cluster: ClusterModel): void {
    const addon = pick(
      this.#options.random,
      cluster.addons.filter((candidate) => candidate.healthy === true),
    );
    if (addon === undefined) {
      return this.#report(cluster);
    }
    this.#incident(
      cluster,
      () => {
        cluster.addons = changed(cluster.addons, addon.name, { healthy: false });
      },
      () => {
        cluster.addons = changed(cluster.addons, addon.name, { healthy: true });
      },
    );
  }

  #upgradeAddon(cluster: ClusterModel): void {
    const addon = pick(
      this.#options.random,
      cluster.addons.filter((candidate) => candidate.installed),
    );
    if (addon !== undefined) {
      cluster.addons = changed(cluster.addons, addon.name, { version: nextPatch(addon) });
    }
    this.#report(cluster);
  }

  /** A node joins for a while. */
  #scaleOut(cluster: ClusterModel): void {
    const { random } = this.#options;
    const { blueprint, nodes } = cluster;
    const pool = blueprint.pools.find((candidate) => candidate.role === 'worker');
    if (pool === undefined || !mayLoseNodes(cluster)) {
      return this.#report(cluster);
    }
    const node = createNode(blueprint, pool, nodes.length, random);
    this.#incident(
      cluster,
      () => {
        cluster.nodes = [...cluster.nodes, node];
      },
      () => {
        cluster.nodes = cluster.nodes.filter(({ name }) => name !== node.name);
      },
    );
  }

  #release(cluster: ClusterModel): void {
    const { random } = this.#options;
    const { applications } = cluster.blueprint;
    cluster.applications = Math.max(0, wholeNumber(random, applications - 2, applications + 2));
    this.#report(cluster);
  }

  /** Trouble that is over after a while; where there is enough of it already, a plain report. */
  #incident(cluster: ClusterModel, begin: () => void, end: () => void): void {
    if (this.#incidents.has(cluster) || this.#incidents.size >= MAX_INCIDENTS) {
      return this.#report(cluster);
    }
    this.#incidents.add(cluster);
    this.#change(cluster, begin);
    this.#after(wholeNumber(this.#options.random, MIN_INCIDENT_MS, MAX_INCIDENT_MS), () => {
      this.#incidents.delete(cluster);
      this.#change(cluster, end);
    });
  }

  #change(cluster: ClusterModel, change: () => void): void {
    const wasHealthy = isHealthy(cluster);
    change();
    if (isHealthy(cluster) !== wasHealthy) {
      cluster.healthySinceMs = this.#options.clock.now();
    }
    this.#report(cluster);
  }

  /** First nobody knows anything of it, then it is discovered, then it is gone; and another comes. */
  #makeSandbox(): void {
    const { clock, seed, storage, random } = this.#options;
    this.#pullRequest += wholeNumber(random, 1, 9);
    const cluster = createCluster(sandboxBlueprint(this.#pullRequest), seed, clock.now(), clock.now());
    cluster.lastDiscoveryMs = undefined;
    cluster.healthySinceMs = clock.now();
    storage.put(CLUSTER_PERSONAS, personaObject(cluster));
    this.#after(SANDBOX_DISCOVERY_MS, () => this.#report(cluster));
    this.#after(SANDBOX_LIFE_MS, () => {
      storage.delete(CLUSTER_PERSONAS, undefined, cluster.blueprint.name);
      this.#after(SANDBOX_PAUSE_MS, () => this.#makeSandbox());
    });
  }

  /** The operator looks, and writes what it sees. */
  #report(cluster: ClusterModel): void {
    cluster.lastDiscoveryMs = this.#options.clock.now();
    this.#options.storage.put(CLUSTER_PERSONAS, personaObject(cluster));
  }

  #after(delayMs: number, callback: () => void): void {
    const timer = this.#options.clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }
}

/** Whether an operator looks after it: nothing is ever reported of the others. */
function isWatched(cluster: ClusterModel): boolean {
  return cluster.lastDiscoveryMs !== undefined && !cluster.isLost;
}

/** The nodes of a cluster that is degraded for good stay as they are: it is what people look at first. */
function mayLoseNodes(cluster: ClusterModel): boolean {
  return cluster.blueprint.situation === 'ready';
}

function isHealthy(cluster: ClusterModel): boolean {
  return cluster.nodes.every((node) => node.ready);
}

/** The same parts, but for what changes of the one with that name. */
function changed<Part extends { readonly name: string }>(
  parts: readonly Part[],
  name: string,
  change: Partial<Part>,
): readonly Part[] {
  return parts.map((part) => (part.name === name ? { ...part, ...change } : part));
}

/** A random step that is pulled back to `centre` the further it has gone. */
function drift(random: Random, value: number, centre: number, step: number): number {
  return Math.max(0, value + between(random, -step, step) + (centre - value) * 0.15);
}

function nextPatch({ version, firstVersion }: AddonModel): string | undefined {
  const [, head, patch] = /^(.*\.)(\d+)$/.exec(version ?? '') ?? [];
  const [, , firstPatch] = /^(.*\.)(\d+)$/.exec(firstVersion ?? '') ?? [];
  const isLast = Number(patch) >= Number(firstPatch) + MAX_PATCHES;
  return head === undefined || isLast ? firstVersion : `${head}${Number(patch) + 1}`;
}
