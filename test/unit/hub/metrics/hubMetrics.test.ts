import assert from 'node:assert/strict';
import { KubeTransportError } from '../../../../src/base/kubeFetch';
import { Emitter } from '../../../../src/base/emitter';
import { Hub } from '../../../../src/hub/hub';
import { DEFAULT_HUB_SETTINGS, type HubSettings } from '../../../../src/hub/hubSettings';
import { METRICS, type Metric } from '../../../../src/protocol/metric';
import { trackLeaks } from '../../../support/leakTracker';
import { withHub, type HubFixture } from '../hubFixture';
import { RawClient } from '../rawClient';
import { MeteredServer } from './meteredServer';

const instantIn = ({ clock }: HubFixture, ms: number): string => new Date(clock.now() + ms).toISOString();

function valuesOf(
  { hub }: Pick<HubFixture, 'hub'>,
  metric: Metric,
  node?: string,
  name = 'a',
  source = 's',
): number[] {
  const key = { source, name, metric, ...(node === undefined ? {} : { node }) };
  return hub.metrics.read({ ...key, from: 0, limit: 5_000 }).points.map(({ value }) => value);
}

/** What nodes tell of. */
const USAGE = METRICS.slice(0, 4);

function node(name: string, ready: boolean | undefined = true) {
  return { name, ready, allocatable: { cpu: '4', memory: '8Gi' } };
}

/** A live source `s` whose persona `a` has two nodes. */
async function metered(fixture: HubFixture) {
  const metered = new MeteredServer();
  metered.server.put('a', { status: { nodes: [node('n1'), node('n2')] } });
  const source = fixture.addServer(metered.server, 's', metered.fetch);
  await fixture.goLive(source);
  return { metered, source, server: metered.server };
}

