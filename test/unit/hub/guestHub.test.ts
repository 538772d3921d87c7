import assert from 'node:assert/strict';
import { clusterTopic } from '../../../src/protocol/topics';
import { FaultServer } from '../../support/faultServer/faultServer';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from './hubFixture';
import { RawClient } from './rawClient';
import { ScriptedGuest } from './scriptedGuest';

/** Two live sources, `s` with a and `hidden` with x, and a client of whom the guest is. */
async function served(fixture: HubFixture, guest: ScriptedGuest) {
  const { server } = await fixture.liveServer('a');
  const hidden = new FaultServer();
  hidden.put('x');
  await fixture.goLive(fixture.addServer(hidden, 'hidden'));
  const client = fixture.owned.add(new RawClient(fixture.serve(undefined, guest).client));
  client.ready('**');
  await fixture.clock.advance(2_000);
  client.take();
  const ask = async (method: string, params: unknown = {}): Promise<number> => {
    const id = client.request(method, params);
    await fixture.clock.settle();
    return id;
  };
  return { server, hidden, client, ask };
}

/** What was told, without what says nothing of names. */
function told(client: RawClient): string[] {
  return client
    .take()
    .flatMap((message) =>
      message.type === 'events'
        ? message.events.map(({ type, data }) =>
            'source' in data ? `${type} ${data.source}${'name' in data ? ` ${data.name}` : ''}` : type,
          )
        : message.type === 'recovered'
          ? [`recovered ${message.ok}`]
          : [],
    );
}

