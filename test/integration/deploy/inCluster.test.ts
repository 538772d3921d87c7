import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../../src/base/jsonRecord';
import { RealCluster } from '../../support/testbed/realCluster';
import { requireHelm, requireKubernetes } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { HubProcess } from '../server/hubProcess';
import { HubSocket } from '../server/hubSocket';
import { FULL_NAME, NAMESPACE, renderChart } from './chart';

const soon = { deadlineMs: 30_000, pollMs: 50 };
const ACCOUNT = `system:serviceaccount:${NAMESPACE}:${FULL_NAME}`;
const POD = { namespace: 'apps', name: 'web', containers: ['web'] };
const NODE = 'node-1';

const persona = (name: string): object => ({
  apiVersion: 'dorgu.io/v1',
  kind: 'ClusterPersona',
  metadata: { name },
  spec: { name, environment: 'production' },
});

describe('a hub in a cluster, as the service account of its chart', function () {
  this.timeout(120_000);
  let helm: string;
  let cluster: RealCluster;
  let folder: TemporaryFolder;
  let hub: HubProcess | undefined;

  before(async function () {
    helm = requireHelm(this);
    cluster = await RealCluster.start(requireKubernetes(this), { withCrd: true, kwok: { pods: [POD] } });
    folder = temporaryFolder('service-account');
    await cluster.addNamespace(NAMESPACE);
    await cluster.addNamespace(POD.namespace);
    await cluster.addNode(NODE);
    await cluster.addPod(POD, NODE);
    cluster.containerLog(POD.namespace, POD.name, 'web').append(['hello from the pod']);
    await cluster.apply(persona('alpha'));
  });
  afterEach(async () => {
    await hub?.stop();
    hub = undefined;
  });
  after(async () => {
    await cluster?.stop();
    folder?.remove();
  });

  /** What of the chart says who the hub is and what it may do. */
  async function install(values: object = {}): Promise<void> {
    const access = (await renderChart(helm, values)).filter(({ kind }) =>
      ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding'].includes(String(kind)),
    );
    assert.equal(access.length, 3);
    for (const object of access) {
      await cluster.apply(object);
    }
  }

  /** As Kubernetes mounts it: the files are swapped whole. */
  function mount(token: string): void {
    mkdirSync(folder.path, { recursive: true });
    copyFileSync(cluster.credentials.caFile, join(folder.path, 'ca.crt'));
    writeFileSync(join(folder.path, 'token.next'), token);
    renameSync(join(folder.path, 'token.next'), join(folder.path, 'token'));
  }

  const tokenOf = async (...args: readonly string[]): Promise<string> =>
    (await cluster.kubectl(['create', 'token', FULL_NAME, '-n', NAMESPACE, ...args])).trim();

  async function start(...args: readonly string[]): Promise<HubProcess> {
    const started = await HubProcess.start(
      ['--service-account', folder.path, '--cluster-name', 'production', ...args],
      'http',
      undefined,
      {
        KUBERNETES_SERVICE_HOST: '127.0.0.1',
        KUBERNETES_SERVICE_PORT: String(cluster.apiServer.port),
      },
    );
    hub = started;
    await started.untilReady();
    return started;
  }

  /** Whether the account may in every namespace, by what the API server itself says; of e.g. `pods/log` or `nodes.metrics.k8s.io`. */
  async function may(verb: string, what: string): Promise<boolean> {
    const [name = '', subresource] = what.split('/');
    const [resource, ...group] = name.split('.');
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: ACCOUNT,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`, 'system:authenticated'],
        resourceAttributes: { verb, group: group.join('.'), resource, ...(subresource && { subresource }) },
      },
    };
    const allowed = await cluster.kubectl(
      ['create', '-f', '-', '-o', 'jsonpath={.status.allowed}'],
      JSON.stringify(review),
    );
    return allowed === 'true';
  }

  it('follows the cluster, and knows which it is', async () => {
    await install();
    mount(await tokenOf());
    const { host } = await start();
    using client = new HubSocket(`ws://${host}/api/v1/ws`);
    await client.greet();
    client.say({ type: 'subscribe', id: 1, patterns: ['cluster.*.*'] });
    const { sources } = recordOf(await client.ask(1, 'sources.list'));
    assert.ok(Array.isArray(sources));
    const [source] = sources.map(recordOf);
    assert.equal(source?.source, 'in-cluster');
    assert.equal(source?.label, 'production');
    assert.equal(recordOf(source?.state).type, 'live');
    await cluster.patchStatus('alpha', { phase: 'Ready' });
    const { events } = await client.next('events');
    assert.ok(Array.isArray(events));
    const { type, data, cursor } = recordOf(events[0]);
    assert.equal(type, 'cluster.updated');
    assert.deepEqual(data, { source: 'in-cluster', name: 'alpha' });
    const uid = await cluster.kubectl(['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}']);
    assert.ok(String(cursor).includes(uid), 'other replicas would not know its cursors');
  });

  it('may read personas, and nothing else', async () => {
    await install();
    const rules = await cluster.kubectl(['auth', 'can-i', '--list', '--no-headers', `--as=${ACCOUNT}`]);
    const everybody = await cluster.kubectl([
      'auth',
      'can-i',
      '--list',
      '--no-headers',
      '--as=system:serviceaccount:default:nobody',
    ]);
    const known = new Set(everybody.split('\n').map(words));
    assert.deepEqual(
      rules
        .split('\n')
        .map(words)
        .filter((line) => !known.has(line))
        .toSorted(),
      ['clusterpersonas.dorgu.io [] [] [list watch]', 'namespaces [] [kube-system] [get]'],
    );
    for (const verb of ['create', 'update', 'patch', 'delete']) {
      assert.equal(await may(verb, 'clusterpersonas.dorgu.io'), false, verb);
    }
    assert.equal(await may('get', 'secrets'), false);
    assert.equal(await may('impersonate', 'users'), false);
    mount(await tokenOf());
    const { host } = await start();
    using client = new HubSocket(`ws://${host}/api/v1/ws`);
    await client.greet();
    client.say({
      type: 'request',
      id: 3,
      method: 'pods.list',
      params: { source: 'in-cluster', namespace: POD.namespace },
    });
    const { problem } = await client.next('error');
    assert.equal(recordOf(problem).code, 'forbidden');
  });

  it('lets in whom the cluster knows where the chart says so, and may ask no more than who they are and what they may', async () => {
    await install({ auth: { mode: 'kubernetes' } });
    assert.equal(await may('create', 'tokenreviews.authentication.k8s.io'), true);
    assert.equal(await may('create', 'subjectaccessreviews.authorization.k8s.io'), true);
    assert.equal(await may('impersonate', 'users'), false);
    mount(await tokenOf());
    const { host } = await start('--auth', 'kubernetes');
    const ask = async (...args: readonly string[]): Promise<number> => {
      const token = await tokenOf(...args);
      const { status } = await fetch(`http://${host}/api/v1/clusters?source=in-cluster`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return status;
    };
    // The account itself may list personas.
    assert.equal(await ask('--audience=clusterpersona-hub'), 200);
    assert.equal(await ask(), 401, 'a token for the API server');
  });

  it('may read what nodes use where the chart says so', async () => {
    await install({ rbac: { nodeMetrics: true } });
    assert.equal(await may('list', 'nodes.metrics.k8s.io'), true);
    assert.equal(await may('get', 'nodes.metrics.k8s.io'), false);
    assert.equal(await may('list', 'nodes'), false);
    assert.equal(await may('list', 'pods'), false, 'what was allowed before is not any more');
  });

  it('follows logs where the chart says so, and may do no more for that', async () => {
    await install({ rbac: { podLogs: true } });
    for (const [verb, what] of [
      ['list', 'pods'],
      ['watch', 'pods'],
      ['get', 'pods/log'],
      ['get', 'deployments.apps'],
      ['get', 'jobs.batch'],
    ] as const) {
      assert.equal(await may(verb, what), true, what);
    }
    assert.equal(await may('get', 'pods'), false);
    assert.equal(await may('create', 'pods/exec'), false);
    mount(await tokenOf());
    const { host } = await start();
    using client = new HubSocket(`ws://${host}/api/v1/ws`);
    await client.greet();
    const source = 'in-cluster';
    const { pods } = recordOf(await client.ask(1, 'pods.list', { source, namespace: POD.namespace }));
    assert.ok(Array.isArray(pods));
    assert.equal(recordOf(pods[0]).name, POD.name);
    client.say({ type: 'subscribe', id: 1, patterns: ['log.**'] });
    const { stream } = recordOf(
      await client.ask(2, 'logs.open', { source, namespace: POD.namespace, pod: POD.name }),
    );
    const lines = await until(
      'the log is there',
      async () => {
        const read = recordOf(await client.ask(3, 'logs.read', { stream, from: 0, limit: 10 }));
        return Array.isArray(read.lines) && read.lines.length > 0 && read.lines;
      },
      soon,
    );
    assert.match(JSON.stringify(lines), /hello from the pod/);
    // All of a namespace together: its pods are followed, too.
    const { view } = recordOf(
      await client.ask(4, 'logViews.open', {
        source,
        selection: { type: 'namespace', namespace: POD.namespace },
      }),
    );
    await until(
      'the log is in the view',
      async () =>
        /hello from the pod/.test(
          JSON.stringify(await client.ask(5, 'logViews.read', { view, at: { type: 'end' }, count: 10 })),
        ),
      soon,
    );
  });

  it('goes on with the token that is mounted later, once its first one is worth nothing', async () => {
    await install();
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'bound', namespace: NAMESPACE },
    });
    mount(await tokenOf('--bound-object-kind=Secret', '--bound-object-name=bound'));
    const { host } = await start();
    mount(await tokenOf());
    // What a token is bound to is gone, and the token with it.
    await cluster.kubectl(['delete', 'secret', 'bound', '-n', NAMESPACE]);
    await cluster.apiServer.kill();
    await cluster.apiServer.start();
    await cluster.apply(persona('beta'));
    await until(
      'the hub tells of what was written afterwards',
      async () => {
        const answer = await fetch(`http://${host}/api/v1/clusters`);
        return /"beta"/.test(await answer.text());
      },
      soon,
    );
  });
});

/** Columns are as wide as the widest. */
function words(line: string): string {
  return line
    .trim()
    .split(/\s{2,}/)
    .join(' ');
}

function recordOf(value: unknown) {
  assert.ok(isRecord(value), `no object: ${JSON.stringify(value)}`);
  return value;
}