describe('The metrics of a hub', () => {
  trackLeaks();

  it(
    'are what operators report with each discovery, once each, at its time',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer();
      const lastDiscovery = instantIn(fixture, -60_000);
      const summary = { usedCPU: '1500m', usedMemory: '2Gi', allocatableCPU: '3', memoryUtilization: '40 %' };
      const status = {
        lastDiscovery,
        resourceSummary: { ...summary, runningPods: 7 },
        nodes: [node('n1'), node('n2', false)],
      };
      server.put('a', { status });
      await fixture.clock.advance(10);
      const read = (metric: Metric) =>
        fixture.hub.metrics.read({ source: 's', name: 'a', metric, from: 0, limit: 9 }).points;
      const at = Date.parse(lastDiscovery);
      assert.deepEqual(METRICS.map(read), [
        [{ seq: 0, at, value: 50 }],
        [{ seq: 0, at, value: 40 }],
        [{ seq: 0, at, value: 1.5 }],
        [{ seq: 0, at, value: 2 * 1024 ** 3 }],
        [{ seq: 0, at, value: 7 }],
        [{ seq: 0, at, value: 1 }],
      ]);
      server.put('a', { status: { ...status, resourceSummary: { runningPods: 9 } } });
      await fixture.clock.advance(10);
      assert.deepEqual(valuesOf(fixture, 'podsRunning'), [7], 'the same discovery was counted twice');
      server.put('a', {
        status: { lastDiscovery: instantIn(fixture, 0), resourceSummary: { runningPods: 9 } },
      });
      await fixture.clock.advance(10);
      assert.deepEqual(valuesOf(fixture, 'podsRunning'), [7, 9]);
      assert.deepEqual([valuesOf(fixture, 'cpuCores'), valuesOf(fixture, 'nodesReady')], [[1.5], [1]]);
    }),
  );

  it(
    'are not known where nobody reports them, which is not 0',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('undiscovered');
      const lastDiscovery = instantIn(fixture, 0);
      server.put('terse', {
        status: { lastDiscovery, resourceSummary: { totalCPU: '8', allocatableCPU: '8' } },
      });
      server.put('a', { status: { lastDiscovery, nodes: [node('n1'), { name: 'n2' }] } });
      server.put('broken', {
        status: { lastDiscovery, resourceSummary: { usedCPU: 'much', runningPods: -1 }, nodes: 'two' },
      });
      await fixture.clock.advance(10);
      for (const name of ['undiscovered', 'terse', 'a', 'broken', 'nobody', '__proto__']) {
        for (const metric of METRICS) {
          assert.deepEqual(valuesOf(fixture, metric, undefined, name), [], `${name} ${metric}`);
        }
      }
    }),
  );

  it(
    'are of now where a discovery cannot have been when it says',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer();
      const said = [instantIn(fixture, 3_600_000), 'yesterday', undefined, instantIn(fixture, 30_000)];
      for (const [index, lastDiscovery] of said.entries()) {
        server.put(`a${index}`, { status: { lastDiscovery, resourceSummary: { runningPods: 3 } } });
      }
      const now = fixture.clock.now();
      await fixture.clock.settle();
      server.put('old', {
        status: { lastDiscovery: instantIn(fixture, -7_200_000), resourceSummary: { runningPods: 3 } },
      });
      await fixture.clock.settle();
      for (const index of said.keys()) {
        const { points } = fixture.hub.metrics.read({ source: 's', name: `a${index}`, metric: 'podsRunning', from: 0, limit: 9 }); // prettier-ignore
        assert.deepEqual(points, [{ seq: 0, at: now, value: 3 }], String(said[index]));
      }
      assert.deepEqual(
        valuesOf(fixture, 'podsRunning', undefined, 'old'),
        [],
        'it is longer ago than is kept',
      );
      await fixture.clock.advance(1_000);
      server.put('a0', { status: { lastDiscovery: said[0], resourceSummary: { runningPods: 4 } } });
      server.put('a2', { status: { resourceSummary: { runningPods: 4 } } });
      await fixture.clock.settle();
      assert.deepEqual(valuesOf(fixture, 'podsRunning', undefined, 'a0'), [3], 'the same discovery');
      assert.deepEqual(valuesOf(fixture, 'podsRunning', undefined, 'a2'), [3, 4]);
    }),
  );

  it(
    'are told to those who listen, and to nobody else',
    withHub(async (fixture) => {
      fixture.stopListening();
      const { server } = await fixture.liveServer();
      const { session, client } = fixture.serve({ type: 'detail', source: 's', name: 'a' });
      const raw = fixture.owned.add(new RawClient(client));
      const told = async (): Promise<unknown[]> => {
        server.put('a', { status: { resourceSummary: { runningPods: 3 } } });
        await fixture.clock.advance(1_000);
        return [...fixture.takePublished('metric.**')];
      };
      raw.ready('metric.other.**', 'cluster.**');
      assert.deepEqual(await told(), []);
      raw.ready('metric.s.*');
      const [event, ...more] = await told();
      assert.equal(more.length, 0);
      assert.deepEqual(event, {
        type: 'metric.appended',
        topic: 'metric.s.a%2FpodsRunning',
        data: { source: 's', name: 'a', metric: 'podsRunning', first: 0, next: 2 },
        priority: 'low',
        replayed: true,
        cursor: (event as { cursor: string }).cursor,
        at: (event as { at: number }).at,
      });
      session.setVisible(false);
      assert.deepEqual(await told(), [], 'it is hidden');
      session.setVisible(true);
      assert.equal((await told()).length, 1);
      session.dispose();
      assert.deepEqual(await told(), []);
      assert.deepEqual(valuesOf(fixture, 'podsRunning'), [3, 3, 3, 3, 3]);
    }),
  );

  it(
    'end with their persona, and begin anew where the same cluster is connected again',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer();
      const status = { resourceSummary: { runningPods: 3 } };
      const held = (): number => valuesOf(fixture, 'podsRunning').length;
      const put = async (): Promise<void> => {
        server.put('a', { status });
        await fixture.clock.advance(10);
      };
      await put();
      await put();
      assert.equal(held(), 2);
      server.delete('a');
      await fixture.clock.advance(10);
      assert.equal(held(), 0);
      await put();
      source.disconnect();
      assert.equal(held(), 0);
      await fixture.goLive(source);
      assert.equal(held(), 1);
      server.clusterUid = 'another';
      server.delete('a');
      server.cutWatches();
      await fixture.clock.advance(60_000);
      assert.equal(held(), 0, 'another cluster answers');
      await put();
      fixture.hub.removeSource('s');
      assert.equal(held(), 0);
      const { first, next } = fixture.hub.metrics.read({ source: 's', name: 'a', metric: 'podsRunning', from: 0, limit: 1 }); // prettier-ignore
      assert.ok(first === next && first >= 4, 'numbers may be used twice');
    }),
  );
});

