import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterCredentials, writeClusterCredentials } from './clusterCredentials';
import { runCommand } from './command';
import { ApiServer } from './controlPlane';
import { Etcd } from './etcd';
import { type Credentials, writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import type { KubernetesBinaries } from './kubernetesBinaries';
import { type ContainerLog, Kwok, type LoggedPod } from './kwok';
import { repositoryRoot } from './repositoryRoot';
import type { ServerProcess } from './serverProcess';
import { temporaryFolder } from './temporaryFolder';

export interface RealClusterOptions {
  /** Name of the contexts in its kubeconfigs. */
  readonly name?: string;
  /** Runs kwok too, so that nodes turn Ready and pods run; `pods` are those whose logs the test writes. */
  readonly kwok?: { readonly pods: readonly LoggedPod[]; readonly leavesStatus?: boolean };
  /** Installs the project's CRD before the cluster is handed over. */
  readonly withCrd?: boolean;
  /** Those of another cluster, which has to outlive this one: whoever may enter there may enter here. */
  readonly credentials?: ClusterCredentials;
  readonly apiServerArgs?: readonly string[];
}

export interface Kubeconfigs {
  /** A token of system:masters. */
  readonly admin: string;
  /** A token of a user without any role. */
  readonly restricted: string;
  /** A client certificate of system:masters. */
  readonly clientCertificate: string;
  /** The admin's token, but an authority that did not sign the server's certificate. */
  readonly wrongCa: string;
  /** A token the server does not know: 401. */
  readonly unknownToken: string;
}

/** What kubectl may print on its way, and what a test gives it to read. */
export type Kubectl = (args: readonly string[], stdin?: string) => Promise<string>;

const crdFile = join('deploy', 'crd', 'clusterpersonas.yaml');
const crdName = 'customresourcedefinitions/clusterpersonas.dorgu.io';

/** A Kubernetes API server and its etcd, on loopback, alone for one test suite. */
export class RealCluster {
  readonly name: string;
  readonly url: string;
  readonly kubeconfigs: Kubeconfigs;
  readonly credentials: ClusterCredentials;
  readonly etcd: Etcd;
  readonly apiServer: ApiServer;
  /** Runs kubectl as the admin. Rejects with a CommandError that carries what it printed. */
  readonly kubectl: Kubectl;
  readonly #kwok: Kwok | undefined;
  readonly #stop: () => Promise<void>;

  private constructor(parts: {
    name: string;
    kubeconfigs: Kubeconfigs;
    credentials: ClusterCredentials;
    etcd: Etcd;
    apiServer: ApiServer;
    kubectl: Kubectl;
    kwok: Kwok | undefined;
    stop: () => Promise<void>;
  }) {
    this.name = parts.name;
    this.url = parts.apiServer.url;
    this.kubeconfigs = parts.kubeconfigs;
    this.credentials = parts.credentials;
    this.etcd = parts.etcd;
    this.apiServer = parts.apiServer;
    this.kubectl = parts.kubectl;
    this.#kwok = parts.kwok;
    this.#stop = parts.stop;
  }

  /**
   * Starts a cluster and resolves once it answers. It lives in a temporary folder; `stop()`, or at the latest the
   * end of this process, ends every server and removes the folder.
   */
  static async start(binaries: KubernetesBinaries, options: RealClusterOptions = {}): Promise<RealCluster> {
    const name = options.name ?? 'real';
    const folder = temporaryFolder('cluster');
    const servers: ServerProcess[] = [];
    let etcd: Etcd | undefined;
    let apiServer: ApiServer | undefined;
    const stop = async (): Promise<void> => {
      // The API server goes first and by SIGKILL: with a watch open it would take a minute to go politely.
      await apiServer?.kill();
      await Promise.all(servers.map((server) => server.stop()));
      await etcd?.stop();
      folder.remove();
    };
    try {
      const credentials = options.credentials ?? writeClusterCredentials(folder.path);
      etcd = await Etcd.start(binaries.etcd, folder.path);
      apiServer = await ApiServer.start({
        binaries,
        folder: folder.path,
        credentials,
        etcdUrl: etcd.url,
        extraArgs: options.apiServerArgs ?? [],
      });
      const kubeconfigs = writeKubeconfigs(folder.path, name, apiServer.url, credentials);
      const kubectl = kubectlOf(binaries.kubectl, kubeconfigs.admin, folder.path);
      const kwok =
        options.kwok === undefined
          ? undefined
          : await Kwok.start({
              program: binaries.kwok,
              folder: folder.path,
              kubeconfig: kubeconfigs.admin,
              ...options.kwok,
            });
      if (kwok !== undefined) {
        servers.push(kwok.process);
      }
      const cluster = new RealCluster({
        name,
        kubeconfigs,
        credentials,
        etcd,
        apiServer,
        kubectl,
        kwok,
        stop,
      });
      if (options.withCrd === true) {
        await cluster.installCrd();
      }
      return cluster;
    } catch (error) {
      await stop();
      throw error;
    }
  }

  /** Applies the project's CRD and waits until the API server serves it. */
  async installCrd(): Promise<void> {
    await this.kubectl(['apply', '--server-side', '-f', join(repositoryRoot(), crdFile)]);
    await this.kubectl(['wait', '--for=condition=Established', '--timeout=30s', crdName]);
    await this.kubectl(['get', 'clusterpersonas']);
  }

  /** Deletes the CRD, and every ClusterPersona with it. */
  async removeCrd(): Promise<void> {
    await this.kubectl(['delete', '--wait=true', '--timeout=30s', crdName]);
  }

  /** Creates or updates one object, given as it would stand in a manifest. */
  async apply(manifest: object): Promise<void> {
    await this.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(manifest));
  }

  /** Merges into the status of a ClusterPersona, as its operator would. */
  async patchStatus(personaName: string, status: object): Promise<void> {
    const patch = JSON.stringify({ status });
    await this.kubectl([
      'patch',
      'clusterpersona',
      personaName,
      '--subresource=status',
      '--type=merge',
      '-p',
      patch,
    ]);
  }

  /** Lets the user `viewer` get, list and watch everything. */
  async grantViewer(): Promise<void> {
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const metadata = { name: 'viewer' };
    const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }];
    await this.apply({ apiVersion, kind: 'ClusterRole', metadata, rules });
    await this.apply({
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'viewer' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
    });
  }

  /** A simulated node, Ready when this resolves. Needs kwok. */
  async addNode(nodeName: string): Promise<void> {
    await this.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName } });
    await this.kubectl(['wait', '--for=condition=Ready', '--timeout=30s', `node/${nodeName}`]);
  }

  async addNamespace(namespace: string): Promise<void> {
    await this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }

  /** A simulated pod, Running when this resolves. Needs kwok, the node and the namespace. */
  async addPod(
    pod: LoggedPod,
    nodeName: string,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { namespace, name } = pod;
    await this.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: {
        nodeName,
        containers: pod.containers.map((container) => ({
          name: container,
          image: `example.invalid/${container}`,
        })),
      },
    });
    await this.kubectl(['wait', '-n', namespace, '--for=condition=Ready', '--timeout=30s', `pod/${name}`]);
  }

  /** Where kwok plays the kubelet of every node. */
  get kubeletPort(): number {
    return this.#requireKwok().port;
  }

  /** The log of a container named in `options.kwok.pods`. */
  containerLog(namespace: string, pod: string, container: string): ContainerLog {
    return this.#requireKwok().log(namespace, pod, container);
  }

  #requireKwok(): Kwok {
    if (this.#kwok === undefined) {
      throw new Error('This cluster was started without kwok');
    }
    return this.#kwok;
  }

  /** May be called again. */
  stop(): Promise<void> {
    return this.#stop();
  }
}

