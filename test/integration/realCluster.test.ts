import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CommandError } from '../support/testbed/command';
import type { KubernetesBinaries } from '../support/testbed/kubernetesBinaries';
import type { LoggedPod } from '../support/testbed/kwok';
import { RealCluster } from '../support/testbed/realCluster';
import { requireKubernetes } from '../support/testbed/requireTool';

const pod: LoggedPod = {
  namespace: 'ingress-nginx',
  name: 'controller-0',
  containers: ['controller', 'sidecar'],
};

/** A running `kubectl logs --follow`, line by line. */
class FollowedLog implements Disposable {
  readonly #child;
  readonly #lines;

  constructor(binaries: KubernetesBinaries, cluster: RealCluster, container: string) {
    const args = ['logs', '--follow', '-n', pod.namespace, pod.name, '-c', container];
    this.#child = spawn(binaries.kubectl, ['--kubeconfig', cluster.kubeconfigs.admin, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async next(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : value;
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}

describe('The test bed: a real cluster', function () {
  this.timeout(60_000);
  let binaries: KubernetesBinaries;
  let cluster: RealCluster;

  before(async function () {
    binaries = requireKubernetes(this);
    cluster = await RealCluster.start(binaries, { kwok: { pods: [pod] } });
    await cluster.addNode('node-1');
    await cluster.addNamespace(pod.namespace);
    await cluster.addPod(pod, 'node-1', { app: 'controller' });
  });

  after(() => cluster?.stop());

  it('reports the version it was built from', async () => {
    const versions: { serverVersion: { gitVersion: string } } = JSON.parse(
      await cluster.kubectl(['version', '-o', 'json']),
    );
    assert.match(versions.serverVersion.gitVersion, /^v1\.\d+\.\d+/);
  });

  it('serves the log of each container, with its time stamps', async () => {
    const at = new Date('2026-03-01T12:00:00.123Z');
    cluster.containerLog(pod.namespace, pod.name, 'sidecar').append(['one', 'two'], { at });
    const text = await cluster.kubectl([
      'logs',
      '-n',
      pod.namespace,
      pod.name,
      '-c',
      'sidecar',
      '--timestamps',
    ]);
    assert.equal(text, '2026-03-01T12:00:00.123000000Z one\n2026-03-01T12:00:00.123000000Z two\n');
  });

  it('sends lines to a follower as they are written', async () => {
    const log = cluster.containerLog(pod.namespace, pod.name, 'controller');
    log.append(['before']);
    using follower = new FollowedLog(binaries, cluster, 'controller');
    assert.equal(await follower.next(), 'before');
    log.append(['after 1', 'after 2']);
    assert.equal(await follower.next(), 'after 1');
    assert.equal(await follower.next(), 'after 2');
  });

  for (const [kind, expected] of [
    ['restricted', /Forbidden/],
    ['unknownToken', /Unauthorized|logged in/],
    ['wrongCa', /certificate signed by unknown authority/],
  ] as const) {
    it(`turns the ${kind} kubeconfig away`, async () => {
      const args = ['--kubeconfig', cluster.kubeconfigs[kind], 'get', 'namespaces'];
      await assert.rejects(
        cluster.kubectl(args),
        (error) => error instanceof CommandError && expected.test(error.stderr),
      );
    });
  }

  it('lets a client certificate in', async () => {
    const args = ['--kubeconfig', cluster.kubeconfigs.clientCertificate, 'auth', 'whoami', '-o', 'json'];
    const { status }: { status: { userInfo: { username: string } } } = JSON.parse(
      await cluster.kubectl(args),
    );
    assert.equal(status.userInfo.username, 'certificate-admin');
  });

  it('comes back on the same port with the same data after it was killed', async () => {
    await cluster.addNamespace('survivor');
    const { url, pid } = cluster.apiServer;
    await cluster.apiServer.kill();
    await assert.rejects(cluster.kubectl(['get', 'namespace', 'survivor']), /refused/);
    await cluster.apiServer.start();
    assert.equal(cluster.apiServer.url, url);
    assert.notEqual(cluster.apiServer.pid, pid);
    assert.match(
      await cluster.kubectl(['get', 'namespace', 'survivor', '-o', 'name']),
      /namespace\/survivor/,
    );
  });
});
