import { mkdirSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { ClusterCredentials } from './clusterCredentials';
import { freePort } from './freePort';
import type { KubernetesBinaries } from './kubernetesBinaries';
import { ServerProcess } from './serverProcess';
import { until } from './until';

// The API server answers /readyz 1-2 s after its start on an idle machine.
const readyDeadlineMs = 60_000;

/** A kube-apiserver that can be stopped, killed or frozen, and started again on the same port with the same data. */
export class ApiServer {
  readonly url: string;
  readonly #program: string;
  readonly #args: readonly string[];
  readonly #folder: string;
  readonly #credentials: ClusterCredentials;
  #process: ServerProcess | undefined;

  private constructor(
    program: string,
    folder: string,
    credentials: ClusterCredentials,
    etcdUrl: string,
    port: number,
    extraArgs: readonly string[],
  ) {
    this.url = `https://127.0.0.1:${port}`;
    this.#program = program;
    this.#folder = folder;
    this.#credentials = credentials;
    this.#args = [
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${join(folder, 'apiserver')}`,
      `--tls-cert-file=${credentials.server.certificateFile}`,
      `--tls-private-key-file=${credentials.server.keyFile}`,
      `--client-ca-file=${credentials.caFile}`,
      `--token-auth-file=${credentials.tokenFile}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${credentials.serviceAccountPublicKeyFile}`,
      `--service-account-signing-key-file=${credentials.serviceAccountKeyFile}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--authorization-mode=RBAC',
      // No controller makes service accounts here, so pods must not ask for one.
      '--disable-admission-plugins=ServiceAccount,DefaultStorageClass',
      '--endpoint-reconciler-type=none',
      ...extraArgs,
    ];
  }

  static async start(options: {
    binaries: KubernetesBinaries;
    folder: string;
    credentials: ClusterCredentials;
    etcdUrl: string;
    extraArgs: readonly string[];
  }): Promise<ApiServer> {
    const { binaries, folder, credentials, etcdUrl, extraArgs } = options;
    mkdirSync(join(folder, 'apiserver'), { recursive: true });
    const port = await freePort();
    const server = new ApiServer(binaries.kubeApiserver, folder, credentials, etcdUrl, port, extraArgs);
    try {
      await server.start();
    } catch (error) {
      await server.kill();
      throw error;
    }
    return server;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Undefined while stopped. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it when it is stopped, and resolves once it is ready. */
  async start(): Promise<void> {
    if (this.#process?.failure() !== undefined) {
      this.#process = undefined;
    }
    this.#process ??= new ServerProcess({
      name: 'kube-apiserver',
      program: this.#program,
      args: this.#args,
      logFile: join(this.#folder, 'kube-apiserver.log'),
    });
    const running = this.#process;
    await until('The API server is ready', () => this.#isReady(), {
      deadlineMs: readyDeadlineMs,
      pollMs: 100,
      failure: () => running.failure(),
    });
  }

  /** SIGKILL by default, as an outage would have it. A polite SIGTERM takes a minute while a watch is open. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const running = this.#process;
    running?.signal(signal);
    await running?.ended();
    this.#process = undefined;
  }

  /** Frozen, it still accepts connections (its kernel does) but answers nothing. */
  freeze(): void {
    this.#process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process?.signal('SIGCONT');
  }

  #isReady(): Promise<boolean> {
    const { caFile, adminToken } = this.#credentials;
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.url}/readyz`,
        { ca: readFileSync(caFile), headers: { authorization: `Bearer ${adminToken}` }, agent: false },
        (response) => {
          response.resume();
          resolve(response.statusCode === 200);
        },
      );
      asked.setTimeout(5_000, () => asked.destroy(new Error('/readyz did not answer within 5 s')));
      asked.on('error', reject);
      asked.end();
    });
  }
}
