import * as v from 'valibot';
import type { KubeObject } from '../base/kubeObject';

/** A container of a pod as far as its log is concerned. */
export interface LoggedContainer {
  readonly name: string;
  readonly kind: 'container' | 'init' | 'ephemeral';
  /** Whether it has run, so that there is a log; unknown counts as yes. */
  readonly hasLog: boolean;
  readonly isRunning: boolean;
  /** Another one after the container was started anew. */
  readonly run: string;
}

export interface LoggedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly phase: string;
  /** Why it failed or was evicted, in the cluster's words. */
  readonly reason: string | undefined;
  /** Regular ones first, then init and ephemeral ones. */
  readonly containers: readonly LoggedContainer[];
}

const optionalText = v.fallback(v.optional(v.string()), undefined);
const names = v.fallback(v.optional(v.array(v.object({ name: v.string() })), []), []);
const runSchema = v.fallback(
  v.nullish(v.object({ startedAt: optionalText, containerID: optionalText })),
  undefined,
);
const statuses = v.fallback(
  v.optional(
    v.array(
      v.object({
        name: v.string(),
        restartCount: v.fallback(v.optional(v.number(), 0), 0),
        containerID: optionalText,
        state: v.fallback(
          v.optional(
            v.object({ running: runSchema, terminated: runSchema, waiting: v.optional(v.unknown()) }),
            {},
          ),
          {},
        ),
      }),
    ),
    [],
  ),
  [],
);
const podSchema = v.object({
  spec: v.fallback(
    v.optional(v.object({ containers: names, initContainers: names, ephemeralContainers: names }), {}),
    { containers: [], initContainers: [], ephemeralContainers: [] },
  ),
  status: v.fallback(
    v.optional(
      v.object({
        phase: optionalText,
        reason: optionalText,
        message: optionalText,
        containerStatuses: statuses,
        initContainerStatuses: statuses,
        ephemeralContainerStatuses: statuses,
      }),
      {},
    ),
    { containerStatuses: [], initContainerStatuses: [], ephemeralContainerStatuses: [] },
  ),
});
type Status = v.InferOutput<typeof statuses>[number];

/** What a pod says of its containers; what it does not say, or in another way than the API has it, is unknown. */
export function loggedPod(object: KubeObject): LoggedPod {
  const { spec, status } = v.parse(podSchema, object);
  const { name, namespace = '', uid = '' } = object.metadata;
  const containersOf = (
    kind: LoggedContainer['kind'],
    listed: readonly { readonly name: string }[],
    told: readonly Status[],
  ): LoggedContainer[] =>
    listed.map((container) => ({
      name: container.name,
      kind,
      ...runOf(told.find((each) => each.name === container.name)),
    }));
  return {
    namespace,
    name,
    uid,
    phase: status.phase ?? 'Unknown',
    reason: status.phase === 'Failed' ? (status.message ?? status.reason) : undefined,
    containers: [
      ...containersOf('container', spec.containers, status.containerStatuses),
      ...containersOf('init', spec.initContainers, status.initContainerStatuses),
      ...containersOf('ephemeral', spec.ephemeralContainers, status.ephemeralContainerStatuses),
    ],
  };
}

function runOf(status: Status | undefined): Pick<LoggedContainer, 'hasLog' | 'isRunning' | 'run'> {
  if (status === undefined) {
    return { hasLog: true, isRunning: false, run: '' };
  }
  const running = status.state.running ?? undefined;
  const terminated = status.state.terminated ?? undefined;
  return {
    hasLog: running !== undefined || terminated !== undefined || status.restartCount > 0,
    isRunning: running !== undefined,
    run: `${status.containerID ?? ''} ${status.restartCount} ${(running ?? terminated)?.startedAt ?? ''}`,
  };
}
