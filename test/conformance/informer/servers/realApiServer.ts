import { join } from 'node:path';
import { writeKubeconfig } from '../../../../src/demoServer/kubeconfigFile';
import { openFile } from '../../../integration/clusterKubeconfig';
import type { KubernetesBinaries } from '../../../support/testbed/kubernetesBinaries';
import { RealCluster } from '../../../support/testbed/realCluster';
import { TcpProxy } from '../../../support/testbed/tcpProxy';
import { type TemporaryFolder, temporaryFolder } from '../../../support/testbed/temporaryFolder';
import type { ClusterUnderTest, Fault, ServerUnderTest } from '../clusterUnderTest';
import { ClusterSide } from './clusterSide';
import { RealClusterUnderTest } from './realClusterUnderTest';

const NOT_AT_WILL = 'it does so when it is overloaded or unwell, and not at will';
const FORGETS_LATE = 'it remembers for minutes; a restart makes it forget';

/** Real API servers: one that all tests share, and others where one test needs another. */
export class RealApiServer implements ServerUnderTest {
  readonly name = 'real API server';
  readonly cannot = {
    endWatches: 'it ends a watch when its time is up, 5 minutes after its start at the earliest',
    expireByStatus: FORGETS_LATE,
    expireByEvent: FORGETS_LATE,
    expireOpenWatches: FORGETS_LATE,
    expireContinueTokens: FORGETS_LATE,
    sendGarbage: 'it sends no garbage',
    throttle: NOT_AT_WILL,
    failInternally: NOT_AT_WILL,
    passLong: 'its time is real',
  };
  #shared:
    | { readonly binaries: KubernetesBinaries; readonly home: ClusterSide; readonly folder: TemporaryFolder }
    | undefined;
  #started = 0;

  async prepare(binaries: KubernetesBinaries): Promise<void> {
    const home = await ClusterSide.open(await RealCluster.start(binaries));
    this.#shared = { binaries, home, folder: temporaryFolder('conformance') };
    await home.tidy();
  }

  async start(needs: readonly Fault[]): Promise<ClusterUnderTest> {
    if (this.#shared === undefined) {
      throw new TypeError('it was not prepared');
    }
    const { binaries, home, folder } = this.#shared;
    const { credentials, apiServer } = home.cluster;
    this.#started += 1;
    const name = `follower-${this.#started}`;
    const serviceAccount = needs.includes('revokeCredentials') ? name : undefined;
    const token =
      serviceAccount === undefined
        ? credentials.viewerToken
        : await home.createServiceAccount(serviceAccount);
    const proxy = await TcpProxy.listen(apiServer.port);
    const kubeconfig = writeKubeconfig(join(folder.path, `${name}.kubeconfig`), [
      { name, server: proxy.url, caFile: credentials.caFile, credentials: { type: 'token', token } },
    ]);
    const connection = await openFile(kubeconfig);
    let other: ClusterSide | undefined;
    if (needs.includes('switchCluster')) {
      other = await ClusterSide.open(await RealCluster.start(binaries, { name: 'other', credentials }));
      await other.tidy();
    }
    return new RealClusterUnderTest({ proxy, connection, home, other, serviceAccount });
  }

  async end(): Promise<void> {
    await this.#shared?.home.end();
    this.#shared?.folder.remove();
  }
}
