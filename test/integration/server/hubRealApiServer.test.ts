import assert from 'node:assert/strict';
import { isRecord } from '../../../src/base/jsonRecord';
import { RealCluster } from '../../support/testbed/realCluster';
import { requireKubernetes } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { CompatPortal } from './compatPortal';
import { failedStart, HubProcess } from './hubProcess';
import { HubSocket } from './hubSocket';

const soon = { deadlineMs: 30_000, pollMs: 50 };

function persona(name: string, description = 'one'): object {
  return {
    apiVersion: 'dorgu.io/v1',
    kind: 'ClusterPersona',
    metadata: { name },
    spec: { name, description, environment: 'production' },
  };
}

describe('the hub as a process, on a real API server', function () {
  this.timeout(120_000);
  let cluster: RealCluster;
  let hub: HubProcess;
  let source: string;

  before(async function () {
    cluster = await RealCluster.start(requireKubernetes(this), { withCrd: true });
    await cluster.apply(persona('alpha'));
    hub = await HubProcess.start(['--kubeconfig', cluster.kubeconfigs.admin]);
    await hub.untilReady();
    const { sources } = await sourcesOf(hub);
    source = String(sources[0]?.source);
  });
  after(async () => {
    await hub?.stop();
    await cluster?.stop();
  });

  async function greeted(): Promise<HubSocket> {
    const client = new HubSocket(`ws://${hub.host}/api/v1/ws`);
    await client.greet();
    return client;
  }

  it('tells of a write, and answers with what was written', async () => {
    using client = await greeted();
    client.say({ type: 'subscribe', id: 1, patterns: ['cluster.*.*'] });
    await client.ask(1, 'clusters.list');
    await cluster.patchStatus('alpha', { phase: 'Ready', kubernetesVersion: 'v1.34.2' });
    const { events } = await client.next('events');
    assert.ok(Array.isArray(events));
    const event = recordOf(events[0]);
    assert.equal(event.type, 'cluster.updated');
    assert.deepEqual(event.data, { source, name: 'alpha' });
    const { object } = recordOf(await client.ask(2, 'clusters.get', { source, name: 'alpha' }));
    assert.equal(recordOf(recordOf(object).status).phase, 'Ready');
    const { object: same } = recordOf(await (await hub.get(`/api/v1/clusters/${source}/alpha`)).json());
    assert.deepEqual(same, object);
  });

  it('sends no more than eight frames to a client that works none off, and merges the rest', async () => {
    using client = await greeted();
    client.say({ type: 'subscribe', id: 1, patterns: ['cluster.*.*'] });
    await client.ask(1, 'sources.list');
    using other = await greeted();
    other.say({ type: 'subscribe', id: 1, patterns: ['cluster.*.*'] });
    for (let count = 0; count < 15; count += 1) {
      await cluster.apply(persona('alpha', `change ${count}`));
      await other.next('events');
      other.say({ type: 'flow', credits: 1 });
    }
    await client.ask(2, 'sources.list');
    assert.equal(client.count('events'), 8);
    client.say({ type: 'flow', credits: 8 });
    let last: unknown;
    for (let frame = 0; frame < 9; frame += 1) {
      last = (await client.next('events')).events;
    }
    assert.ok(Array.isArray(last));
    assert.equal(last.length, 1);
    await client.ask(3, 'sources.list');
    assert.equal(client.count('events'), 0);
    await cluster.apply(persona('alpha'));
  });

  it('serves the compatible face to a client that knows nothing else', async () => {
    using portal = new CompatPortal(`http://${hub.host}`);
    await portal.connect();
    assert.deepEqual([...portal.clusters.keys()], ['alpha']);
    assert.deepEqual(portal.clusters.get('alpha')?.spec, {
      name: 'alpha',
      description: 'one',
      environment: 'production',
    });
    await cluster.apply(persona('beta'));
    await cluster.apply(persona('beta', 'two'));
    await until('both were told', () => portal.notices.length >= 2, soon);
    await cluster.kubectl(['delete', 'clusterpersona', 'beta']);
    await until('its deletion was told', () => portal.notices.length >= 3, soon);
    await portal.settled();
    assert.deepEqual(portal.notices, [
      { type: 'cluster.added', data: { name: 'beta' } },
      { type: 'cluster.updated', data: { name: 'beta' } },
      { type: 'cluster.deleted', data: { name: 'beta' } },
    ]);
    assert.deepEqual([...portal.clusters.keys()], ['alpha']);
    const gone = await hub.get('/api/clusters/beta');
    assert.equal(gone.status, 404);
    assert.equal(gone.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(await gone.text(), 'cluster not found\n');
  });

  it('is followed through a restart by a client that knows the compatible face alone', async () => {
    const other = await HubProcess.start(['--kubeconfig', cluster.kubeconfigs.admin]);
    await other.untilReady();
    using portal = new CompatPortal(`http://${other.host}`);
    await portal.connect();
    other.process.signal('SIGKILL');
    await other.process.ended();
    await cluster.apply(persona('gamma'));
    const again = await HubProcess.start(['--kubeconfig', cluster.kubeconfigs.admin], 'http', other);
    try {
      await until('it read the list again', () => portal.lists === 2, soon);
      assert.deepEqual([...portal.clusters.keys()].sort(), ['alpha', 'gamma']);
      await cluster.kubectl(['delete', 'clusterpersona', 'gamma']);
      await until('the deletion was told', () => !portal.clusters.has('gamma'), soon);
      assert.deepEqual(portal.notices.at(-1), { type: 'cluster.deleted', data: { name: 'gamma' } });
    } finally {
      await again.stop();
      await other.stop();
    }
  });

  it('says that it is not ready while its API server is gone, and goes on when that is back', async () => {
    using client = await greeted();
    using portal = new CompatPortal(`http://${hub.host}`);
    await portal.connect();
    client.say({ type: 'subscribe', id: 1, patterns: ['connection.*', 'cluster.*.*'] });
    await cluster.apiServer.kill();
    await until('it is not ready', async () => (await hub.get('/readyz')).status === 503, soon);
    const { sources } = await sourcesOf(hub);
    assert.match(String(sources[0]?.state.type), /^(?:stale|reconnecting)$/);
    assert.ok(sources[0]?.count === 1, 'what was known is kept');
    assert.equal((await hub.get('/healthz')).status, 200);
    const { events } = await client.next('events');
    assert.ok(Array.isArray(events));
    assert.equal(recordOf(events.at(-1)).type, 'connection.state');
    await cluster.apiServer.start();
    await hub.untilReady();
    await cluster.apply(persona('alpha', 'after the outage'));
    await until('the write was told', () => portal.notices.length >= 1, soon);
    assert.deepEqual(portal.notices[0], { type: 'cluster.updated', data: { name: 'alpha' } });
    const { object } = recordOf(await client.ask(7, 'clusters.get', { source, name: 'alpha' }));
    assert.equal(recordOf(recordOf(object).spec).description, 'after the outage');
  });

  it('is ready, and says why, where a cluster turns it away', async () => {
    const restricted = await HubProcess.start(['--kubeconfig', cluster.kubeconfigs.restricted]);
    try {
      await restricted.untilReady();
      const { sources } = await sourcesOf(restricted);
      assert.equal(sources[0]?.state.type, 'forbidden');
      assert.equal((await restricted.get('/api/clusters')).status, 503);
      assert.equal((await restricted.get(`/api/v1/clusters/${source}/alpha`)).status, 404);
    } finally {
      await restricted.stop();
    }
  });

  it('does not start without the context that was named, and says which there are', async () => {
    assert.match(
      await failedStart(['--kubeconfig', cluster.kubeconfigs.admin, '--context', 'nobody']),
      /has no context "nobody", but real/,
    );
  });
});

interface SourcesAnswer {
  readonly sources: readonly {
    readonly source: string;
    readonly state: { readonly type: string };
    readonly count: number;
  }[];
}

async function sourcesOf(hub: HubProcess): Promise<SourcesAnswer> {
  const answer: SourcesAnswer = JSON.parse(await (await hub.get('/api/v1/sources')).text());
  return answer;
}

function recordOf(value: unknown) {
  assert.ok(isRecord(value), `no object: ${JSON.stringify(value)}`);
  return value;
}
