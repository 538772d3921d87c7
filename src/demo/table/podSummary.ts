import type { JsonRecord } from '../../base/jsonRecord';
import type { KubeObject } from '../../base/kubeObject';
import { countOf, listOf, recordOf, textOf } from '../../persona/decodeField';

/** A pod in one line. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  /** When the container that was last started again had ended; milliseconds since the Unix epoch. */
  readonly lastRestartMs: number | undefined;
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly lastEndMs: number | undefined;
  readonly isRunning: boolean;
  readonly waitingReason: string | undefined;
  readonly terminated: JsonRecord | undefined;
}

interface Restarts {
  readonly count: number;
  readonly lastMs: number | undefined;
}

interface Progress {
  /** What the pod waits for; `undefined` once nothing is left to initialize. */
  readonly reason: string | undefined;
  readonly ready: number;
  readonly restarts: Restarts;
  /** Of those init containers alone that go on running beside the others. */
  readonly sidecarRestarts: Restarts;
}

const NO_RESTARTS: Restarts = { count: 0, lastMs: undefined };

/** Sums a pod up by the rules of the API server's printer: the column Status is more than the phase. */
export function podSummary(pod: KubeObject): PodSummary {
  const spec = recordOf(pod['spec']) ?? {};
  const status = recordOf(pod['status']) ?? {};
  const sidecars = new Set(
    listOf(spec['initContainers'], (container) =>
      container['restartPolicy'] === 'Always' ? textOf(container['name']) : undefined,
    ).items,
  );
  const total = lengthOf(spec['containers']) + sidecars.size;
  const init = initialize(
    statusesOf(status['initContainerStatuses']),
    sidecars,
    lengthOf(spec['initContainers']),
  );
  const isInitialized = init.reason === undefined || hasCondition(status, 'Initialized');
  const initial = init.reason ?? ownReason(status);
  const summary = isInitialized ? run(status, initial, init) : { ...init, reason: initial };
  return {
    ready: summary.ready,
    total,
    reason: deletionReason(pod, status) ?? summary.reason,
    restarts: summary.restarts.count,
    lastRestartMs: summary.restarts.lastMs,
  };
}

function ownReason(status: JsonRecord): string {
  const gated = listOf(status['conditions'], (condition) =>
    condition['type'] === 'PodScheduled' && condition['reason'] === 'SchedulingGated' ? true : undefined,
  ).items;
  if (gated !== undefined && gated.length > 0) {
    return 'SchedulingGated';
  }
  return textOf(status['reason']) ?? textOf(status['phase']) ?? '';
}

/** Init containers run one after the other: the first that is not done says what the pod waits for. */
function initialize(
  statuses: readonly ContainerStatus[],
  sidecars: ReadonlySet<string>,
  total: number,
): Progress {
  let ready = 0;
  let restarts = NO_RESTARTS;
  let sidecarRestarts = NO_RESTARTS;
  for (const [index, container] of statuses.entries()) {
    const isSidecar = sidecars.has(container.name);
    restarts = addRestarts(restarts, container);
    if (isSidecar) {
      sidecarRestarts = addRestarts(sidecarRestarts, container);
    }
    if (container.terminated !== undefined && exitCodeOf(container.terminated) === 0) {
      continue;
    }
    if (isSidecar && container.started) {
      ready += container.ready ? 1 : 0;
      continue;
    }
    const waiting = container.waitingReason === 'PodInitializing' ? undefined : container.waitingReason;
    const reason =
      container.terminated === undefined
        ? (waiting ?? `${index}/${total}`)
        : terminationReason(container.terminated);
    return { reason: `Init:${reason}`, ready, restarts, sidecarRestarts };
  }
  return { reason: undefined, ready, restarts, sidecarRestarts };
}

/** The first container that is in trouble names the reason, so the last one is looked at first. */
function run(status: JsonRecord, initial: string, init: Progress) {
  let { ready } = init;
  let restarts = init.sidecarRestarts;
  let reason = initial;
  let errorReason: string | undefined;
  let isRunning = false;
  for (const container of statusesOf(status['containerStatuses']).toReversed()) {
    restarts = addRestarts(restarts, container);
    if (container.waitingReason !== undefined) {
      reason = container.waitingReason;
    } else if (container.terminated !== undefined) {
      reason = terminationReason(container.terminated);
      errorReason = exitCodeOf(container.terminated) === 0 ? errorReason : reason;
    } else if (container.ready && container.isRunning) {
      isRunning = true;
      ready += 1;
    }
  }
  if (reason === 'Completed') {
    if (isRunning && hasCondition(status, 'Ready')) {
      reason = 'Running';
    } else {
      reason = errorReason ?? (isRunning ? 'NotReady' : reason);
    }
  }
  return { ready, restarts, reason };
}

function deletionReason(pod: KubeObject, status: JsonRecord): string | undefined {
  if (recordOf(pod.metadata)?.['deletionTimestamp'] === undefined) {
    return undefined;
  }
  if (status['reason'] === 'NodeLost') {
    return 'Unknown';
  }
  return status['phase'] === 'Succeeded' || status['phase'] === 'Failed' ? undefined : 'Terminating';
}

function statusesOf(value: unknown): readonly ContainerStatus[] {
  return listOf(value, decodeStatus).items ?? [];
}

function decodeStatus(status: JsonRecord): ContainerStatus {
  const state = recordOf(status['state']) ?? {};
  const lastTerminated = recordOf(recordOf(status['lastState'])?.['terminated']);
  const lastEndMs = Date.parse(textOf(lastTerminated?.['finishedAt']) ?? '');
  return {
    name: textOf(status['name']) ?? '',
    ready: status['ready'] === true,
    started: status['started'] === true,
    restartCount: countOf(status['restartCount']) ?? 0,
    lastEndMs: Number.isNaN(lastEndMs) ? undefined : lastEndMs,
    isRunning: recordOf(state['running']) !== undefined,
    waitingReason: textOf(recordOf(state['waiting'])?.['reason']),
    terminated: recordOf(state['terminated']),
  };
}

function terminationReason(terminated: JsonRecord): string {
  const signal = countOf(terminated['signal']) ?? 0;
  return (
    textOf(terminated['reason']) ?? (signal === 0 ? `ExitCode:${exitCodeOf(terminated)}` : `Signal:${signal}`)
  );
}

function exitCodeOf(terminated: JsonRecord): number {
  const { exitCode } = terminated;
  return typeof exitCode === 'number' ? exitCode : 0;
}

function addRestarts({ count, lastMs }: Restarts, container: ContainerStatus): Restarts {
  const { lastEndMs } = container;
  return {
    count: count + container.restartCount,
    lastMs: lastEndMs === undefined ? lastMs : Math.max(lastMs ?? lastEndMs, lastEndMs),
  };
}

function hasCondition(status: JsonRecord, type: string): boolean {
  const met = listOf(status['conditions'], (condition) =>
    condition['type'] === type && condition['status'] === 'True' ? true : undefined,
  ).items;
  return met !== undefined && met.length > 0;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
