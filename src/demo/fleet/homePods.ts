import type { Clock } from '../../base/clock';
import type { JsonRecord } from '../../base/jsonRecord';
import type { KubeObject } from '../../base/kubeObject';
import { listOf, recordOf } from '../../persona/decodeField';
import { NODES, PODS } from '../apiServer/apiResource';
import { instant } from '../instant';
import type { EventInput, EventRecorder } from './eventRecorder';
import type { FleetWriter } from './fleetWriter';
import { isNodeReady } from './nodeObject';

const KUBELET = 'kubelet';

/** What the pod that is never ready is told of, again and again. */
const NOT_READY = 'Readiness probe failed: HTTP probe failed with statuscode: 503';

const MINUTE_MS = 60_000;

export interface HomePodsOptions {
  readonly writer: FleetWriter;
  readonly clock: Clock;
  readonly events: EventRecorder;
}

/** What happens to the pods of the cluster that the demo stands for, as far as it is not steady. */
export class HomePods {
  readonly #options: HomePodsOptions;
  #isSchedulersTurn = true;

  constructor(options: HomePodsOptions) {
    this.#options = options;
  }

  /** Tells the events of the time before the demo began. */
  recordPast(): void {
    const { events } = this.#options;
    const { restarting, pending } = this.#troubled();
    if (restarting !== undefined) {
      events.recordPast(notReady(restarting), { first: 50 * MINUTE_MS, last: 20_000 }, 118);
    }
    if (pending !== undefined) {
      events.recordPast(this.#unschedulable(pending), { first: 45 * MINUTE_MS, last: 2 * MINUTE_MS }, 9);
    }
  }

  /** One of the two pods that are not well says so. */
  complain(): void {
    const { restarting, pending } = this.#troubled();
    this.#isSchedulersTurn = !this.#isSchedulersTurn;
    if (!this.#isSchedulersTurn && restarting !== undefined && this.#hasKubelet(restarting)) {
      this.#options.events.record(notReady(restarting));
    } else if (pending !== undefined) {
      this.#options.events.record(this.#unschedulable(pending));
    }
  }

  /** The container that is never ready is killed and begins anew. */
  restart(): void {
    const { writer, clock, events } = this.#options;
    const { restarting: pod } = this.#troubled();
    const status = recordOf(pod?.['status']);
    if (pod === undefined || status === undefined || !this.#hasKubelet(pod)) {
      return;
    }
    const nowMs = clock.now();
    const { namespace, name } = pod.metadata;
    const containerStatuses = containerStatusesOf(pod).map((container) => restarted(container, nowMs));
    writer.writeStatus(PODS, namespace, name, { ...status, containerStatuses }, KUBELET);
    events.record(
      onNode(pod, 'Normal', 'Killing', 'Container controller failed liveness probe, will be restarted'),
    );
    events.record(onNode(pod, 'Normal', 'Started', 'Started container controller'));
  }

  /** Nobody acts or speaks for a pod whose node is silent. */
  #hasKubelet(pod: KubeObject): boolean {
    const node = recordOf(pod['spec'])?.['nodeName'];
    const object = typeof node === 'string' ? this.#options.writer.get(NODES, undefined, node) : undefined;
    return object !== undefined && isNodeReady(object);
  }

  #unschedulable(about: KubeObject): EventInput {
    const nodes = this.#options.writer.list(NODES);
    const silent = nodes.filter((node) => !isNodeReady(node)).length;
    const unreachable = `${silent} node(s) had untolerated taint {node.kubernetes.io/unreachable: }, `;
    return {
      about,
      type: 'Warning',
      reason: 'FailedScheduling',
      message: `0/${nodes.length} nodes are available: ${silent > 0 ? unreachable : ''}${nodes.length - silent} Insufficient memory.`,
      component: 'default-scheduler',
    };
  }

  #troubled(): { restarting: KubeObject | undefined; pending: KubeObject | undefined } {
    const pods = this.#options.writer.list(PODS);
    return {
      restarting: pods.find((pod) =>
        containerStatusesOf(pod).some((container) => Number(container['restartCount']) > 0),
      ),
      pending: pods.find((pod) => recordOf(pod['status'])?.['phase'] === 'Pending'),
    };
  }
}

function containerStatusesOf(pod: KubeObject): readonly JsonRecord[] {
  return listOf(recordOf(pod['status'])?.['containerStatuses'], (entry) => entry).items ?? [];
}

/** Times are told to the second: the end is cut, the new beginning rounded up, so that no line is of both instances. */
function restarted(container: JsonRecord, nowMs: number): JsonRecord {
  const startedAt = recordOf(recordOf(container['state'])?.['running'])?.['startedAt'];
  return {
    ...container,
    restartCount: Number(container['restartCount']) + 1,
    state: { running: { startedAt: instant(Math.ceil(nowMs / 1000) * 1000) } },
    lastState: { terminated: { exitCode: 137, reason: 'Error', startedAt, finishedAt: instant(nowMs) } },
  };
}

function notReady(pod: KubeObject): EventInput {
  return onNode(pod, 'Warning', 'Unhealthy', NOT_READY);
}

function onNode(about: KubeObject, type: EventInput['type'], reason: string, message: string): EventInput {
  const host = recordOf(about['spec'])?.['nodeName'];
  return {
    about,
    type,
    reason,
    message,
    component: KUBELET,
    ...(typeof host === 'string' && { host }),
  };
}
