import { join } from 'node:path';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { ensureKubernetesBinaries } from '../../support/testbed/kubernetesBinaries';
import { RealCluster } from '../../support/testbed/realCluster';
import { TcpProxy } from '../../support/testbed/tcpProxy';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import type { ClusterKind } from '../clusters/benchCluster';
import { startDemoClusters } from '../clusters/demoClusters';
import { fillCluster } from '../clusters/fillCluster';

/** Clusters behind a network that can be taken away. */
export interface RecoverClusters {
  /** One context a source, each behind a proxy of its own. */
  readonly kubeconfig: string;
  readonly proxies: readonly TcpProxy[];
  /** Makes the servers forget their history, so that a watch cannot go on; they answer when it resolves. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** So many that ten a second are fewer. */
const DEMO_SOURCES = 30;
/** All at the one API server there is. */
const REAL_SOURCES = 15;
const PERSONAS = 20;

export async function startRecoverClusters(
  kind: ClusterKind,
  say: (line: string) => void,
): Promise<RecoverClusters> {
  const folder = temporaryFolder('bench-recover');
  const servers = await (kind === 'demo' ? demoServers() : realServer(say));
  const proxies = await Promise.all(servers.ports.map((port) => TcpProxy.listen(port)));
  const kubeconfig = writeKubeconfig(
    join(folder.path, 'kubeconfig'),
    proxies.map(({ url }, index) => ({ ...servers.context, name: `s${index}`, server: url })),
  );
  return {
    kubeconfig,
    proxies,
    forget: servers.forget,
    async stop() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await servers.stop();
      folder.remove();
    },
  };
}

async function demoServers() {
  const clusters = await startDemoClusters({ clusters: DEMO_SOURCES, personas: PERSONAS });
  return {
    ports: clusters.urls.map(portOf),
    context: { caFile: clusters.caFile, credentials: { type: 'none' } as const },
    forget: () => clusters.forget(),
    stop: () => clusters.stop(),
  };
}

async function realServer(say: (line: string) => void) {
  const binaries = await ensureKubernetesBinaries(say);
  if (binaries.type === 'missing') {
    throw new Error(`There is no real cluster to be had: ${binaries.reason}`);
  }
  const cluster = await RealCluster.start(binaries.tool, { withCrd: true });
  await fillCluster(cluster.kubeconfigs.admin, PERSONAS);
  const { caFile, adminToken } = cluster.credentials;
  return {
    ports: Array.from({ length: REAL_SOURCES }, () => portOf(cluster.url)),
    context: { caFile, credentials: { type: 'token', token: adminToken } as const },
    // Started again, an API server knows no version from before.
    async forget() {
      await cluster.apiServer.kill();
      await cluster.apiServer.start();
    },
    stop: () => cluster.stop(),
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
