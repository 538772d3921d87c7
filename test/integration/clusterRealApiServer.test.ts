import assert from 'node:assert/strict';
import type { KubeFetch } from '../../src/base/kubeFetch';
import { systemClock } from '../../src/base/clock';
import { systemRandom } from '../../src/base/random';
import { readText } from '../../src/base/readBody';
import type { ClusterConnection } from '../../src/cluster/clusterConnection';
import { listPods } from '../../src/kube/listPods';
import { problemFromResponse } from '../../src/protocol/problemFromResponse';
import { FollowedLog } from '../support/followedLog';
import type { LoggedPod } from '../support/testbed/kwok';
import { RealCluster } from '../support/testbed/realCluster';
import { requireKubernetes } from '../support/testbed/requireTool';
import { until } from '../support/testbed/until';
import { openFile } from './clusterKubeconfig';

const pod: LoggedPod = { namespace: 'shop', name: 'cart-0', containers: ['main', 'side'] };
const soon = { deadlineMs: 20_000, pollMs: 20 };

describe('a connection to a real API server', function () {
  this.timeout(60_000);
  let cluster: RealCluster;
  const connections: ClusterConnection[] = [];
  const streams: FollowedLog[] = [];

  before(async function () {
    const binaries = requireKubernetes(this);
    cluster = await RealCluster.start(binaries, { kwok: { pods: [pod] } });
    await cluster.addNode('node-1');
    await cluster.addNamespace(pod.namespace);
    await cluster.addPod(pod, 'node-1');
  });
  after(() => cluster?.stop());
  afterEach(() => {
    streams.splice(0).forEach((stream) => stream.dispose());
    connections.splice(0).forEach((connection) => connection.dispose());
  });

  async function connect(kubeconfig: string): Promise<KubeFetch> {
    const connection = await openFile(kubeconfig);
    connections.push(connection);
    return connection.fetch;
  }
  async function whoAmI(fetch: KubeFetch): Promise<string> {
    const response = await fetch('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
    });
    const review: { status: { userInfo: { username: string } } } = JSON.parse(
      await readText(response.body, 100_000),
    );
    return review.status.userInfo.username;
  }
  const pods = '/api/v1/namespaces/shop/pods';

  function open(fetch: KubeFetch, podName: string): FollowedLog {
    const stream = new FollowedLog({
      fetch,
      target: { namespace: 'shop', pod: podName, container: 'main' },
      clock: systemClock,
      random: systemRandom,
      tailLines: 10,
    });
    streams.push(stream);
    return stream;
  }

  it('is who the kubeconfig says, by token and by client certificate', async () => {
    const { admin, restricted, clientCertificate } = cluster.kubeconfigs;
    assert.equal(await whoAmI(await connect(admin)), 'admin');
    assert.equal(await whoAmI(await connect(restricted)), 'restricted');
    assert.equal(await whoAmI(await connect(clientCertificate)), 'certificate-admin');
  });

  it('lists, compressed where that pays, and keeps a watch open', async () => {
    const fetch = await connect(cluster.kubeconfigs.admin);
    const openApi = await fetch('/openapi/v2');
    assert.equal(openApi.header('content-encoding'), 'gzip');
    const document: { swagger: string } = JSON.parse(await readText(openApi.body, 64 * 1024 * 1024));
    assert.equal(document.swagger, '2.0');
    const watch = await fetch(`${pods}?watch=true&resourceVersion=0`);
    assert.equal(watch.status, 200);
    for await (const chunk of watch.body) {
      assert.match(Buffer.from(chunk).toString(), /"type":"ADDED"/);
      break;
    }
  });

  it('says tls for the wrong authority', async () => {
    const fetch = await connect(cluster.kubeconfigs.wrongCa);
    await assert.rejects(fetch(pods), { name: 'KubeTransportError', code: 'tls' });
  });

  for (const [what, kubeconfig, path, code] of [
    ['an unknown token', 'unknownToken', pods, 'unauthorized'],
    ['a user without a role', 'restricted', pods, 'forbidden'],
    ['a pod that is not there', 'admin', `${pods}/none`, 'notFound'],
    ['a resource that is not installed', 'admin', '/apis/dorgu.io/v1/clusterpersonas', 'notInstalled'],
  ] as const) {
    it(`gives the server’s answer for ${what}: ${code}`, async () => {
      const fetch = await connect(cluster.kubeconfigs[kubeconfig]);
      const { problem } = await problemFromResponse(await fetch(path));
      assert.equal(problem.code, code, problem.detail);
    });
  }

  it('finds pods with their containers', async () => {
    const fetch = await connect(cluster.kubeconfigs.admin);
    const { signal } = new AbortController();
    assert.deepEqual(await listPods(fetch, 'shop', signal), [
      { namespace: 'shop', name: 'cart-0', phase: 'Running', containers: ['main', 'side'] },
    ]);
    assert.deepEqual(await listPods(fetch, 'nowhere', signal), []);
  });

  it('follows a pod’s log, through a restart of the API server, without losing or repeating a line', async () => {
    const fetch = await connect(cluster.kubeconfigs.admin);
    const log = cluster.containerLog(pod.namespace, pod.name, 'main');
    const expected = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
    log.append(expected(0, 20));
    const stream = open(fetch, 'cart-0');
    const texts = (): string[] => stream.texts();
    await until('the tail is there', () => stream.range.next === 10, soon);
    assert.deepEqual(texts(), expected(10, 20));
    assert.ok(stream.rows()[0]?.time !== undefined);
    log.append(['line 20']);
    await until('a new line is there', () => stream.range.next === 11, soon);
    await cluster.apiServer.kill();
    await until('the stream knows', () => stream.state.type === 'failed', soon);
    await cluster.apiServer.start();
    log.append(['line 21']);
    await until('the log goes on', () => stream.range.next === 12, soon);
    assert.deepEqual(texts(), expected(10, 22));
    assert.equal(stream.state.type, 'following');
  });

  it('says why a log cannot be had', async () => {
    const forbidden = open(await connect(cluster.kubeconfigs.restricted), 'cart-0');
    const missing = open(await connect(cluster.kubeconfigs.admin), 'none');
    await until(
      'both have failed',
      () => forbidden.state.type === 'failed' && missing.state.type === 'failed',
      soon,
    );
    assert.equal(forbidden.state.type === 'failed' && forbidden.state.problem.code, 'forbidden');
    assert.equal(missing.state.type === 'failed' && missing.state.problem.code, 'notFound');
  });
});
