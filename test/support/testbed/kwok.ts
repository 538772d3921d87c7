import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from './freePort';
import { ServerProcess } from './serverProcess';
import { until } from './until';

/** Containers of a pod whose log the test writes. Must be known when kwok starts: it reads its configuration once. */
export interface LoggedPod {
  readonly namespace: string;
  readonly name: string;
  readonly containers: readonly string[];
}

const configVersion = 'kwok.x-k8s.io/v1alpha1';

// Without any stage kwok would play its own.
const stageForNothing = {
  apiVersion: configVersion,
  kind: 'Stage',
  metadata: { name: 'nothing-happens' },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    selector: { matchLabels: { 'clusterpersona.test/plays': 'true' } },
    next: { delete: true },
  },
};

// Stages tell kwok what to do with an object that matches: here, make a node Ready, a pod Running, and let go of a
// deleted pod. Status templates are Go templates that render to YAML.
const stages = [
  {
    apiVersion: configVersion,
    kind: 'Stage',
    metadata: { name: 'node-becomes-ready' },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Node' },
      selector: {
        matchExpressions: [
          {
            key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
            operator: 'NotIn',
            values: ['True'],
          },
        ],
      },
      next: {
        statusTemplate: `
conditions:
- {type: Ready, status: "True", reason: KubeletReady, message: simulated, lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }}}
addresses:
- {type: InternalIP, address: {{ NodeIP | Quote }}}
- {type: Hostname, address: {{ NodeName | Quote }}}
daemonEndpoints: {kubeletEndpoint: {Port: {{ NodePort }}}}
capacity: {cpu: "8", memory: 32Gi, pods: "110"}
allocatable: {cpu: 7910m, memory: 31Gi, pods: "110"}
phase: Running
`,
      },
    },
  },
  {
    apiVersion: configVersion,
    kind: 'Stage',
    metadata: { name: 'pod-runs' },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Pod' },
      selector: {
        matchExpressions: [
          { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
          { key: '.status.phase', operator: 'In', values: ['Pending'] },
        ],
      },
      next: {
        statusTemplate: `
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ Now | Quote }}}
- {type: ContainersReady, status: "True", lastTransitionTime: {{ Now | Quote }}}
- {type: Ready, status: "True", lastTransitionTime: {{ Now | Quote }}}
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: true, started: true, restartCount: 0, state: {running: {startedAt: {{ Now | Quote }}}}}
{{ end }}
phase: Running
startTime: {{ Now | Quote }}
`,
      },
    },
  },
  {
    apiVersion: configVersion,
    kind: 'Stage',
    metadata: { name: 'pod-goes' },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Pod' },
      selector: { matchExpressions: [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }] },
      next: { delete: true },
    },
  },
];

/** One container's log file, in the format a container runtime (CRI) writes. */
export class ContainerLog {
  readonly file: string;
  /** What the container wrote before its last restart; there is none until a test writes it. */
  readonly previousFile: string;

  constructor(file: string) {
    this.file = file;
    this.previousFile = `${file}.previous`;
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, '');
  }

  /** Adds whole lines, all at one time stamp (now, unless given). Followers get them at once. */
  append(lines: readonly string[], options: { at?: Date; stream?: 'stdout' | 'stderr' } = {}): void {
    // A container runtime stamps its lines to the nanosecond.
    const at = (options.at ?? new Date()).toISOString().replace('Z', '000000Z');
    const stream = options.stream ?? 'stdout';
    appendFileSync(this.file, lines.map((line) => `${at} ${stream} F ${line}\n`).join(''));
  }
}

function logFile(folder: string, namespace: string, pod: string, container: string): string {
  return join(folder, 'logs', namespace, pod, `${container}.log`);
}

/** Plays every node's kubelet: nodes turn Ready, pods Running, and pod logs come from files. */
export class Kwok {
  readonly process: ServerProcess;
  /** Where it answers as a kubelet. */
  readonly port: number;
  readonly #logs: ReadonlyMap<string, ContainerLog>;

  private constructor(process: ServerProcess, port: number, logs: ReadonlyMap<string, ContainerLog>) {
    this.process = process;
    this.port = port;
    this.#logs = logs;
  }

  static async start(options: {
    program: string;
    folder: string;
    kubeconfig: string;
    pods: readonly LoggedPod[];
    /** Nodes and pods keep the status that the test gives them; only logs are served. */
    leavesStatus?: boolean;
  }): Promise<Kwok> {
    const { folder, pods, leavesStatus = false } = options;
    const logs = new Map<string, ContainerLog>();
    for (const { namespace, name, containers } of pods) {
      for (const container of containers) {
        logs.set(
          `${namespace}/${name}/${container}`,
          new ContainerLog(logFile(folder, namespace, name, container)),
        );
      }
    }
    const podLogs = pods.map(({ namespace, name, containers }) => ({
      apiVersion: configVersion,
      kind: 'Logs',
      metadata: { name, namespace },
      spec: {
        logs: containers.map((container) => ({
          containers: [container],
          logsFile: logFile(folder, namespace, name, container),
          previousLogsFile: `${logFile(folder, namespace, name, container)}.previous`,
          follow: true,
        })),
      },
    }));
    const others = new ContainerLog(join(folder, 'logs', 'others.log'));
    const otherLogs = {
      apiVersion: configVersion,
      kind: 'ClusterLogs',
      metadata: { name: 'others' },
      spec: { logs: [{ logsFile: others.file, follow: true }] },
    };
    const config = join(folder, 'kwok.yaml');
    const documents = [...(leavesStatus ? [stageForNothing] : stages), ...podLogs, otherLogs];
    writeFileSync(config, documents.map((document) => JSON.stringify(document)).join('\n---\n'));

    const port = await freePort();
    const server = new ServerProcess({
      name: 'kwok',
      program: options.program,
      args: [
        `--kubeconfig=${options.kubeconfig}`,
        `--config=${config}`,
        '--manage-all-nodes=true',
        '--node-ip=127.0.0.1',
        `--node-port=${port}`,
        `--server-address=127.0.0.1:${port}`,
      ],
      logFile: join(folder, 'kwok.log'),
    });
    await until('kwok answers', async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, {
      deadlineMs: 60_000,
      failure: () => server.failure(),
    }).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return new Kwok(server, port, logs);
  }

  /** Throws when the container was not among the logged pods named at the start. */
  log(namespace: string, pod: string, container: string): ContainerLog {
    const log = this.#logs.get(`${namespace}/${pod}/${container}`);
    if (log === undefined) {
      throw new Error(`Container ${container} of pod ${namespace}/${pod} was not named when kwok started`);
    }
    return log;
  }
}
