import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { KubeObject } from '../../base/kubeObject';
import { CLUSTER_PERSONAS } from '../apiServer/apiResource';
import { createCluster, type ClusterModel } from './clusterModel';
import { DISCOVERED, newsSince, viewOf, type ClusterNews } from './clusterNews';
import type { EventRecorder } from './eventRecorder';
import type { FleetChange, FleetWriter } from './fleetWriter';
import { discoveredBlueprint } from './generatedBlueprints';
import type { HomeNodes } from './homeNodes';
import { OPERATOR, personaObject } from './personaObject';
import { personaStatus } from './personaStatus';

/** From a persona's making to the first look at its cluster. */
const DISCOVERY_MS = 6000;

/** From somebody's change of a persona to the next report. */
const REREPORT_MS = 1000;

export interface FleetOperatorOptions {
  readonly writer: FleetWriter;
  readonly clock: Clock;
  readonly seed: number;
  /** In the order of their making. */
  readonly clusters: readonly ClusterModel[];
  readonly home: ClusterModel;
  readonly homeNodes: HomeNodes;
  readonly events: EventRecorder;
}

/**
 * The operators of all clusters: they write the status of ClusterPersonas, and nothing else of them. A persona that
 * somebody made gets a cluster, which is discovered after some seconds; one that somebody changed is reported again; one
 * that was deleted is written no more.
 */
export class FleetOperator implements Disposable {
  readonly #options: FleetOperatorOptions;
  readonly #owned = new DisposableStore();
  /** The clusters of the personas that there are. */
  readonly #clusters = new Map<string, ClusterModel>();
  /** What the fleet began with: such a cluster outlives its persona. */
  readonly #firstClusters: ReadonlyMap<string, ClusterModel>;
  /** The next look that somebody's change made due, one at most for each persona. */
  readonly #looks = new Map<string, Disposable>();
  #watched: readonly ClusterModel[] | undefined;
  #isWriting = false;
  /** The cluster that the persona which is just being made is about. */
  #announced: ClusterModel | undefined;

  constructor(options: FleetOperatorOptions) {
    this.#options = options;
    this.#firstClusters = new Map(options.clusters.map((cluster) => [cluster.blueprint.name, cluster]));
  }

  start(): void {
    const { writer } = this.#options;
    for (const cluster of this.#options.clusters) {
      const { name } = cluster.blueprint;
      if (writer.get(CLUSTER_PERSONAS, undefined, name)?.metadata.uid === cluster.uid) {
        this.#clusters.set(name, cluster);
      }
    }
    for (const object of writer.list(CLUSTER_PERSONAS)) {
      if (!this.#clusters.has(object.metadata.name)) {
        this.#adopt(object);
      }
    }
    this.#owned.add(
      writer.onChanged((change) => {
        if (change.resource === CLUSTER_PERSONAS && !this.#isWriting) {
          this.#onChanged(change);
        }
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
    this.#looks.clear();
  }

  /** The clusters of which something is reported: those whose persona is there, that were discovered and can be reached. */
  get watched(): readonly ClusterModel[] {
    this.#watched ??= [...this.#clusters.values()].filter(
      (cluster) => cluster.lastDiscoveryMs !== undefined && !cluster.isLost,
    );
    return this.#watched;
  }

  /**
   * Makes the persona of a new cluster in the name of `manager`; it is discovered as any other. Returns the persona's uid,
   * `undefined` where its name is taken.
   */
  setUp(cluster: ClusterModel, manager: string): string | undefined {
    const { writer } = this.#options;
    cluster.lastDiscoveryMs = undefined;
    this.#announced = cluster;
    try {
      return writer.create(CLUSTER_PERSONAS, personaObject(cluster), manager)?.metadata.uid;
    } finally {
      this.#announced = undefined;
    }
  }

  /** Looks at a cluster and writes what it sees. */
  report(cluster: ClusterModel): void {
    const { clock } = this.#options;
    if (this.#clusters.get(cluster.blueprint.name) === cluster && cluster.lastDiscoveryMs !== undefined) {
      cluster.lastDiscoveryMs = cluster.isLost ? cluster.lastDiscoveryMs : clock.now();
      this.#write(cluster, cluster.lastDiscoveryMs);
    }
    if (cluster === this.#options.home) {
      this.#options.homeNodes.sync();
    }
  }

  /** Something happens to a cluster; its operator sees it at once and tells what is new about it. */
  change(cluster: ClusterModel, change: () => void): void {
    const nowMs = this.#options.clock.now();
    const before = viewOf(cluster);
    change();
    const { isLost, notReady } = viewOf(cluster);
    if (before.isLost !== isLost) {
      cluster.reachableSinceMs = nowMs;
      this.#watched = undefined;
    }
    if ((before.notReady === 0) !== (notReady === 0) || before.isLost !== isLost) {
      cluster.healthySinceMs = nowMs;
    }
    this.report(cluster);
    for (const news of newsSince(before, cluster)) {
      this.#tell(cluster, news);
    }
  }

  #onChanged({ type, object, previous }: FleetChange): void {
    const { name } = object.metadata;
    switch (type) {
      case 'ADDED':
        return this.#adopt(object);
      case 'DELETED':
        return this.#forget(name);
      case 'MODIFIED':
        if (previous !== undefined && intentOf(previous) !== intentOf(object)) {
          this.#lookAfter(REREPORT_MS, name, (cluster) => this.report(cluster));
        }
        return;
      default:
        return type satisfies never;
    }
  }

