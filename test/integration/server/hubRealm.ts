import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import type { KubernetesBinaries } from '../../support/testbed/kubernetesBinaries';
import { RealCluster } from '../../support/testbed/realCluster';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { HubProcess } from './hubProcess';
import { HubVisitor, type Shown } from './hubVisitor';

const AUDIENCE = 'clusterpersona-hub';
const NAMESPACE = 'people';
const RBAC = 'rbac.authorization.k8s.io';
const soon = { deadlineMs: 30_000, pollMs: 50 };

/** The one pod with a log. */
export const POD = { namespace: 'shop', name: 'cart-0', containers: ['main'] };
export const FIRST_LINE = 'the first line';

/** The role that the documentation says a hub needs. */
function documentedRole(): string {
  const text = readFileSync(join(repositoryRoot(), 'docs', 'hub-server.md'), 'utf8');
  const [, role] = /```yaml\n(apiVersion: rbac[^`]*?kind: ClusterRole\n[^`]*)```/.exec(text) ?? [];
  return role ?? assert.fail('the documentation has no role');
}

/**
 * A cluster with one ClusterPersona, `alpha`, and a hub that has the rights of the documentation and asks who somebody is. The
 * ServiceAccounts and users of certificates admin, restricted and none may everything, see ClusterPersonas, and may nothing.
 */
export class HubRealm {
  readonly cluster: RealCluster;
  readonly folder: TemporaryFolder;
  readonly #clients: CertificateAuthority;
  readonly #serverCa: string;
  #hub: HubProcess | undefined;

  private constructor(
    cluster: RealCluster,
    folder: TemporaryFolder,
    clients: CertificateAuthority,
    serverCa: string,
  ) {
    this.cluster = cluster;
    this.folder = folder;
    this.#clients = clients;
    this.#serverCa = serverCa;
  }

  static async start(binaries: KubernetesBinaries): Promise<HubRealm> {
    const folder = temporaryFolder('hub-realm');
    const authority = new CertificateAuthority('authority of the hub');
    const clients = new CertificateAuthority('people of the hub');
    const { certificate, key } = authority.server('hub');
    writeFileSync(join(folder.path, 'tls.crt'), certificate);
    writeFileSync(join(folder.path, 'tls.key'), key);
    writeFileSync(join(folder.path, 'clients.crt'), clients.certificate);
    const cluster = await RealCluster.start(binaries, { withCrd: true, kwok: { pods: [POD] } });
    const realm = new HubRealm(cluster, folder, clients, authority.certificate);
    try {
      await realm.#furnish();
      return realm;
    } catch (error) {
      await realm.stop();
      throw error;
    }
  }

  get hub(): HubProcess {
    return this.#hub ?? assert.fail('the hub was not started');
  }

  visitor(shown: Shown, port = this.hub.port): HubVisitor {
    return new HubVisitor(port, this.#serverCa, shown);
  }

  certificateOf(name: string, groups: readonly string[] = []) {
    return this.#clients.client(name, groups);
  }

  async account(name: string): Promise<void> {
    await this.cluster.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: NAMESPACE },
    });
  }

  async removeAccount(name: string): Promise<void> {
    await this.cluster.kubectl(['delete', 'serviceaccount', name, '-n', NAMESPACE]);
  }

  /** Made for hubs, or for something else. */
  tokenOf(name: string, audience = AUDIENCE): Promise<string> {
    return this.#token(name, [`--audience=${audience}`]);
  }

  apiServerTokenOf(name: string): Promise<string> {
    return this.#token(name, []);
  }

  /** As the API server would sign it: it makes none that lives for less than ten minutes. */
  async shortTokenOf(name: string, expiresAt: number): Promise<string> {
    const { cluster } = this;
    const output = 'jsonpath={.metadata.uid}';
    const uid = await cluster.kubectl(['get', 'serviceaccount', name, '-n', NAMESPACE, '-o', output]);
    const [header] = (await this.tokenOf(name)).split('.');
    const claims = {
      aud: [AUDIENCE],
      exp: expiresAt,
      iat: expiresAt - 600,
      nbf: expiresAt - 600,
      iss: 'https://kubernetes.default.svc',
      sub: `system:serviceaccount:${NAMESPACE}:${name}`,
      'kubernetes.io': { namespace: NAMESPACE, serviceaccount: { name, uid } },
    };
    const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    const key = createPrivateKey(readFileSync(cluster.credentials.serviceAccountKeyFile));
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** To a ServiceAccount, and to the user of a certificate of the same name. */
  async bind(binding: string, role: string, name: string): Promise<void> {
    await this.cluster.apply({
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: binding },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      subjects: [
        { kind: 'ServiceAccount', name, namespace: NAMESPACE },
        { apiGroup: RBAC, kind: 'User', name },
      ],
    });
  }

  async unbind(binding: string): Promise<void> {
    await this.cluster.kubectl(['delete', 'clusterrolebinding', binding]);
  }

  /** Another hub with the rights of this ServiceAccount; whoever starts it stops it. */
  async startHub(account: string, ...args: readonly string[]): Promise<HubProcess> {
    const file = (name: string): string => join(this.folder.path, name);
    const kubeconfig = writeKubeconfig(file(`${account}.kubeconfig`), [
      {
        name: 'real',
        server: this.cluster.url,
        caFile: this.cluster.credentials.caFile,
        credentials: { type: 'token', token: await this.apiServerTokenOf(account) },
      },
    ]);
    const auth = ['--auth', 'kubernetes', '--auth', 'mtls', '--recheck', '2'];
    const tls = ['--tls-cert', file('tls.crt'), '--tls-key', file('tls.key')];
    return HubProcess.start(
      ['--kubeconfig', kubeconfig, ...auth, ...tls, '--tls-client-ca', file('clients.crt'), ...args],
      'https',
    );
  }

  async stop(): Promise<void> {
    await this.#hub?.stop();
    await this.cluster.stop();
    this.folder.remove();
  }

  async #furnish(): Promise<void> {
    const { cluster } = this;
    await cluster.apply({
      apiVersion: 'dorgu.io/v1',
      kind: 'ClusterPersona',
      metadata: { name: 'alpha' },
      spec: { name: 'alpha', description: 'one', environment: 'production' },
    });
    for (const namespace of [NAMESPACE, POD.namespace]) {
      await cluster.addNamespace(namespace);
    }
    await cluster.addNode('node-1');
    await cluster.addPod(POD, 'node-1');
    cluster.containerLog(POD.namespace, POD.name, 'main').append([FIRST_LINE]);
    await cluster.kubectl(['apply', '-f', '-'], documentedRole());
    await cluster.apply({
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'personas' },
      rules: [{ apiGroups: ['dorgu.io'], resources: ['clusterpersonas'], verbs: ['list', 'watch'] }],
    });
    for (const [name, role] of [
      ['hub', 'clusterpersona-hub'],
      ['admin', 'cluster-admin'],
      ['restricted', 'personas'],
      ['none', undefined],
    ] as const) {
      await this.account(name);
      if (role !== undefined) {
        await this.bind(name, role, name);
      }
    }
    this.#hub = await this.startHub('hub');
    await until('the hub is ready', async () => (await this.visitor({}).ask('/readyz')).status === 200, soon);
  }

  async #token(name: string, args: readonly string[]): Promise<string> {
    const place = ['-n', NAMESPACE, '--duration=10m'];
    const token = await this.cluster.kubectl(['create', 'token', name, ...place, ...args]);
    return token.trim();
  }
}
