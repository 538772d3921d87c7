import type { ClusterConnection } from '../../../../src/cluster/clusterConnection';
import { readText } from '../../../../src/base/readBody';
import { CLUSTER_PERSONA } from '../../../../src/protocol/clusterPersonaResource';
import { openFile } from '../../../integration/clusterKubeconfig';
import type { RealCluster } from '../../../support/testbed/realCluster';
import { until } from '../../../support/testbed/until';
import { PersonaApi } from './personaApi';

const RBAC = 'rbac.authorization.k8s.io';
const ACCOUNTS_PATH = '/api/v1/namespaces/default/serviceaccounts';
const VIEWER_BINDING = `/apis/${RBAC}/v1/clusterrolebindings/viewer`;
const JSON_BODY = { 'content-type': 'application/json' };
/** Far more than all objects of a test. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A real cluster, and the way that the tests themselves take to it: as the admin, past everything they play. */
export class ClusterSide {
  readonly cluster: RealCluster;
  readonly api: PersonaApi;
  readonly #connection: ClusterConnection;

  private constructor(cluster: RealCluster, connection: ClusterConnection) {
    this.cluster = cluster;
    this.#connection = connection;
    this.api = new PersonaApi(connection.fetch);
  }

  static async open(cluster: RealCluster): Promise<ClusterSide> {
    return new ClusterSide(cluster, await openFile(cluster.kubeconfigs.admin));
  }

  /** Whatever was played: it answers, has the CRD and no object, and its viewer may view. */
  async tidy(): Promise<void> {
    this.cluster.apiServer.thaw();
    await this.cluster.apiServer.start();
    if (!(await this.#has(CLUSTER_PERSONA.path))) {
      await this.cluster.installCrd();
    }
    if (!(await this.#has(VIEWER_BINDING))) {
      await this.cluster.grantViewer();
    }
    await this.api.deleteAll();
  }

  /** Resolves once ClusterPersonas are served: a server that has just started may still be preparing their storage. */
  async served(): Promise<void> {
    await until('ClusterPersonas are served', () => this.#has(CLUSTER_PERSONA.path), { deadlineMs: 30_000 });
  }

  /** Whether a path is there. Waits while the server says that it is not ready. */
  #has(path: string): Promise<boolean> {
    const asked = async (): Promise<number | undefined> => {
      const { status, body } = await this.#connection.fetch(path);
      await readText(body, MAX_BYTES);
      return status === 200 || status === 404 ? status : undefined;
    };
    return until(`${path} is there or not`, asked, { deadlineMs: 30_000 }).then((status) => status === 200);
  }

  /** A new ServiceAccount that may do what the viewer may, and its token. */
  async createServiceAccount(name: string): Promise<string> {
    const create = (path: string, object: object): Promise<string> =>
      this.api.ask(path, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(object) });
    await create(ACCOUNTS_PATH, { metadata: { name } });
    await create(`/apis/${RBAC}/v1/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'viewer' },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
    });
    const request: { status: { token: string } } = JSON.parse(
      await create(`${ACCOUNTS_PATH}/${name}/token`, { spec: { expirationSeconds: 3_600 } }),
    );
    return request.status.token;
  }

  async deleteServiceAccount(name: string): Promise<void> {
    await this.api.ask(`${ACCOUNTS_PATH}/${name}`, { method: 'DELETE' });
  }

  async denyViewer(): Promise<void> {
    await this.api.ask(VIEWER_BINDING, { method: 'DELETE' });
  }

  async end(): Promise<void> {
    this.#connection.dispose();
    await this.cluster.stop();
  }
}