describe('The metrics of nodes', () => {
  trackLeaks();

  it(
    'are measured as long as somebody looks and the source is live, one request at a time',
    withHub(async (fixture) => {
      const { metered: cluster, source, server } = await metered(fixture);
      cluster.measure({}, instantIn(fixture, 0));
      const asked = async (ms: number): Promise<number> => {
        const before = cluster.requests;
        await fixture.clock.advance(ms);
        return cluster.requests - before;
      };
      assert.equal(await asked(60_000), 0, 'nobody looked');
      const first = fixture.hub.metrics.look('s');
      const second = fixture.hub.metrics.look('s');
      assert.equal(await asked(1_000), 1);
      assert.equal(await asked(150_000), 10);
      first.dispose();
      first.dispose();
      assert.equal(await asked(15_000), 1);
      second.dispose();
      assert.equal(await asked(60_000), 0);
      const third = fixture.hub.metrics.look('s');
      assert.equal(await asked(1_000), 1);
      third.dispose();
      const soon = fixture.hub.metrics.look('s');
      assert.equal(await asked(10_000), 0, 'looking away and back is no reason to ask');
      server.isDown = true;
      server.cutWatches();
      await fixture.clock.advance(10_000);
      assert.notEqual(source.status().state.type, 'live');
      assert.equal(await asked(60_000), 0, 'it is not live');
      server.isDown = false;
      await fixture.clock.advance(60_000);
      assert.equal(source.status().state.type, 'live');
      assert.equal(await asked(15_000), 1);
      fixture.hub.removeSource('s');
      assert.equal(await asked(60_000), 0);
      assert.equal(cluster.mostOpen, 1);
      soon.dispose();
    }),
  );

  it(
    'are not asked for again for minutes where they are not served or not allowed, and at once after connecting anew',
    withHub(async (fixture) => {
      const { metered: cluster, source } = await metered(fixture);
      fixture.owned.add(fixture.hub.metrics.look('s'));
      for (const status of [404, 403, 503]) {
        cluster.answer = { status, body: '' };
        source.disconnect();
        cluster.requests = 0;
        await fixture.goLive(source);
        await fixture.clock.advance(260_000);
        assert.equal(cluster.requests, 1, String(status));
        assert.deepEqual(valuesOf(fixture, 'cpuCores', 'n1'), []);
      }
      cluster.measure({ n1: ['1', '1Gi'] }, instantIn(fixture, 0));
      await fixture.clock.advance(90_000);
      assert.deepEqual(valuesOf(fixture, 'cpuCores', 'n1'), [1]);
    }),
  );

  it(
    'are asked for ever less often where the exchange fails, and a silent one is given up',
    withHub(async (fixture) => {
      const { metered: cluster } = await metered(fixture);
      const look = fixture.hub.metrics.look('s');
      cluster.answer = new KubeTransportError('closed', 'connection reset');
      await fixture.clock.advance(600_000);
      assert.ok(cluster.requests >= 4 && cluster.requests <= 6, String(cluster.requests));
      cluster.answer = 'silence';
      await fixture.clock.advance(300_000);
      assert.equal(cluster.open, 0);
      await fixture.clock.advance(300_000 - 5_000);
      cluster.measure({ n1: ['1', '1Gi'] }, instantIn(fixture, 0));
      await fixture.clock.advance(300_000);
      assert.deepEqual(valuesOf(fixture, 'cpuCores', 'n1'), [1]);
      cluster.answer = 'silence';
      for (let second = 0; second < 40 && cluster.open === 0; second += 1) {
        await fixture.clock.advance(1_000);
      }
      assert.equal(cluster.open, 1);
      look.dispose();
      assert.equal(cluster.open, 0, 'nobody looks, and it still asks');
    }),
  );

  it(
    'are those of the one persona that lists the node, and together those of the cluster',
    withHub(async (fixture) => {
      const { metered: cluster, server } = await metered(fixture);
      server.put('b', { status: { nodes: [node('n3'), node('shared')] } });
      server.put('c', { status: { nodes: [node('shared')] } });
      server.put('d', { status: { nodes: [node('n4'), node('n4')] } });
      server.put('e', { status: { nodes: [node('n5'), { ready: true }] } });
      fixture.owned.add(fixture.hub.metrics.look('s'));
      const used = {
        n1: ['1', '2Gi'],
        n2: ['3', '2Gi'],
        n3: ['1', '1'],
        n4: ['1', '1'],
        n5: ['1', '1'],
        shared: ['1', '1'],
        none: ['1', '1'],
      } as const;
      cluster.measure(used, instantIn(fixture, 0));
      await fixture.clock.advance(1_000);
      const all = (name: string, node?: string) =>
        USAGE.map((metric) => valuesOf(fixture, metric, node, name));
      assert.deepEqual(all('a'), [[50], [25], [4], [4 * 1024 ** 3]]);
      assert.deepEqual(all('a', 'n1'), [[], [], [1], [2 * 1024 ** 3]]);
      assert.deepEqual(all('b', 'n3'), [[], [], [1], [1]]);
      const none: unknown[] = USAGE.map(() => []);
      assert.deepEqual(all('b'), none, 'a node of it was not measured');
      assert.deepEqual([all('d'), all('e')], [none, none], 'which nodes it has is not clear');
      assert.deepEqual(
        [all('b', 'shared'), all('c', 'shared'), all('c'), all('a', 'none')],
        [none, none, none, none],
      );
      await fixture.clock.advance(60_000);
      assert.deepEqual(all('a', 'n1'), [[], [], [1], [2 * 1024 ** 3]], 'the same measurement twice');
      cluster.measure({ n1: ['2', 'much'], n2: ['2', '1Gi'] }, instantIn(fixture, 0));
      await fixture.clock.advance(20_000);
      assert.deepEqual(all('a'), [[50, 50], [25], [4, 4], [4 * 1024 ** 3]]);
      server.put('a', { status: { lastDiscovery: instantIn(fixture, 0), nodes: [node('n2')] } });
      await fixture.clock.advance(10);
      assert.deepEqual(all('a', 'n1'), none, 'it has left');
      assert.deepEqual(all('a', 'n2')[2], [3, 2]);
    }),
  );

  it(
    'stand in place of what the operator reports of use for as long as all of them are measured',
    withHub(async (fixture) => {
      const { metered: cluster, server } = await metered(fixture);
      const report = async (): Promise<void> => {
        server.put('a', {
          status: {
            lastDiscovery: instantIn(fixture, 0),
            nodes: [node('n1'), node('n2')],
            resourceSummary: { usedCPU: '7', usedMemory: '1Ki', runningPods: 5 },
          },
        });
        await fixture.clock.advance(1_000);
      };
      await report();
      const look = fixture.hub.metrics.look('s');
      cluster.measure({ n1: ['1', '1Gi'], n2: ['1', '1Gi'] }, instantIn(fixture, 0));
      await fixture.clock.advance(1_000);
      await report();
      assert.deepEqual(valuesOf(fixture, 'cpuCores'), [7, 2]);
      assert.deepEqual(valuesOf(fixture, 'podsRunning'), [5, 5]);
      cluster.measure({ n1: ['1', ''], n2: ['1', '1Gi'] }, instantIn(fixture, 0));
      await fixture.clock.advance(20_000);
      await report();
      assert.deepEqual(valuesOf(fixture, 'cpuCores'), [7, 2, 2]);
      assert.deepEqual(valuesOf(fixture, 'memoryBytes'), [1024, 2 * 1024 ** 3, 1024]);
      look.dispose();
      await fixture.clock.advance(120_000);
      await report();
      assert.deepEqual(valuesOf(fixture, 'cpuCores'), [7, 2, 2, 7]);
    }),
  );

  it(
    'are measured for a session that listens to them while it can be seen',
    withHub(async (fixture) => {
      const { metered: cluster } = await metered(fixture);
      cluster.measure({}, instantIn(fixture, 0));
      const { session, client } = fixture.serve({ type: 'detail', source: 's', name: 'a' });
      const raw = fixture.owned.add(new RawClient(client));
      const asked = async (): Promise<number> => {
        cluster.requests = 0;
        await fixture.clock.advance(33_000);
        return cluster.requests;
      };
      raw.ready('metric.**', 'cluster.s.*', 'metric.other.*');
      assert.equal(await asked(), 0, 'it listens to whatever there is, and looks at nothing');
      raw.send({ type: 'subscribe', id: 2, patterns: ['metric.s.*', 'metric.s.a%2FcpuCores'] });
      assert.ok((await asked()) >= 2);
      session.setVisible(false);
      assert.equal(await asked(), 0);
      session.setVisible(true);
      assert.ok((await asked()) >= 2);
      raw.send({ type: 'unsubscribe', id: 2 });
      assert.equal(await asked(), 0);
      raw.ready('metric.s.*');
      assert.ok((await asked()) >= 2);
      raw.close();
      assert.equal(await asked(), 0);
    }),
  );

  it(
    'are measured as often as the settings say, from when they say so',
    withHub(async (fixture) => {
      const changed = new Emitter<HubSettings>((error) => assert.fail(String(error)));
      fixture.owned.add(changed);
      const { clock, random, logger } = fixture;
      const settings = { current: DEFAULT_HUB_SETTINGS, onChanged: changed.event };
      const hub = new Hub({ clock, random, logger, settings });
      const cluster = new MeteredServer();
      cluster.measure({}, instantIn(fixture, 0));
      const open = () => Promise.resolve({ fetch: cluster.fetch, dispose: () => {} });
      const source = hub.addSource({ id: 's', kind: 'kubeconfig', label: 's', open });
      source.connect();
      const look = hub.metrics.look('s');
      await fixture.clock.advance(2_000);
      assert.equal(cluster.requests, 1);
      settings.current = { ...settings.current, metrics: { ...settings.current.metrics, sampleMs: 2_000 } };
      changed.fire(settings.current);
      await fixture.clock.advance(10_000);
      assert.ok(cluster.requests >= 5, String(cluster.requests));
      look.dispose();
      hub.dispose();
    }),
  );

  it(
    'of the demo cluster are living charts of the cluster that it runs in',
    withHub(async (fixture) => {
      await fixture.goLive(fixture.addDemo());
      fixture.owned.add(fixture.hub.metrics.look('demo'));
      await fixture.clock.advance(600_000);
      const home = 'eu-west-1';
      const nodes = fixture.hub.source('demo')?.persona(home)?.status?.nodes ?? [];
      for (const { name, ready } of nodes) {
        const cores = valuesOf(fixture, 'cpuCores', name, home, 'demo');
        assert.ok(ready === false ? cores.length < 40 : new Set(cores).size > 20, `${name}: ${cores.length}`);
      }
      assert.ok(nodes.some(({ ready }) => ready));
      for (const metric of METRICS) {
        const values = valuesOf(fixture, metric, undefined, home, 'demo');
        assert.ok(values.length > 20, `${metric}: ${values.length}`);
      }
      assert.deepEqual(valuesOf(fixture, 'cpuPercent', undefined, 'us-east-1', 'demo'), []);
    }),
  );
});
