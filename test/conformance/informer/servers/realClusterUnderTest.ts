import { delay, systemClock } from '../../../../src/base/clock';
import type { ClusterConnection } from '../../../../src/cluster/clusterConnection';
import { JumpingClock } from '../../../../src/demo/faults/jumpingClock';
import { CLUSTER_PERSONA } from '../../../../src/protocol/clusterPersonaResource';
import type { TcpProxy } from '../../../support/testbed/tcpProxy';
import { until } from '../../../support/testbed/until';
import type { ClusterUnderTest, Faults } from '../clusterUnderTest';
import type { ClusterSide } from './clusterSide';

/** Until sockets that were destroyed are seen to be closed at their other end. */
const CLOSED_MS = 2_000;
const POLL_MS = 20;

export interface RealClusterParts {
  /** Between the informer and the cluster. */
  readonly proxy: TcpProxy;
  /** The informer's. */
  readonly connection: ClusterConnection;
  readonly home: ClusterSide;
  /** Knows the same credentials. Only where it will be switched to. */
  readonly other: ClusterSide | undefined;
  /** Whose token the connection uses. Only where it will be revoked. */
  readonly serviceAccount: string | undefined;
}

/** A real API server, behind a proxy that plays the network. */
export class RealClusterUnderTest implements ClusterUnderTest {
  readonly clock = new JumpingClock(systemClock);
  readonly #parts: RealClusterParts;
  /** The one that answers. */
  #side: ClusterSide;

  constructor(parts: RealClusterParts) {
    this.#parts = parts;
    this.#side = parts.home;
  }

  get fetch(): ClusterConnection['fetch'] {
    return this.#parts.connection.fetch;
  }

  readonly refreshCredentials = (): Promise<void> => this.#parts.connection.refreshCredentials();

  readonly latenessMs = 2_000;

  readonly faults: Partial<Faults> = {
    cutConnections: async () => this.#proxy.cut(),
    refuseConnections: async () => {
      this.#proxy.refuse();
      return async () => this.#proxy.heal();
    },
    goSilent: async () => {
      const { apiServer } = this.#side.cluster;
      apiServer.freeze();
      return async () => apiServer.thaw();
    },
    swallowPackets: async () => {
      this.#proxy.swallow();
      return async () => this.#proxy.heal();
    },
    restart: async (missed) => {
      const { apiServer } = this.#side.cluster;
      this.#proxy.swallow();
      await missed();
      await apiServer.kill();
      await apiServer.start();
      await this.#side.served();
      this.#proxy.heal();
    },
    revokePermission: async () => {
      const { cluster } = this.#side;
      await this.#side.denyViewer();
      return () => cluster.grantViewer();
    },
    revokeCredentials: async () => {
      const { serviceAccount } = this.#parts;
      if (serviceAccount === undefined) {
        throw new TypeError('it was not started with a ServiceAccount');
      }
      await this.#side.deleteServiceAccount(serviceAccount);
    },
    removeDefinition: async () => {
      const { cluster } = this.#side;
      await cluster.removeCrd();
      return () => cluster.installCrd();
    },
    updateDefinition: async () => {
      const columns = [{ name: 'Environment', type: 'string', jsonPath: '.spec.environment' }];
      const path = '/spec/versions/0/additionalPrinterColumns';
      const patch = JSON.stringify([{ op: 'replace', path, value: columns }]);
      await this.#side.cluster.kubectl(['patch', 'crd', CLUSTER_PERSONA.crdName, '--type=json', '-p', patch]);
    },
    takeBackup: async () => {
      const { apiServer, etcd } = this.#side.cluster;
      await apiServer.kill();
      await etcd.backUp();
      await apiServer.start();
      await this.#side.served();
      return async () => {
        await apiServer.kill();
        await etcd.restore();
        await apiServer.start();
        await this.#side.served();
      };
    },
    switchCluster: async () => {
      const { other } = this.#parts;
      if (other === undefined) {
        throw new TypeError('it was not started with another cluster');
      }
      await other.api.put('other', 'of the other cluster');
      this.#side = other;
      this.#proxy.switchTo(other.cluster.apiServer.port);
    },
    readMetadata: (name) => this.#side.api.readMetadata(name),
    countConnections: async () => this.#proxy.acceptedConnections,
  };

  put(name: string, text: string): Promise<void> {
    return this.#side.api.put(name, text);
  }

  delete(name: string): Promise<void> {
    return this.#side.api.delete(name);
  }

  held(): Promise<readonly string[]> {
    return this.#side.api.held();
  }

  pass(ms: number): Promise<void> {
    return delay(systemClock, ms);
  }

  async until(what: string, isSo: () => boolean, withinMs: number): Promise<void> {
    await until(what, isSo, { deadlineMs: withinMs, pollMs: POLL_MS });
  }

  async release(): Promise<void> {
    this.#parts.connection.dispose();
    await this.until('every connection is closed', () => this.#proxy.openConnections === 0, CLOSED_MS);
  }

  async stop(): Promise<void> {
    const { connection, proxy, home, other } = this.#parts;
    connection.dispose();
    await proxy.close();
    await other?.end();
    await home.tidy();
  }

  get #proxy(): TcpProxy {
    return this.#parts.proxy;
  }
}
