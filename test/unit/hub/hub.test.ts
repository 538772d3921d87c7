import assert from 'node:assert/strict';
import { ProblemError, type ProblemCode } from '../../../src/protocol/problem';
import { FaultServer } from '../../support/faultServer/faultServer';
import { trackLeaks } from '../../support/leakTracker';
import { withHub } from './hubFixture';

function throwsProblem(ask: () => unknown, code: ProblemCode): void {
  assert.throws(ask, (error) => error instanceof ProblemError && error.problem.code === code);
}

describe('the hub', () => {
  trackLeaks();

  it(
    'lists every persona of the demo cluster, and afterwards what changed since',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      const source = fixture.addDemo();
      await fixture.goLive(source);
      const full = hub.listClusters({});
      assert.equal(full.reset, true);
      assert.equal(full.rows.length, source.status().count);
      assert.ok(full.rows.length > 5);
      assert.deepEqual(hub.listClusters({ since: full.version }), {
        rows: [],
        removed: [],
        version: full.version,
        reset: false,
      });
      const held = new Map(full.rows.map((row) => [row.name, row]));
      let { version } = full;
      let changes = 0;
      for (let minute = 0; minute < 10; minute += 1) {
        await clock.advance(60_000);
        const answer = hub.listClusters({ since: version });
        assert.equal(answer.reset, false);
        for (const { name } of answer.removed) {
          held.delete(name);
        }
        for (const row of answer.rows) {
          held.set(row.name, row);
        }
        changes += answer.rows.length;
        ({ version } = answer);
        assert.deepEqual(new Set(held.values()), new Set(source.rows()));
      }
      assert.ok(changes > 0, 'the demo cluster changed nothing');
    }),
  ).timeout(20_000);

  it(
    'lists one source alone when asked so',
    withHub(async (fixture) => {
      const { hub } = fixture;
      await fixture.liveServer('a');
      const other = new FaultServer();
      other.put('b');
      await fixture.goLive(fixture.addServer(other, 't'));
      const names = (source?: string): string[] =>
        hub
          .listClusters(source === undefined ? {} : { source })
          .rows.map((row) => `${row.source}/${row.name}`);
      assert.deepEqual(names(), ['s/a', 't/b']);
      assert.deepEqual(names('t'), ['t/b']);
      assert.deepEqual(names('nowhere'), []);
      const { version } = hub.listClusters({});
      other.put('c');
      other.delete('b');
      await fixture.clock.settle();
      assert.deepEqual(hub.listClusters({ source: 's', since: version }).removed, []);
      const { rows, removed } = hub.listClusters({ source: 't', since: version });
      assert.deepEqual([rows.map(({ name }) => name), removed], [['c'], [{ source: 't', name: 'b' }]]);
    }),
  );

  it(
    'lists several sources, and those alone that fit a filter, and tells what does not fit any more as gone',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      const { server } = await fixture.liveServer();
      const put = async (name: string, environment: string): Promise<void> => {
        server.put(name, { spec: { name: `The ${name}`, environment } });
        await clock.settle();
      };
      await put('a', 'production');
      await put('b', 'staging');
      const other = new FaultServer();
      other.put('c');
      await fixture.goLive(fixture.addServer(other, 't'));
      await fixture.goLive(fixture.addServer(new FaultServer(), 'u'));
      const namesOf = (params: Parameters<typeof hub.listClusters>[0]): string[] =>
        hub.listClusters(params).rows.map(({ name }) => name);
      assert.deepEqual(namesOf({ source: ['t', 'u'] }), ['c']);
      assert.deepEqual(namesOf({ source: ['s', 't'] }), ['a', 'b', 'c']);
      assert.deepEqual(namesOf({ source: [] }), []);
      assert.deepEqual(namesOf({ filter: { environment: ['production', 'staging'] } }), ['a', 'b']);
      assert.deepEqual(namesOf({ filter: { environment: ['production'], name: 'the B' } }), []);
      assert.deepEqual(namesOf({ filter: { name: 'THE B' } }), ['b']);
      assert.deepEqual(namesOf({ filter: { phase: ['Ready'] } }), []);
      const [row] = hub.listClusters({ source: 't' }).rows;
      assert.ok(row !== undefined);
      assert.deepEqual(namesOf({ source: 't', filter: { phase: [row.phase], health: [row.health] } }), ['c']);
      const filter = { environment: ['production' as const] };
      const { version } = hub.listClusters({ filter });
      await put('a', 'staging');
      await put('b', 'production');
      const { rows, removed } = hub.listClusters({ filter, since: version });
      assert.deepEqual([rows.map(({ name }) => name), removed], [['b'], [{ source: 's', name: 'a' }]]);
    }),
  );

  it(
    'gives an object whole, says when it is gone, and does not know before the list is there',
    withHub(async (fixture) => {
      const { hub } = fixture;
      const get = (source: string, name: string) => hub.getCluster({ source, name });
      throwsProblem(() => get('s', 'a'), 'closed');
      throwsProblem(() => hub.status('s'), 'notFound');

      const server = new FaultServer();
      server.put('a', { spec: { name: 'A', novel: [1] } });
      server.playAlways('list', { type: 'hang' });
      const source = fixture.addServer(server);
      throwsProblem(() => get('s', 'a'), 'closed');
      source.connect();
      await fixture.clock.advance(100);
      throwsProblem(() => get('s', 'a'), 'closed');

      server.forgetPlays();
      source.retryNow();
      await fixture.clock.advance(100);
      assert.deepEqual(get('s', 'a').object, server.collection.get('a'));
      throwsProblem(() => get('s', 'b'), 'notFound');

      server.delete('a');
      await fixture.clock.settle();
      throwsProblem(() => get('s', 'a'), 'notFound');
      hub.disconnect('s');
      throwsProblem(() => get('s', 'a'), 'closed');
      assert.equal(hub.status('s').state.type, 'idle');
    }),
  );

  it(
    'tells a change after it took effect, and never how the object looks',
    withHub(async (fixture) => {
      const { hub, owned, clock } = fixture;
      const { server } = await fixture.liveServer('a');
      fixture.takeEvents();
      const seen: string[] = [];
      owned.add(
        hub.onEvent((event) => {
          if (event.type.startsWith('cluster.') && 'name' in event.data && event.data.name !== undefined) {
            const object = hub.source('s')?.object(event.data.name);
            seen.push(`${event.type} ${object?.metadata.name ?? 'gone'}`);
          }
        }),
      );
      server.put('b', { spec: { name: 'secret' } });
      server.put('a');
      server.delete('a');
      await clock.settle();
      const told = fixture.events.filter(({ type }) => type !== 'connection.state');
      assert.deepEqual(
        told.map(({ type, data }) => [type, data]),
        [
          ['cluster.added', { source: 's', name: 'b' }],
          ['cluster.updated', { source: 's', name: 'a' }],
          ['cluster.deleted', { source: 's', name: 'a' }],
        ],
      );
      assert.deepEqual(seen, ['cluster.added b', 'cluster.updated a', 'cluster.deleted gone']);
      assert.equal(new Set(told.map(({ cursor }) => cursor)).size, 3);
      assert.ok(!JSON.stringify(told).includes('secret'));
    }),
  );

  it(
    'has whoever shows a persona ask again when its source is disconnected, and tells no deletion',
    withHub(async (fixture) => {
      const { hub } = fixture;
      await fixture.liveServer('a', 'b');
      const { version } = hub.listClusters({});
      fixture.takeEvents();
      hub.disconnect('s');
      assert.deepEqual(fixture.takeEvents(), [
        'connection.state s',
        'cluster.updated a',
        'cluster.updated b',
      ]);
      const { rows, removed, reset } = hub.listClusters({ since: version });
      assert.deepEqual([rows, removed.map(({ name }) => name), reset], [[], ['a', 'b'], false]);
      hub.disconnect('s');
      hub.disconnect('nowhere');
      assert.deepEqual(fixture.takeEvents(), []);
    }),
  );

  it(
    'forgets a persona whose deletion was still to be told when its source was disconnected',
    withHub(async (fixture) => {
      const { hub, owned, clock } = fixture;
      const { server } = await fixture.liveServer('a', 'b', 'c');
      const { version } = hub.listClusters({});
      server.deafenWatches();
      server.delete('a');
      server.delete('b');
      server.collection.compact();
      fixture.takeEvents();
      // A relist finds both gone, and is interrupted between the first deletion and the second.
      owned.add(
        hub.onEvent(({ type }) => {
          if (type === 'cluster.deleted') {
            hub.disconnect('s');
          }
        }),
      );
      server.cutWatches();
      await clock.advance(5_000);
      const told = fixture.takeEvents().filter((text) => text.startsWith('cluster'));
      assert.deepEqual(told, ['cluster.deleted a', 'cluster.updated b', 'cluster.updated c']);
      assert.deepEqual(
        hub.listClusters({ since: version }).removed.map(({ name }) => name),
        ['a', 'b', 'c'],
      );
    }),
  );

  it(
    'removes a source with all it held, and takes another one under its name',
    withHub(async (fixture) => {
      const { hub, owned } = fixture;
      const { server } = await fixture.liveServer('a');
      let sourceChanges = 0;
      owned.add(hub.onSourcesChanged(() => (sourceChanges += 1)));
      fixture.takeEvents();
      assert.throws(() => fixture.addServer(server), /there already/);
      hub.removeSource('s');
      hub.removeSource('s');
      assert.deepEqual(fixture.takeEvents(), [
        'connection.state s',
        'cluster.updated a',
        'connection.state s',
      ]);
      assert.deepEqual([hub.sources(), hub.statuses(), hub.listClusters({}).rows], [[], [], []]);
      assert.equal(sourceChanges, 1);
      await fixture.goLive(fixture.addServer(server));
      assert.equal(sourceChanges, 2);
      assert.equal(hub.listClusters({}).rows.length, 1);
      assert.ok(fixture.takeEvents().includes('cluster.added a'));
    }),
  );

  it(
    'announces proof of life at once and then once a second at most, the last one included',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      await fixture.clock.advance(5_000);
      fixture.takeEvents();
      const asOfs: (number | undefined)[] = [];
      fixture.owned.add(fixture.hub.onEvent(() => asOfs.push(fixture.hub.status('s').asOf)));
      for (let tenth = 0; tenth < 25; tenth += 1) {
        server.bookmark();
        await fixture.clock.settle();
        await fixture.clock.advance(100);
      }
      const lastProofMs = fixture.clock.now() - 100;
      await fixture.clock.advance(5_000);
      assert.deepEqual(
        fixture.takeEvents(),
        Array.from({ length: 4 }, () => 'connection.state s'),
      );
      assert.equal(asOfs.at(-1), lastProofMs);
    }),
  );

  it(
    'serves its other listeners when one fails, and leaves a line in the log',
    withHub(async (fixture) => {
      fixture.owned.add(
        fixture.hub.onEvent(() => {
          throw new Error('a listener’s own fault');
        }),
      );
      await fixture.liveServer('a');
      assert.ok(fixture.takeEvents().includes('cluster.added a'));
      assert.ok(fixture.logged.some((line) => line.includes('a listener’s own fault')));
    }),
  );

  it(
    'releases everything when it is disposed in the middle of its work, and tells nothing any more',
    withHub(async (fixture) => {
      const { hub, clock, demos } = fixture;
      await fixture.goLive(fixture.addDemo('one'));
      fixture.addDemo('two').connect();
      const looking = hub.source('one')?.look();
      await clock.advance(30_000);
      assert.ok(clock.pendingTimers > 0);
      assert.ok(demos.some(({ openBodyCount }) => openBodyCount > 0));
      fixture.takeEvents();
      hub.dispose();
      looking?.dispose();
      await clock.settle();
      assert.equal(clock.pendingTimers, 0);
      assert.deepEqual(
        demos.map(({ openBodyCount }) => openBodyCount),
        [0, 0],
      );
      assert.deepEqual(fixture.takeEvents(), []);
    }),
  );

  it(
    'has its sources list anew one after the other, 10 a second, when all of them have to',
    withHub(async (fixture) => {
      const servers = Array.from({ length: 30 }, () => new FaultServer());
      const listedAt: number[] = [];
      for (const [index, server] of servers.entries()) {
        server.put('a');
        const source = fixture.addServer(server, `s${index}`, (path, request) => {
          if (path.includes('limit=500')) {
            listedAt.push(fixture.clock.monotonic());
          }
          return server.fetch(path, request);
        });
        source.connect();
      }
      await fixture.clock.advance(100);
      assert.equal(listedAt.splice(0).length, 30, 'the first lists do not wait');
      for (const server of servers) {
        server.put('b');
        server.collection.compact();
        server.isDown = true;
        server.cutWatches();
      }
      await fixture.clock.advance(20_000);
      for (const server of servers) {
        server.isDown = false;
      }
      for (const source of fixture.hub.sources()) {
        source.retryNow();
      }
      await fixture.clock.advance(60_000);
      assert.equal(listedAt.length, 30, 'one list each');
      for (const [index, at] of listedAt.entries()) {
        assert.ok(at - (listedAt[index - 10] ?? Number.NEGATIVE_INFINITY) >= 1_000);
      }
      assert.ok(fixture.hub.statuses().every(({ state, count }) => state.type === 'live' && count === 2));
    }),
  );

  it(
    'has the source go first that the user wants to see, however many others have to list anew',
    withHub(async (fixture) => {
      const servers = Array.from({ length: 200 }, () => new FaultServer());
      for (const [index, server] of servers.entries()) {
        server.put('a');
        fixture.addServer(server, `s${index}`).connect();
      }
      await fixture.clock.advance(100);
      for (const server of servers) {
        server.put('b');
        server.collection.compact();
        server.cutWatches();
      }
      await fixture.clock.advance(2_000);
      const waiting = fixture.hub.sources().findLast((source) => source.status().count === 1);
      assert.ok(waiting !== undefined && waiting.status().state.type !== 'live');
      waiting.retryNow();
      await fixture.clock.advance(300);
      assert.equal(waiting.status().count, 2);
      await fixture.clock.advance(60_000);
      assert.ok(fixture.hub.statuses().every(({ state, count }) => state.type === 'live' && count === 2));
    }),
  );
});
