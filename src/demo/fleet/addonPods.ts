import type { KubeObject } from '../../base/kubeObject';
import { seededRandom, type Random } from '../../base/random';
import { hexDigits, nameSuffix, pick, seedOf, uuid, wholeNumber } from '../chance';
import type { LogProgram } from '../podLog/logProgram';
import { ADDON_CATALOG, type AddonDefinition, type AddonWorkload } from './addonCatalog';
import { instant } from '../instant';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Of a container that is never ready. */
const RESTARTS = 7;

const JOB_DURATION_MS = 4000;

const ADDON_LABEL = 'app.kubernetes.io/name';
const WORKLOAD_LABEL = 'app.kubernetes.io/instance';

type PodState = 'running' | 'notReady' | 'pending' | 'succeeded';

/** The pods of every add-on of the catalog, spread over `nodeNames`.  */
export function addonPods(seed: number, nowMs: number, nodeNames: readonly string[]): readonly KubeObject[] {
  return ADDON_CATALOG.flatMap((addon) =>
    addon.workloads.flatMap((workload) => {
      const random = seededRandom(seedOf(`${seed}/pods/${addon.namespace}/${workload.name}`));
      const hash = hexDigits(random, 9);
      return Array.from({ length: workload.replicas }, (_, index) =>
        pod(addon, workload, random, { hash, index, nodeNames, nowMs }),
      );
    }),
  );
}

/** What a container of these pods writes; `undefined` for other pods. */
export function programOfPod(pod: KubeObject, container: string): LogProgram | undefined {
  const addon = ADDON_CATALOG.find((candidate) => candidate.name === pod.metadata.labels?.[ADDON_LABEL]);
  const workload = addon?.workloads.find(
    (candidate) => candidate.name === pod.metadata.labels?.[WORKLOAD_LABEL],
  );
  return workload?.containers.find((candidate) => candidate.name === container)?.program;
}

interface Replica {
  readonly hash: string;
  readonly index: number;
  readonly nodeNames: readonly string[];
  readonly nowMs: number;
}

function pod(addon: AddonDefinition, workload: AddonWorkload, random: Random, replica: Replica): KubeObject {
  const { hash, index, nodeNames, nowMs } = replica;
  const isLast = index === workload.replicas - 1;
  const state: PodState = workload.kind === 'Job' ? 'succeeded' : (isLast && workload.trouble) || 'running';
  const startedMs = nowMs - wholeNumber(random, 2 * HOUR_MS, 400 * HOUR_MS);
  const isScheduled = state !== 'pending';
  const restart = state === 'notReady' ? lastRestart(random, nowMs) : undefined;
  const metadata = {
    name: podName(workload, hash, index, random),
    namespace: addon.namespace,
    uid: uuid(random),
    creationTimestamp: instant(startedMs),
    labels: {
      [ADDON_LABEL]: addon.name,
      [WORKLOAD_LABEL]: workload.name,
      'app.kubernetes.io/component': workload.component,
      ...(workload.kind === 'Deployment' && { 'pod-template-hash': hash }),
    },
    ownerReferences: [
      {
        apiVersion: workload.kind === 'Job' ? 'batch/v1' : 'apps/v1',
        kind: workload.kind === 'Deployment' ? 'ReplicaSet' : workload.kind,
        name: workload.kind === 'Deployment' ? `${workload.name}-${hash}` : workload.name,
        uid: uuid(random),
        controller: true,
      },
    ],
  };
  const nodeName = pick(random, nodeNames);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      containers: workload.containers.map(({ name, image }) => ({ name, image })),
      ...(isScheduled && nodeName !== undefined && { nodeName }),
      restartPolicy: workload.kind === 'Job' ? 'OnFailure' : 'Always',
    },
    status: {
      phase: { running: 'Running', notReady: 'Running', pending: 'Pending', succeeded: 'Succeeded' }[state],
      conditions: [
        {
          type: 'PodScheduled',
          status: isScheduled ? 'True' : 'False',
          lastTransitionTime: instant(startedMs),
        },
        {
          type: 'Ready',
          status: state === 'running' ? 'True' : 'False',
          lastTransitionTime: instant(startedMs),
        },
      ],
      ...(isScheduled && {
        podIP: `10.0.${wholeNumber(random, 1, 9)}.${wholeNumber(random, 2, 250)}`,
        startTime: instant(startedMs),
      }),
      containerStatuses: isScheduled
        ? workload.containers.map(({ name, image }) => ({
            name,
            image,
            imageID: imageId(image),
            ready: state === 'running',
            started: state !== 'succeeded',
            restartCount: restart === undefined ? 0 : RESTARTS,
            ...(restart !== undefined && {
              lastState: {
                terminated: {
                  exitCode: 137,
                  reason: 'Error',
                  startedAt: instant(restart.startedMs),
                  finishedAt: instant(restart.finishedMs),
                },
              },
            }),
            state:
              state === 'succeeded'
                ? {
                    terminated: {
                      exitCode: 0,
                      reason: 'Completed',
                      startedAt: instant(startedMs),
                      finishedAt: instant(startedMs + JOB_DURATION_MS),
                    },
                  }
                : { running: { startedAt: instant(restart?.againMs ?? startedMs) } },
          }))
        : [],
    },
  };
}

/** The same image has the same digest wherever it runs. */
function imageId(image: string): string {
  const repository = image.replace(/:[^/]*$/, '');
  return `${repository}@sha256:${hexDigits(seededRandom(seedOf(image)), 64)}`;
}

/** The instance before the one that runs, and when that one began. */
function lastRestart(random: Random, nowMs: number) {
  const againMs = nowMs - wholeNumber(random, 16 * MINUTE_MS, 40 * MINUTE_MS);
  const finishedMs = againMs - wholeNumber(random, 1, 20) * 1000;
  return { againMs, finishedMs, startedMs: finishedMs - wholeNumber(random, 6 * MINUTE_MS, 12 * MINUTE_MS) };
}

function podName(workload: AddonWorkload, hash: string, index: number, random: Random): string {
  switch (workload.kind) {
    case 'Deployment':
      return `${workload.name}-${hash}-${nameSuffix(random, 5)}`;
    case 'StatefulSet':
      return `${workload.name}-${index}`;
    case 'DaemonSet':
    case 'Job':
      return `${workload.name}-${nameSuffix(random, 5)}`;
    default:
      return workload.kind satisfies never;
  }
}