describe('what a guest may know of a hub', () => {
  trackLeaks();

  it(
    'is nothing of a source that they may not see but that it is there and refuses',
    withHub(async (fixture) => {
      const { client, ask } = await served(fixture, new ScriptedGuest('s personas'));
      const { sources } = client.resultOf(await ask('sources.list'), 'sources.list');
      assert.deepEqual(
        sources.map(({ source, state, count }) => [source, state.type, count]),
        [
          ['s', 'live', 1],
          ['hidden', 'forbidden', 0],
        ],
      );
      assert.deepEqual(sources[1], {
        source: 'hidden',
        kind: 'kubeconfig',
        label: 'hidden',
        count: 0,
        state: {
          type: 'forbidden',
          retryAt: 1_234,
          problem: { code: 'forbidden', detail: 'said by the test' },
        },
      });
      const status = client.resultOf(await ask('sources.get', { source: 'hidden' }), 'sources.get');
      assert.deepEqual(status, sources[1]);
      const { rows } = client.resultOf(await ask('clusters.list'), 'clusters.list');
      assert.deepEqual(
        rows.map(({ name }) => name),
        ['a'],
      );
      const { alerts, unwatched } = client.resultOf(await ask('alerts.list'), 'alerts.list');
      const counts = client.resultOf(await ask('alerts.counts'), 'alerts.counts');
      assert.ok(
        [...counts.counts.map(({ source }) => source), ...counts.unwatched].every((id) => id === 's'),
      );
      assert.ok([...alerts.map(({ source }) => source), ...unwatched].every((source) => source === 's'));
    }),
  );

  const key = { source: 'hidden', name: 'x' };
  for (const [method, params] of [
    ['clusters.list', { source: 'hidden' }],
    ['clusters.objects', { source: 'hidden', limit: 10 }],
    ['clusters.get', key],
    ['changes.get', key],
    ['changes.markSeen', { ...key, until: 0 }],
    ['changes.dismiss', { ...key, until: 0 }],
    ['alerts.list', { source: 'hidden' }],
    ['components.list', key],
    ['metrics.read', { ...key, metric: 'podsRunning', from: 0, limit: 10 }],
    ['metrics.read', { source: 's', name: 'a', metric: 'podsRunning', from: 0, limit: 10 }],
    ['pods.list', { source: 's', namespace: 'shop' }],
    ['logs.open', { source: 's', namespace: 'shop', pod: 'cart' }],
  ] as const) {
    it(
      `is no answer to ${method} of ${JSON.stringify(params)}`,
      withHub(async (fixture) => {
        const { client, ask } = await served(fixture, new ScriptedGuest('s personas'));
        assert.equal(client.problemOf(await ask(method, params)), 'forbidden');
      }),
    );
  }

  it(
    'is nothing while nobody can say what they may, which is said',
    withHub(async (fixture) => {
      const guest = new ScriptedGuest();
      guest.code = 'unreachable';
      const { client, ask } = await served(fixture, guest);
      const { sources } = client.resultOf(await ask('sources.list'), 'sources.list');
      assert.deepEqual(
        sources.map(({ state }) => state.type),
        ['reconnecting', 'reconnecting'],
      );
      assert.equal(client.problemOf(await ask('clusters.get', { source: 's', name: 'a' })), 'unreachable');
      assert.deepEqual(client.resultOf(await ask('clusters.list'), 'clusters.list').rows, []);
    }),
  );

  it(
    'is told of events in what they may see, and of no name in anything else',
    withHub(async (fixture) => {
      const { server, hidden, client } = await served(fixture, new ScriptedGuest('s personas'));
      server.put('b');
      hidden.put('y');
      hidden.delete('x');
      await fixture.clock.advance(1_000);
      const heard = told(client);
      assert.ok(heard.includes('cluster.added s b'), heard.join());
      assert.ok(
        heard.every((event) => !event.includes('hidden')),
        heard.join(),
      );
    }),
  );

  it(
    'ends when a right is lost: the source refuses, everything is to be asked again, and the rest goes on',
    withHub(async (fixture) => {
      const guest = new ScriptedGuest('s personas', 'hidden personas');
      const { server, hidden, client, ask } = await served(fixture, guest);
      const { version } = client.resultOf(await ask('clusters.list'), 'clusters.list');
      client.take();
      guest.lose('hidden', 'personas');
      hidden.put('y');
      server.put('b');
      await fixture.clock.advance(1_000);
      const heard = told(client);
      assert.ok(heard.includes('connection.state hidden') && heard.includes('recovered false'), heard.join());
      assert.ok(
        heard.includes('cluster.added s b') && !heard.includes('cluster.added hidden y'),
        heard.join(),
      );
      const list = client.resultOf(await ask('clusters.list', { since: version }), 'clusters.list');
      assert.deepEqual([list.reset, list.rows.map(({ name }) => name)], [true, ['a', 'b']]);
      assert.equal(client.problemOf(await ask('clusters.get', { source: 'hidden', name: 'x' })), 'forbidden');
      const since = client.resultOf(await ask('clusters.list', { since: list.version }), 'clusters.list');
      assert.deepEqual([since.reset, since.rows], [false, []]);
    }),
  );

  it(
    'is more when a right is granted, and everything is to be asked again',
    withHub(async (fixture) => {
      const guest = new ScriptedGuest('s personas');
      const { hidden, client, ask } = await served(fixture, guest);
      const { version } = client.resultOf(await ask('clusters.list'), 'clusters.list');
      client.take();
      guest.allow('hidden', 'personas');
      await fixture.clock.advance(100);
      assert.ok(told(client).includes('recovered false'));
      const list = client.resultOf(await ask('clusters.list', { since: version }), 'clusters.list');
      assert.deepEqual(list.rows.map(({ name }) => name).toSorted(), ['a', 'x']);
      client.take();
      hidden.put('y');
      await fixture.clock.advance(100);
      assert.ok(told(client).includes('cluster.added hidden y'));
    }),
  );

  it(
    'does not leave what waited to be sent when the right was lost',
    withHub(async (fixture) => {
      const guest = new ScriptedGuest('s personas', 'hidden personas');
      const { hidden } = await served(fixture, guest);
      const slow = fixture.owned.add(
        new RawClient(fixture.serve(undefined, guest).client, { givesBack: false }),
      );
      slow.ready('cluster.**');
      await fixture.clock.settle();
      for (let count = 0; count < 9; count += 1) {
        hidden.put(`y${count}`);
        await fixture.clock.advance(100);
      }
      assert.ok(!told(slow).includes('cluster.added hidden y8'), 'it was sent before');
      guest.lose('hidden', 'personas');
      slow.send({ type: 'flow', credits: 8 });
      await fixture.clock.advance(1_000);
      const heard = told(slow);
      assert.ok(
        heard.includes('recovered false') && !heard.some((event) => /hidden y/.test(event)),
        heard.join(),
      );
    }),
  );

  it(
    'cannot be resumed from by somebody who was told of other sources',
    withHub(async (fixture) => {
      const before = await served(fixture, new ScriptedGuest('s personas'));
      before.server.put('b');
      await fixture.clock.advance(100);
      const cursor = before.client.takeFrames().flat().at(-1)?.cursor;
      assert.ok(cursor !== undefined && cursor !== '');
      const resumed = async (...rights: readonly string[]): Promise<string[]> => {
        const client = fixture.owned.add(
          new RawClient(fixture.serve(undefined, new ScriptedGuest(...rights)).client),
        );
        client.ready();
        client.send({ type: 'subscribe', id: 1, patterns: ['cluster.**'], cursors: [cursor] });
        await fixture.clock.advance(100);
        return told(client);
      };
      assert.deepEqual(await resumed('s personas'), ['recovered true']);
      assert.deepEqual(await resumed('s personas', 'hidden personas'), ['recovered false']);
      assert.deepEqual(await resumed(), ['recovered false']);
    }),
  );

  it(
    'ends a log whose right is lost, also for what was read of it',
    withHub(async (fixture) => {
      const guest = new ScriptedGuest('demo personas', 'demo pods', 'demo logs');
      await fixture.goLive(fixture.addDemo());
      const { client, ask } = await served(fixture, guest);
      const { pods } = client.resultOf(
        await ask('pods.list', { source: 'demo', namespace: 'argocd' }),
        'pods.list',
      );
      const [pod] = pods;
      const target = { source: 'demo', namespace: 'argocd', pod: pod?.name, container: pod?.containers[0] };
      const { stream } = client.resultOf(await ask('logs.open', target), 'logs.open');
      await fixture.clock.advance(5_000);
      const read = { stream, from: 0, limit: 10 };
      const { lines, state } = client.resultOf(await ask('logs.read', read), 'logs.read');
      assert.ok(lines.length > 0 && state.type === 'following');
      client.take();
      guest.lose('demo', 'logs');
      await fixture.clock.advance(1_000);
      assert.ok(told(client).includes('log.appended demo'));
      assert.equal(client.problemOf(await ask('logs.read', read)), 'forbidden');
      fixture.hub.source('demo')?.retryNow();
      await fixture.clock.advance(60_000);
      assert.equal(client.problemOf(await ask('logs.read', read)), 'forbidden');
      assert.equal(client.problemOf(await ask('logs.open', target)), 'forbidden');
    }),
  );

  it(
    'has figures measured for them only where they may know them',
    withHub(async (fixture) => {
      const guest = new ScriptedGuest('demo personas');
      await fixture.goLive(fixture.addDemo());
      const looked: string[] = [];
      const { metrics } = fixture.hub;
      const look = metrics.look.bind(metrics);
      metrics.look = (source) => {
        looked.push(source);
        return look(source);
      };
      const client = fixture.owned.add(new RawClient(fixture.serve(undefined, guest).client));
      client.ready('metric.demo.*', clusterTopic('demo', 'a'));
      await fixture.clock.advance(100);
      assert.deepEqual(looked, []);
      guest.allow('demo', 'metrics');
      assert.deepEqual(looked, ['demo']);
      const [row] = fixture.hub.listClusters({}).rows;
      await fixture.clock.advance(60_000);
      const read = client.request('metrics.read', {
        source: 'demo',
        name: row?.name,
        metric: 'podsRunning',
        from: 0,
        limit: 10,
      });
      await fixture.clock.settle();
      assert.ok(client.resultOf(read, 'metrics.read').points.length > 0);
    }),
  );
});
