import { RealCluster } from '../../support/testbed/realCluster';
import { ensureKubernetesBinaries } from '../../support/testbed/kubernetesBinaries';
import { startDemoClusters } from './demoClusters';
import { fillCluster } from './fillCluster';

export type ClusterKind = 'demo' | 'real';

/** A cluster with many personas, each with a status, in processes of its own. */
export interface BenchCluster {
  readonly kind: ClusterKind;
  /** Its first context is an admin's. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** Starts and fills a cluster: the demo cluster, or kube-apiserver with etcd. */
export async function startBenchCluster(
  kind: ClusterKind,
  personas: number,
  say: (line: string) => void,
): Promise<BenchCluster> {
  switch (kind) {
    case 'demo':
      return { kind, ...(await startDemoClusters({ clusters: 1, personas })) };
    case 'real':
      return startReal(personas, say);
    default:
      return kind satisfies never;
  }
}

async function startReal(personas: number, say: (line: string) => void): Promise<BenchCluster> {
  const binaries = await ensureKubernetesBinaries(say);
  if (binaries.type === 'missing') {
    throw new Error(`There is no real cluster to be had: ${binaries.reason}`);
  }
  const cluster = await RealCluster.start(binaries.tool, { withCrd: true });
  try {
    await fillCluster(cluster.kubeconfigs.admin, personas);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return { kind: 'real', kubeconfig: cluster.kubeconfigs.admin, stop: () => cluster.stop() };
}
