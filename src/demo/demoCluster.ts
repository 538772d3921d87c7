import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { KubeFetch } from '../base/kubeFetch';
import type { KubeObject } from '../base/kubeObject';
import { nullLogger, type Logger } from '../base/logger';
import { seededRandom } from '../base/random';
import { tokenLookupOf, type BuiltInUser } from './access/users';
import {
  CLUSTER_PERSONAS,
  CUSTOM_RESOURCE_DEFINITIONS,
  NAMESPACES,
  NODE_METRICS,
  NODES,
  POD_METRICS,
  PODS,
  type ApiResource,
} from './apiServer/apiResource';
import { ApiServer } from './apiServer/apiServer';
import { ObjectStorage } from './apiServer/objectStorage';
import { seedOf, uuid } from './chance';
import type { DemoScene } from './demoScene';
import { ADDON_CATALOG } from './fleet/addonCatalog';
import { addonPods, programOfPod } from './fleet/addonPods';
import { EventRecorder } from './fleet/eventRecorder';
import { fleetClusters, homeCluster } from './fleet/fleetClusters';
import { FleetOperator } from './fleet/fleetOperator';
import { FleetStory } from './fleet/fleetStory';
import { ApiFleetWriter } from './fleet/fleetWriter';
import { HomeNodes } from './fleet/homeNodes';
import { HomePods } from './fleet/homePods';
import { instant } from './instant';
import { personaObject } from './fleet/personaObject';
import { StatusRate } from './fleet/statusRate';
import { metricsOfNode, metricsOfPod, type UsageOptions } from './fleet/usageMetrics';
import { GeneratedPodLogs } from './podLog/generatedPodLogs';
import { crdObject } from './schema/crdObject';

export interface DemoClusterOptions {
  readonly clock: Clock;
  /** The same seed at the same times gives the same objects, changes and logs. */
  readonly seed: number;
  readonly logger?: Logger;
  /** Changes that a watch can be resumed from; at least this many. */
  readonly historyLimit?: number;
  /** What the built-in users show for themselves. Without them nobody needs a token, and everybody is the admin. */
  readonly tokens?: Readonly<Record<BuiltInUser, string>>;
  /** By default `calm`. */
  readonly scene?: DemoScene;
  /** Status writes a second beside what the scene brings, evenly over the clusters; none by default. */
  readonly ratePerSecond?: number;
  /** How many ClusterPersonas there are at first, up to 50,000; a dozen if absent. */
  readonly personas?: number;
}

/**
 * A Kubernetes cluster in process that holds the ClusterPersonas of a made-up fleet. `fetch` answers from the start;
 * things happen once `start` was called. `dispose` stops them and breaks every open answer.
 */
export interface DemoCluster extends Disposable {
  readonly fetch: KubeFetch;
  /** Answers and streams that are not read to their end. */
  readonly openBodyCount: number;
  start(): void;
  readonly scene: DemoScene;
  /** Goes on with another scene; trouble that has begun ends as it would have. */
  setScene(scene: DemoScene): void;
  /** Forgets the history, as etcd does from time to time: watches from before can't be resumed. */
  compact(): void;
}

const DEFAULT_PERSONAS = 12;

/** More than one core can write. */
const MAX_RATE_PER_SECOND = 100_000;

/** At one change every two seconds, half an hour. */
const DEFAULT_HISTORY_LIMIT = 1000;

const VERSION = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.3+demo',
  gitTreeState: 'clean',
  platform: 'demo/any',
} as const;

const NAMESPACE_NAMES: ReadonlySet<string> = new Set([
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
  ...ADDON_CATALOG.map((addon) => addon.namespace),
]);