function writeKubeconfigs(
  folder: string,
  name: string,
  server: string,
  credentials: ClusterCredentials,
): Kubeconfigs {
  const write = (file: string, caFile: string, user: Credentials): string =>
    writeKubeconfig(join(folder, `${file}.kubeconfig`), [{ name, server, caFile, credentials: user }]);
  const { caFile, otherCaFile, adminClient, adminToken, restrictedToken } = credentials;
  return {
    admin: write('admin', caFile, { type: 'token', token: adminToken }),
    restricted: write('restricted', caFile, { type: 'token', token: restrictedToken }),
    clientCertificate: write('client-certificate', caFile, { type: 'clientCertificate', ...adminClient }),
    wrongCa: write('wrong-ca', otherCaFile, { type: 'token', token: adminToken }),
    unknownToken: write('unknown-token', caFile, { type: 'token', token: 'nobody-has-this-token' }),
  };
}

function kubectlOf(program: string, kubeconfig: string, folder: string): Kubectl {
  const home = join(folder, 'home');
  mkdirSync(home);
  // kubectl keeps a discovery cache in the home folder; a test cluster's must not outlive it.
  const env = { ...process.env, HOME: home, KUBECONFIG: kubeconfig };
  return (args, stdin) => runCommand(program, args, { env, ...(stdin === undefined ? {} : { stdin }) });
}
