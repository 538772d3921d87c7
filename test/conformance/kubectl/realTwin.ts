import { writeFileSync } from 'node:fs';
import type { KubernetesBinaries } from '../../support/testbed/kubernetesBinaries';
import { RealCluster } from '../../support/testbed/realCluster';
import { metricsDefinitions } from './metricsDefinitions';
import type { WorkloadObject, Workloads } from './workloads';

/** Which a node of the demo cluster has none of: it is where the API server looks for this twin's kubelet. */
const kubeletAddressType = 'ExternalDNS';

/** In the order in which they are made. */
const copiedKinds = ['Namespace', 'Node', 'Pod', 'Event', 'NodeMetrics', 'PodMetrics'];

/** The rest is the server's, or says what it means only beside a uid. */
const copiedMetadata: ReadonlySet<string> = new Set(['name', 'namespace', 'labels', 'annotations']);

/** A real cluster that holds the same namespaces, nodes, pods, events, metrics and logs, for ever in the same state. */
export async function startRealTwin(
  binaries: KubernetesBinaries,
  workloads: Workloads,
): Promise<RealCluster> {
  const { objects, logs } = workloads;
  const cluster = await RealCluster.start(binaries, {
    withCrd: true,
    kwok: {
      leavesStatus: true,
      pods: [...Map.groupBy(logs, (log) => log.pod)].map(([name, ofPod]) => ({
        namespace: ofPod[0]?.namespace ?? '',
        name,
        containers: ofPod.map((log) => log.container),
      })),
    },
    apiServerArgs: [`--kubelet-preferred-address-types=${kubeletAddressType}`],
  });
  try {
    await cluster.grantViewer();
    const { kubectl } = cluster;
    await kubectl(['apply', '--server-side', '-f', '-'], listOf(metricsDefinitions));
    await kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']);
    for (const kind of copiedKinds) {
      const copies = objects.filter((object) => object.kind === kind).map(withoutServerFields);
      if (copies.length > 0) {
        await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], listOf(copies));
      }
    }
    const { kubeletPort } = cluster;
    const nodes = objects.filter((object) => object.kind === 'Node');
    const pods = objects.filter((object) => object.kind === 'Pod');
    const stated = [...nodes.map((node) => withKubelet(node, kubeletPort)), ...pods].map(withoutServerFields);
    await kubectl(['replace', '--subresource=status', '-f', '-'], listOf(stated));
    for (const { namespace, pod, container, lines, previousLines } of logs) {
      const { file, previousFile } = cluster.containerLog(namespace, pod, container);
      writeFileSync(file, lines.map(asWrittenByRuntime).join(''));
      writeFileSync(previousFile, previousLines.map(asWrittenByRuntime).join(''));
    }
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** In the format of the container runtime interface: time, stream, whole line. */
function asWrittenByRuntime(line: string): string {
  const space = line.indexOf(' ');
  return `${line.slice(0, space)} stdout F ${line.slice(space + 1)}\n`;
}

function withKubelet(node: WorkloadObject, port: number): WorkloadObject {
  const addresses = [...(node.status?.addresses ?? []), { type: kubeletAddressType, address: '127.0.0.1' }];
  const status = { ...node.status, addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  return { ...node, status };
}

function withoutServerFields(object: WorkloadObject): object {
  const metadata = Object.entries(object.metadata).filter(([name]) => copiedMetadata.has(name));
  return { ...object, metadata: Object.fromEntries(metadata) };
}

function listOf(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
