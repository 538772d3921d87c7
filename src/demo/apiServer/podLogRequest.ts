import type { Clock } from '../../base/clock';
import type { KubeObject } from '../../base/kubeObject';
import { recordOf, textOf } from '../../persona/decodeField';
import { ApiStatusError, badRequest } from './apiStatus';
import { containersOf, type PodContainer } from './podContainer';
import { parsePodLogOptions, type PodLogOptions } from './podLogOptions';

/** What a kubelet still has of a log after rotation, put as time. */
export const KEPT_MS = 15 * 60_000;

/** A question for a log that was understood. Times in milliseconds since the Unix epoch. */
export interface PodLogRequest {
  readonly pod: KubeObject;
  readonly container: string;
  /** When the instance of the container began whose log it is. */
  readonly startedAtMs: number;
  readonly fromMs: number;
  /** When that instance ended; `undefined` while it runs. */
  readonly endMs: number | undefined;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
  readonly follow: boolean;
  readonly timestamps: boolean;
}

/** Reads a question by the rules of the API server and the kubelet. Throws {@link ApiStatusError}. */
export function parsePodLog(pod: KubeObject, query: URLSearchParams, clock: Clock): PodLogRequest {
  const options = parsePodLogOptions(query, pod.metadata.name);
  const container = chooseContainer(pod, options.container);
  const instance = options.previous ? previousInstance(pod, container) : currentInstance(pod, container);
  return {
    pod,
    container: container.name,
    startedAtMs: instance.startedAtMs,
    fromMs: Math.max(instance.startedAtMs, (instance.endMs ?? clock.now()) - KEPT_MS, since(options, clock)),
    endMs: instance.endMs,
    tailLines: options.tailLines,
    limitBytes: options.limitBytes,
    follow: options.follow,
    timestamps: options.timestamps,
  };
}

/** One run of a container, from its start to its end, if it has one. */
interface ContainerInstance {
  readonly startedAtMs: number;
  readonly endMs: number | undefined;
}

function currentInstance(pod: KubeObject, { name, state }: PodContainer): ContainerInstance {
  if (textOf(recordOf(pod['spec'])?.['nodeName']) === undefined) {
    // There is no kubelet to ask yet: the API server answers with nothing.
    return { startedAtMs: 0, endMs: 0 };
  }
  if (state.type === 'waiting') {
    throw refusal(`container "${name}" in pod "${pod.metadata.name}" is waiting to start: ${state.reason}`);
  }
  return {
    startedAtMs: state.startedAtMs,
    endMs: state.type === 'terminated' ? state.finishedAtMs : undefined,
  };
}

function previousInstance(pod: KubeObject, { name, previous }: PodContainer): ContainerInstance {
  if (previous === undefined) {
    throw refusal(`previous terminated container "${name}" in pod "${pod.metadata.name}" not found`);
  }
  return { startedAtMs: previous.startedAtMs, endMs: previous.finishedAtMs };
}

function chooseContainer(pod: KubeObject, wanted: string): PodContainer {
  const { name } = pod.metadata;
  const containers = containersOf(pod);
  const [first] = containers;
  if (wanted === '' && first !== undefined && containers.length === 1) {
    return first;
  }
  if (wanted === '') {
    const choices = containers.map((container) => container.name).join(' ');
    throw refusal(`a container name must be specified for pod ${name}, choose one of: [${choices}]`);
  }
  const container = containers.find((candidate) => candidate.name === wanted);
  if (container === undefined) {
    throw refusal(`container ${wanted} is not valid for pod ${name}`);
  }
  return container;
}

/** The kubelet reads `sinceTime` to the whole second. */
function since({ sinceSeconds, sinceTimeMs }: PodLogOptions, clock: Clock): number {
  if (sinceTimeMs !== undefined) {
    return Math.floor(sinceTimeMs / 1000) * 1000;
  }
  return sinceSeconds === undefined ? 0 : clock.now() - sinceSeconds * 1000;
}

function refusal(message: string): ApiStatusError {
  return new ApiStatusError(badRequest(message));
}