/** Throws a `RangeError` for options out of range. */
export function createDemoCluster(options: DemoClusterOptions): DemoCluster {
  const {
    clock,
    seed,
    logger = nullLogger,
    historyLimit = DEFAULT_HISTORY_LIMIT,
    personas = DEFAULT_PERSONAS,
    scene = 'calm',
    ratePerSecond = 0,
  } = options;
  if (!(ratePerSecond >= 0 && ratePerSecond <= MAX_RATE_PER_SECOND)) {
    throw new RangeError(`ratePerSecond must be from 0 to ${MAX_RATE_PER_SECOND}, not ${ratePerSecond}`);
  }
  const storage = new ObjectStorage({ logger, historyLimit });
  const nowMs = clock.now();
  const clusters = fleetClusters(personas, seed, nowMs);
  const home = homeCluster(clusters, seed, nowMs);
  for (const name of NAMESPACE_NAMES) {
    storage.put(NAMESPACES, namespaceObject(name, seed, nowMs));
  }
  storage.put(
    CUSTOM_RESOURCE_DEFINITIONS,
    crdObject(uuid(seededRandom(seedOf(`${seed}/crd`))), instant(nowMs - CLUSTER_AGE_MS)),
  );
  const nodeNames = home.nodes.filter((node) => node.ready).map((node) => node.name);
  for (const pod of addonPods(seed, nowMs, nodeNames)) {
    storage.put(PODS, pod);
  }
  for (const cluster of clusters) {
    storage.put(CLUSTER_PERSONAS, personaObject(cluster));
  }
  const random = seededRandom(seed);
  let isStarted = false;
  const server = new ApiServer({
    storage,
    podLogs: new GeneratedPodLogs(seed, programOfPod),
    computed: {
      of: (resource) => usageObjects(resource, storage, { seed, nowMs: isStarted ? clock.now() : nowMs }),
    },
    clock,
    // Apart from the story's: how often somebody asks must not change what happens.
    random: seededRandom(seedOf(`${seed}/server`)),
    logger,
    version: VERSION,
    ...(options.tokens !== undefined && { lookUpToken: tokenLookupOf(options.tokens) }),
  });
  const writer = new ApiFleetWriter(storage, server.writer);
  const events = new EventRecorder({ writer, clock, seed });
  const homeNodes = new HomeNodes({ writer, clock, seed, home, events });
  const homePods = new HomePods({ writer, clock, events });
  homePods.recordPast();
  const operator = new FleetOperator({ writer, clock, seed, clusters, home, homeNodes, events });
  const rate = new StatusRate(operator, clock, ratePerSecond);
  const story = new FleetStory({ writer, operator, homePods, clock, random, seed, scene, home });
  return {
    fetch: server.fetch,
    get openBodyCount() {
      return server.openBodyCount;
    },
    start() {
      if (!isStarted) {
        isStarted = true;
        operator.start();
        story.start();
        rate.start();
      }
    },
    get scene() {
      return story.scene;
    },
    setScene(next) {
      story.setScene(next);
    },
    compact() {
      storage.compact();
    },
    dispose() {
      rate.dispose();
      story.dispose();
      operator.dispose();
      server.dispose();
    },
  };
}

/** Metrics as they are now; nothing of other resources. */
function usageObjects(
  resource: ApiResource,
  storage: ObjectStorage,
  options: UsageOptions,
): readonly KubeObject[] | undefined {
  const objectsOf = (measured: ApiResource) => storage.listNow(measured).items.map((item) => item.object);
  switch (resource) {
    case NODE_METRICS:
      return objectsOf(NODES).flatMap((node) => metricsOfNode(node, options) ?? []);
    case POD_METRICS:
      return objectsOf(PODS).flatMap((pod) => metricsOfPod(pod, options) ?? []);
    default:
      return undefined;
  }
}

const CLUSTER_AGE_MS = 400 * 24 * 60 * 60_000;

function namespaceObject(name: string, seed: number, nowMs: number) {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: uuid(seededRandom(seedOf(`${seed}/namespaces/${name}`))),
      creationTimestamp: instant(nowMs - CLUSTER_AGE_MS),
      labels: { 'kubernetes.io/metadata.name': name },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}
