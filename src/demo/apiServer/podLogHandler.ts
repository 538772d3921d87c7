import type { Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/disposable';
import type { KubeObject } from '../../base/kubeObject';
import { ApiStatusError, badRequest } from './apiStatus';
import { containersOf, type PodContainer } from './podContainer';
import type { PodLogLine, PodLogSource } from './podLogSource';
import { queryFlag, queryNumber } from './queryNumber';
import type { ResponseBody } from './responseBody';

/** What a kubelet still has of a log after rotation, put as time. */
const KEPT_MS = 15 * 60_000;

/** The newest lines are looked for in steps of this much time, since most readers want few. */
const TAIL_STEP_MS = 30_000;

/** A follower looks at least this often, so that a clock that jumps is noticed. */
const MAX_WAIT_MS = 1000;

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
  const container = chooseContainer(pod, query.get('container') ?? '');
  const instance = queryFlag(query, 'previous')
    ? previousInstance(pod, container)
    : currentInstance(pod, container);
  return {
    pod,
    container: container.name,
    startedAtMs: instance.startedAtMs,
    fromMs: Math.max(instance.startedAtMs, (instance.endMs ?? clock.now()) - KEPT_MS, since(query, clock)),
    endMs: instance.endMs,
    tailLines: queryNumber(query, 'tailLines'),
    limitBytes: queryNumber(query, 'limitBytes'),
    follow: queryFlag(query, 'follow'),
    timestamps: queryFlag(query, 'timestamps'),
  };
}

/** One run of a container, from its start to its end, if it has one. */
interface ContainerInstance {
  readonly startedAtMs: number;
  readonly endMs: number | undefined;
}

function currentInstance(pod: KubeObject, { name, state }: PodContainer): ContainerInstance {
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

/** Whether the instance still runs that a log is of. */
function isRunning(pod: KubeObject | undefined, { container, startedAtMs }: PodLogRequest): boolean {
  const state = pod && containersOf(pod).find(({ name }) => name === container)?.state;
  return state?.type === 'running' && state.startedAtMs === startedAtMs;
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
function since(query: URLSearchParams, clock: Clock): number {
  const sinceSeconds = queryNumber(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime') ?? '';
  if (sinceTime === '') {
    return sinceSeconds === undefined ? 0 : clock.now() - sinceSeconds * 1000;
  }
  const timeMs = Date.parse(sinceTime);
  if (Number.isNaN(timeMs) || sinceSeconds !== undefined) {
    throw refusal('sinceTime must be one RFC 3339 time, without sinceSeconds beside it');
  }
  return Math.floor(timeMs / 1000) * 1000;
}

/**
 * Writes a log to `body`: what there is, then, if it is followed, each line when its time has come, until the body is
 * closed; the caller disposes the result then. The log of a container that has ended ends as well. `currentPod`: the pod as
 * it is now, so that a restart is noticed.
 */
export function streamPodLog(
  source: PodLogSource,
  clock: Clock,
  request: PodLogRequest,
  body: ResponseBody,
  currentPod: () => KubeObject | undefined,
): Disposable {
  const { pod, container } = request;
  let timer: Disposable | undefined;
  let leftBytes = request.limitBytes ?? Infinity;
  const write = (lines: readonly PodLogLine[]): void => {
    const text = lines.map((line) => `${request.timestamps ? `${line.time} ` : ''}${line.text}\n`).join('');
    // Bytes are counted as UTF-16 units: these logs are ASCII.
    body.push(text.length <= leftBytes ? text : text.slice(0, leftBytes));
    leftBytes -= text.length;
    if (leftBytes <= 0) {
      body.end();
    }
  };
  // A line of this very millisecond counts as written: it was due before anything that happens now.
  let writtenUntilMs = request.endMs ?? Math.floor(clock.now()) + 1;
  write(readTail(source, request, writtenUntilMs));
  const wait = (): void => {
    const nowMs = clock.now();
    const [next] = source.lines(pod, container, writtenUntilMs, nowMs + MAX_WAIT_MS);
    timer = clock.schedule(Math.min(MAX_WAIT_MS, Math.max(1, (next?.timeMs ?? Infinity) - nowMs)), () => {
      timer?.dispose();
      const untilMs = Math.floor(clock.now()) + 1;
      // The wall clock may have gone back: then what was written stays written, and nothing comes until it is passed.
      if (untilMs > writtenUntilMs) {
        write(source.lines(pod, container, Math.max(writtenUntilMs, untilMs - KEPT_MS), untilMs));
        writtenUntilMs = untilMs;
      }
      if (!isRunning(currentPod(), request)) {
        body.end();
      } else if (leftBytes > 0 && !body.isClosed) {
        wait();
      }
    });
  };
  if (request.follow && request.endMs === undefined && leftBytes > 0) {
    wait();
  } else {
    body.end();
  }
  return toDisposable(() => timer?.dispose());
}

function readTail(source: PodLogSource, request: PodLogRequest, untilMs: number): readonly PodLogLine[] {
  const { pod, container, fromMs, tailLines } = request;
  if (tailLines === undefined) {
    return source.lines(pod, container, fromMs, untilMs);
  }
  const steps: (readonly PodLogLine[])[] = [];
  let count = 0;
  for (let endMs = untilMs; endMs > fromMs && count < tailLines; endMs -= TAIL_STEP_MS) {
    const lines = source.lines(pod, container, Math.max(fromMs, endMs - TAIL_STEP_MS), endMs);
    steps.push(lines);
    count += lines.length;
  }
  return steps
    .reverse()
    .flat()
    .slice(Math.max(0, count - tailLines));
}

function refusal(message: string): ApiStatusError {
  return new ApiStatusError(badRequest(message));
}
