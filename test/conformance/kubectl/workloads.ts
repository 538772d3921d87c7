import type { Kubectl } from '../../support/testbed/realCluster';

interface Container {
  readonly name: string;
}

/** What this test needs to know of a namespace, node, pod, event or metric; the rest is copied as it is. */
export interface WorkloadObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly Container[] };
  readonly status?: {
    readonly phase?: string;
    readonly addresses?: readonly object[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly lastState?: { readonly terminated?: object };
    }[];
  };
}

interface CopiedLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Each with its time in front. */
  readonly lines: readonly string[];
  /** What it wrote before it was restarted. */
  readonly previousLines: readonly string[];
}

const copiedResources = 'namespaces,nodes,pods,events,nodes.metrics.k8s.io,pods.metrics.k8s.io';

/** What runs in a cluster, to be copied to another one. */
export interface Workloads {
  readonly objects: readonly WorkloadObject[];
  readonly logs: readonly CopiedLog[];
  /** Names of pods by the part they play in the script. */
  readonly names: ReadonlyMap<string, string>;
}

/** Reads them by `kubectl`. Throws where the script's parts cannot all be played. */
export async function readWorkloads(kubectl: Kubectl): Promise<Workloads> {
  const answer: { items: readonly WorkloadObject[] } = JSON.parse(
    await kubectl(['get', copiedResources, '-A', '-o', 'json']),
  );
  const pods = answer.items.filter((object) => object.kind === 'Pod');
  const parts = {
    finished: part(pods, 'finished', (pod) => pod.status?.phase === 'Succeeded'),
    running: part(pods, 'running', (pod) => isRunning(pod) && containersOf(pod).length === 1),
    paired: part(pods, 'with two containers', (pod) => isRunning(pod) && containersOf(pod).length > 1),
    restarted: part(pods, 'restarted', (pod) => isRunning(pod) && restartedContainer(pod) !== undefined),
    waiting: part(pods, 'without a node', (pod) => pod.spec?.nodeName === undefined),
  };
  const names = new Map<string, string>();
  for (const [name, pod] of Object.entries(parts)) {
    names.set(`${name}-pod`, pod.metadata.name);
    names.set(`${name}-namespace`, pod.metadata.namespace ?? '');
    const container = name === 'restarted' ? restartedContainer(pod) : containersOf(pod)[0];
    names.set(`${name}-container`, container?.name ?? '');
  }
  const logged = new Set([parts.finished, parts.running, parts.paired, parts.restarted]);
  const logs: CopiedLog[] = [];
  for (const pod of logged) {
    for (const { name } of containersOf(pod)) {
      logs.push(await readLog(kubectl, pod, name));
    }
  }
  return { objects: answer.items, logs, names };
}

function isRunning(pod: WorkloadObject): boolean {
  return pod.status?.phase === 'Running';
}

function restartedContainer(pod: WorkloadObject): Container | undefined {
  return pod.status?.containerStatuses?.find((container) => container.lastState?.terminated !== undefined);
}

function containersOf(pod: WorkloadObject): readonly Container[] {
  return pod.spec?.containers ?? [];
}

function part(
  pods: readonly WorkloadObject[],
  what: string,
  plays: (pod: WorkloadObject) => boolean,
): WorkloadObject {
  const found = pods.find(plays);
  if (found === undefined) {
    throw new Error(`The demo cluster has no pod that is ${what}`);
  }
  return found;
}

async function readLog(kubectl: Kubectl, pod: WorkloadObject, container: string): Promise<CopiedLog> {
  const { name, namespace = '' } = pod.metadata;
  const read = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const args = ['logs', '-n', namespace, name, '-c', container, '--timestamps', ...flags];
    return (await kubectl(args)).split('\n').filter((line) => line !== '');
  };
  const wasRestarted = restartedContainer(pod)?.name === container;
  return {
    namespace,
    pod: name,
    container,
    // A log that goes on is compared by its end alone; one that is over, as a whole.
    lines: await read('--tail=200'),
    previousLines: wasRestarted ? await read('--previous') : [],
  };
}
