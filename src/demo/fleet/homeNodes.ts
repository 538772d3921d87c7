import type { Clock } from '../../base/clock';
import type { KubeObject } from '../../base/kubeObject';
import { NODES } from '../apiServer/apiResource';
import type { ClusterModel, NodeModel } from './clusterModel';
import type { EventRecorder } from './eventRecorder';
import type { FleetWriter } from './fleetWriter';
import { nodeObject, type NodeTimes } from './nodeObject';

/** A kubelet that has nothing new to say writes its node's status this often (`nodeStatusReportFrequency`). */
const HEARTBEAT_MS = 5 * 60_000;

const CONTROLLER = 'node-controller';
const KUBELET = 'kubelet';

interface KnownNode {
  readonly node: NodeModel;
  readonly times: NodeTimes;
}

export interface HomeNodesOptions {
  readonly writer: FleetWriter;
  readonly clock: Clock;
  readonly seed: number;
  readonly home: ClusterModel;
  readonly events: EventRecorder;
}

/** The Node objects of the cluster that the demo stands for: they are what its model says, as of the last `sync`. */
export class HomeNodes {
  readonly #options: HomeNodesOptions;
  readonly #known = new Map<string, KnownNode>();

  constructor(options: HomeNodesOptions) {
    this.#options = options;
    const { writer, clock, seed, home } = options;
    const nowMs = clock.now();
    for (const node of home.nodes) {
      const times = {
        createdMs: home.createdMs,
        readySinceMs: node.ready ? home.createdMs : home.healthySinceMs,
        heartbeatMs: node.ready ? nowMs : home.healthySinceMs,
      };
      this.#known.set(node.name, { node, times });
      writer.create(NODES, nodeObject(node, seed, times), KUBELET);
    }
  }

  /** Writes what changed since the last time, and the heartbeats that are due. */
  sync(): void {
    const { home } = this.#options;
    for (const node of home.nodes) {
      this.#syncNode(node);
    }
    const names = new Set(home.nodes.map((node) => node.name));
    for (const name of this.#known.keys()) {
      if (!names.has(name)) {
        this.#remove(name);
      }
    }
  }

  #syncNode(node: NodeModel): void {
    const { writer, clock, seed } = this.#options;
    const nowMs = clock.now();
    const known = this.#known.get(node.name);
    if (known === undefined) {
      const times = { createdMs: nowMs, readySinceMs: nowMs, heartbeatMs: nowMs };
      const object = nodeObject(node, seed, times);
      this.#known.set(node.name, { node, times });
      writer.create(NODES, object, KUBELET);
      this.#tell(
        object,
        'RegisteredNode',
        `Node ${node.name} event: Registered Node ${node.name} in Controller`,
      );
      return;
    }
    const isSame = known.node === node;
    const isDue = node.ready && Math.abs(nowMs - known.times.heartbeatMs) >= HEARTBEAT_MS;
    if (isSame && !isDue) {
      return;
    }
    const times = {
      createdMs: known.times.createdMs,
      readySinceMs: known.node.ready === node.ready ? known.times.readySinceMs : nowMs,
      // A silent kubelet was last heard when it fell silent.
      heartbeatMs: node.ready || known.node.ready ? nowMs : known.times.heartbeatMs,
    };
    this.#known.set(node.name, { node, times });
    this.#write(known.node, node, nodeObject(node, seed, times));
  }

  #write(before: NodeModel, node: NodeModel, object: KubeObject): void {
    this.#options.writer.replace(NODES, object, KUBELET);
    const { name } = node;
    if (before.unschedulable !== node.unschedulable) {
      const reason = node.unschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable';
      this.#tell(object, reason, `Node ${name} status is now: ${reason}`, KUBELET);
    }
    if (before.kubeletVersion !== node.kubeletVersion) {
      this.#tell(object, 'Starting', 'Starting kubelet.', KUBELET);
    }
    if (before.ready !== node.ready) {
      const reason = node.ready ? 'NodeReady' : 'NodeNotReady';
      this.#tell(object, reason, `Node ${name} status is now: ${reason}`, node.ready ? KUBELET : CONTROLLER);
    }
  }

  #remove(name: string): void {
    const { writer } = this.#options;
    this.#known.delete(name);
    const object = writer.get(NODES, undefined, name);
    writer.delete(NODES, undefined, name);
    if (object !== undefined) {
      this.#tell(object, 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
    }
  }

  #tell(about: KubeObject, reason: string, message: string, component = CONTROLLER): void {
    this.#options.events.record({
      about,
      type: 'Normal',
      reason,
      message,
      component,
      ...(component === KUBELET && { host: about.metadata.name }),
    });
  }
}