  #adopt(object: KubeObject): void {
    const { clock, seed } = this.#options;
    const { name } = object.metadata;
    const first = this.#firstClusters.get(name);
    const isKept = first?.blueprint.situation === 'ready' || first?.blueprint.situation === 'degraded';
    const cluster =
      this.#announced ??
      (first !== undefined && isKept
        ? first
        : createCluster(discoveredBlueprint(seed, name), seed, clock.now(), clock.now()));
    // Nobody knows yet whether it can be reached: what was known went with the persona that was there before.
    cluster.lastDiscoveryMs = undefined;
    cluster.isLost = false;
    this.#clusters.set(name, cluster);
    this.#watched = undefined;
    this.#lookAfter(DISCOVERY_MS, name, () => this.#discover(cluster));
  }

  #discover(cluster: ClusterModel): void {
    const nowMs = this.#options.clock.now();
    cluster.lastDiscoveryMs = nowMs;
    cluster.reachableSinceMs = nowMs;
    cluster.healthySinceMs = nowMs;
    this.#watched = undefined;
    this.report(cluster);
    this.#tell(cluster, DISCOVERED);
  }

  #forget(name: string): void {
    this.#clusters.delete(name);
    this.#watched = undefined;
    this.#cancelLook(name);
  }

  #lookAfter(delayMs: number, name: string, look: (cluster: ClusterModel) => void): void {
    const { clock } = this.#options;
    const cluster = this.#clusters.get(name);
    // A look that is due already sees this change, too; and nobody looks at what cannot be reached or is not to be found.
    if (this.#looks.has(name) || cluster === undefined || cluster.isLost) {
      return;
    }
    const timer = clock.schedule(delayMs, () => {
      this.#cancelLook(name);
      look(cluster);
    });
    this.#looks.set(name, this.#owned.add(timer));
  }

  #cancelLook(name: string): void {
    const timer = this.#looks.get(name);
    if (timer !== undefined) {
      this.#looks.delete(name);
      this.#owned.delete(timer);
    }
  }

  #write(cluster: ClusterModel, lastDiscoveryMs: number): void {
    const { writer } = this.#options;
    this.#isWriting = true;
    try {
      writer.writeStatus(
        CLUSTER_PERSONAS,
        undefined,
        cluster.blueprint.name,
        personaStatus(cluster, lastDiscoveryMs),
        OPERATOR,
      );
    } finally {
      this.#isWriting = false;
    }
  }

  #tell(cluster: ClusterModel, news: ClusterNews): void {
    const { writer, events } = this.#options;
    const about = writer.get(CLUSTER_PERSONAS, undefined, cluster.blueprint.name);
    const isReported = this.#clusters.get(cluster.blueprint.name) === cluster;
    if (about !== undefined && isReported && cluster.lastDiscoveryMs !== undefined) {
      events.record({ ...news, about, component: OPERATOR });
    }
  }
}

/** What people write of a persona, as one text: who changes only a status changes nothing of it. */
function intentOf({ metadata, ...rest }: KubeObject): string {
  const { labels, annotations } = metadata;
  return JSON.stringify([labels, annotations, rest['spec']]);
}
