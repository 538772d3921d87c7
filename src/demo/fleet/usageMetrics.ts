import type { KubeObject } from '../../base/kubeObject';
import { between, seededRandom } from '../../base/random';
import { recordOf, textOf } from '../../persona/decodeField';
import { parseQuantity } from '../../persona/quantity';
import { apiVersionOf, NODE_METRICS, POD_METRICS } from '../apiServer/apiResource';
import { containersOf } from '../apiServer/podContainer';
import { seedOf } from '../chance';
import { instant } from '../instant';
import { isNodeReady } from './nodeObject';

/** As metrics-server is often set up: a sample every 15 s, over a little more time than that. */
const SAMPLE_MS = 15_000;
const WINDOW = '15.1s';

/** What is used moves from one of these points in time to the next. */
const TREND_MS = 4 * SAMPLE_MS;

const NANOS_PER_CORE = 1_000_000_000;
const NANOS_PER_MILLI = 1_000_000;
const BYTES_PER_KI = 1024;

/** Of what a node can allocate; on average what the home cluster's persona reports. */
const NODE_CPU_SHARE = 0.31;
const NODE_MEMORY_SHARE = 0.64;

const MIN_CONTAINER_MILLIS = 2;
const MAX_CONTAINER_MILLIS = 180;
const MIN_CONTAINER_KI = 18 * 1024;
const MAX_CONTAINER_KI = 720 * 1024;

export interface UsageOptions {
  readonly seed: number;
  readonly nowMs: number;
}

/**
 * What a node uses, as metrics-server would have it now; `undefined` for a node whose kubelet is silent. The same seed, name
 * and time give the same figures.
 */
export function metricsOfNode(node: KubeObject, { seed, nowMs }: UsageOptions): KubeObject | undefined {
  if (!isNodeReady(node)) {
    return undefined;
  }
  const allocatable = recordOf(recordOf(node['status'])?.['allocatable']);
  const level = levelOf(`${seed}/usage/${node.metadata.name}`, nowMs);
  return {
    apiVersion: apiVersionOf(NODE_METRICS),
    kind: NODE_METRICS.kind,
    metadata: metadataOf(node, nowMs),
    timestamp: instant(sampleTime(nowMs)),
    window: WINDOW,
    usage: {
      cpu: nanos(amountOf(allocatable?.['cpu']) * NODE_CPU_SHARE * level.cpu * NANOS_PER_CORE),
      memory: kibibytes(
        (amountOf(allocatable?.['memory']) * Math.min(0.97, NODE_MEMORY_SHARE * level.memory)) / BYTES_PER_KI,
      ),
    },
  };
}

/** What a pod's containers use; `undefined` for a pod of which none runs. */
export function metricsOfPod(pod: KubeObject, { seed, nowMs }: UsageOptions): KubeObject | undefined {
  const running = containersOf(pod).filter(
    ({ state }) => state.type === 'running' && state.startedAtMs <= sampleTime(nowMs),
  );
  if (running.length === 0) {
    return undefined;
  }
  const { namespace, name } = pod.metadata;
  return {
    apiVersion: apiVersionOf(POD_METRICS),
    kind: POD_METRICS.kind,
    metadata: metadataOf(pod, nowMs),
    timestamp: instant(sampleTime(nowMs)),
    window: WINDOW,
    containers: running.map((container) => {
      const key = `${seed}/usage/${namespace}/${name}/${container.name}`;
      const size = seededRandom(seedOf(key));
      const level = levelOf(key, nowMs);
      return {
        name: container.name,
        usage: {
          cpu: nanos(between(size, MIN_CONTAINER_MILLIS, MAX_CONTAINER_MILLIS) * level.cpu * NANOS_PER_MILLI),
          memory: kibibytes(between(size, MIN_CONTAINER_KI, MAX_CONTAINER_KI) * level.memory),
        },
      };
    }),
  };
}

function metadataOf({ metadata }: KubeObject, nowMs: number) {
  return {
    name: metadata.name,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    creationTimestamp: instant(nowMs),
    ...(metadata.labels !== undefined && { labels: metadata.labels }),
  };
}

function sampleTime(nowMs: number): number {
  return Math.floor(nowMs / SAMPLE_MS) * SAMPLE_MS;
}

/** How much of its average is used: about 1, and always on the way from one value to the next. */
function levelOf(key: string, nowMs: number) {
  const position = sampleTime(nowMs) / TREND_MS;
  const point = Math.floor(position);
  const from = levelAt(key, point);
  const to = levelAt(key, point + 1);
  const share = position - point;
  return {
    cpu: from.cpu + (to.cpu - from.cpu) * share,
    memory: from.memory + (to.memory - from.memory) * share,
  };
}

function levelAt(key: string, point: number) {
  const random = seededRandom(seedOf(`${key}/${point}`));
  return { cpu: between(random, 0.6, 1.4), memory: between(random, 0.95, 1.05) };
}

function amountOf(quantity: unknown): number {
  return parseQuantity(textOf(quantity) ?? '') ?? 0;
}

function nanos(amount: number): string {
  return `${Math.round(amount)}n`;
}

function kibibytes(amount: number): string {
  return `${Math.round(amount)}Ki`;
}
