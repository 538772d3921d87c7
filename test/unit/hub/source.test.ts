import assert from 'node:assert/strict';
import { Source, type SourceConnection } from '../../../src/hub/source';
import { RelistPacer } from '../../../src/informer/relistPacer';
import type { InitialState } from '../../../src/informer/initialState';
import { ProblemError } from '../../../src/protocol/problem';
import { FaultServer } from '../../support/faultServer/faultServer';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from './hubFixture';

/** A way to a cluster whose opening a test decides about. */
class Opening {
  readonly signal: AbortSignal;
  readonly opened: Promise<SourceConnection>;
  #settle: { resolve(connection: SourceConnection): void; reject(error: unknown): void } | undefined;
  disposals = 0;

  constructor(signal: AbortSignal) {
    this.signal = signal;
    this.opened = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  succeed(server: FaultServer, options: { readonly initialState?: InitialState } = {}): void {
    this.#settle?.resolve({ ...options, fetch: server.fetch, dispose: () => (this.disposals += 1) });
  }

  fail(error: unknown): void {
    this.#settle?.reject(error);
  }
}

/** A source whose openings wait for the test. */
function slowSource({ clock, random, logger, owned }: HubFixture) {
  const openings: Opening[] = [];
  const states: string[] = [];
  const source = new Source(
    {
      id: 's',
      kind: 'kubeconfig',
      label: 'slow',
      open: (signal) => {
        const opening = new Opening(signal);
        openings.push(opening);
        return opening.opened;
      },
    },
    { clock, random, logger, epoch: 'test', relists: new RelistPacer(clock) },
  );
  owned.add(source);
  owned.add(source.onStateChanged((state) => states.push(state.type)));
  const opening = (index: number): Opening => openings[index] ?? assert.fail(`no opening ${index}`);
  return { source, openings, opening, states };
}

describe('a source', () => {
  trackLeaks();

  it(
    'fails when its way cannot be opened, and opens it anew when it is to try again',
    withHub(async (fixture) => {
      const { source, openings, opening, states } = slowSource(fixture);
      const problem = { code: 'consent', detail: 'not allowed' } as const;
      source.connect();
      source.connect();
      opening(0).fail(new ProblemError(problem));
      await fixture.clock.settle();
      assert.deepEqual(source.status().state, { type: 'failed', problem });
      assert.deepEqual(states, ['connecting', 'failed']);
      await fixture.clock.advance(3_600_000);
      assert.equal(openings.length, 1, 'it was tried again by itself');

      source.retryNow();
      assert.equal(openings.length, 2);
      const server = new FaultServer();
      opening(1).succeed(server);
      await fixture.clock.advance(100);
      assert.deepEqual(states.slice(2, 4), ['idle', 'connecting']);
      assert.equal(source.status().state.type, 'live');
      source.disconnect();
      assert.equal(opening(1).disposals, 1);
    }),
  );

  it(
    'is not revived by a way that opens, or fails to open, after it was disconnected',
    withHub(async (fixture) => {
      const { source, opening, states } = slowSource(fixture);
      const server = new FaultServer();
      source.connect();
      source.disconnect();
      source.connect();
      source.disconnect();
      assert.ok(opening(0).signal.aborted && opening(1).signal.aborted);
      opening(0).succeed(server);
      opening(1).fail(new ProblemError({ code: 'tls', detail: 'late' }));
      await fixture.clock.settle();
      assert.equal(opening(0).disposals, 1);
      assert.equal(server.requests.length, 0);
      assert.deepEqual(states, ['connecting', 'idle', 'connecting', 'idle']);
      assert.equal(source.isConnected, false);
    }),
  );

  it(
    'follows the way of its latest connection when an earlier one opens late',
    withHub(async (fixture) => {
      const { source, opening } = slowSource(fixture);
      const [late, current] = [new FaultServer(), new FaultServer()];
      source.connect();
      source.disconnect();
      source.connect();
      opening(1).succeed(current);
      await fixture.clock.advance(100);
      opening(0).succeed(late);
      await fixture.clock.settle();
      assert.equal(source.status().state.type, 'live');
      assert.equal(source.fetch(), current.fetch);
      assert.equal(late.requests.length, 0);
    }),
  );

  it(
    'has a way to its cluster only while it is connected',
    withHub(async (fixture) => {
      const { source, opening } = slowSource(fixture);
      const isClosed = (error: unknown): boolean =>
        error instanceof ProblemError && error.problem.code === 'closed';
      assert.throws(() => source.fetch(), isClosed);
      source.connect();
      assert.throws(() => source.fetch(), isClosed);
      const server = new FaultServer();
      opening(0).succeed(server);
      await fixture.clock.settle();
      assert.equal(source.fetch(), server.fetch);
      source.disconnect();
      assert.throws(() => source.fetch(), isClosed);
    }),
  );

  it(
    'has its initial state in the way that its connection says',
    withHub(async (fixture) => {
      for (const [index, initialState] of (['list', 'watchList'] as const).entries()) {
        const { source, opening } = slowSource(fixture);
        const server = new FaultServer();
        source.connect();
        opening(0).succeed(server, { initialState });
        await fixture.clock.advance(100);
        assert.equal(source.status().state.type, 'live');
        assert.equal(server.count('list'), 1 - index);
      }
    }),
  );

  it(
    'says after a disconnect how old its last data was, and no longer that it knows what exists',
    withHub(async (fixture) => {
      const { source, opening } = slowSource(fixture);
      assert.equal(source.status().asOf, undefined);
      source.connect();
      opening(0).succeed(new FaultServer());
      await fixture.clock.advance(100);
      const { asOf } = source.status();
      assert.ok(asOf !== undefined && source.hasBeenRead);
      source.disconnect();
      await fixture.clock.advance(60_000);
      assert.equal(source.status().asOf, asOf);
      assert.equal(source.hasBeenRead, false);
    }),
  );

  it(
    'is asked for signs of life more often while somebody looks',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a');
      const probesIn = async (ms: number): Promise<number> => {
        const before = server.count('probe');
        await fixture.clock.advance(ms);
        return server.count('probe') - before;
      };
      assert.equal(await probesIn(80_000), 0);
      const looks = [source.look(), source.look()];
      await fixture.clock.settle();
      // One at once, since the silence is long by now; then one every 15 s.
      assert.equal(await probesIn(61_000), 5);
      looks[0]?.dispose();
      looks[0]?.dispose();
      assert.equal(await probesIn(60_000), 4);
      looks[1]?.dispose();
      assert.equal(await probesIn(60_000), 0);
    }),
  );

  it(
    'knows that somebody looks from before it was connected',
    withHub(async (fixture) => {
      const server = new FaultServer();
      const source = fixture.addServer(server);
      const looking = source.look();
      await fixture.goLive(source);
      await fixture.clock.advance(60_000);
      assert.ok(server.count('probe') >= 3, `${server.count('probe')} probes in a minute`);
      looking.dispose();
    }),
  );

  it(
    'counts the personas that somebody should look at, change by change',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer();
      const phase = (value: string) => ({ status: { phase: value } });
      const counts: number[] = [];
      fixture.owned.add(source.onPersonaChanged(() => counts.push(source.unhealthyCount)));
      server.put('a', phase('Ready'));
      server.put('b', phase('Degraded'));
      server.put('c');
      server.put('a', phase('Degraded'));
      server.put('a', phase('Degraded'));
      server.put('b', phase('Ready'));
      server.put('b', phase('Degraded'));
      server.delete('b');
      server.delete('c');
      await fixture.clock.settle();
      assert.deepEqual(counts, [0, 1, 1, 2, 2, 1, 2, 1, 1]);
      source.disconnect();
      assert.equal(source.unhealthyCount, 0);
      await fixture.goLive(source);
      assert.equal(source.unhealthyCount, 1);
    }),
  );

  it(
    'counts for the demo cluster what a walk over its rows would count',
    withHub(async (fixture) => {
      const source = fixture.addDemo();
      await fixture.goLive(source);
      const seen = new Set<number>();
      for (let minute = 0; minute < 30; minute += 1) {
        await fixture.clock.advance(60_000);
        const unhealthy = [...source.rows()].filter(
          ({ health }) => health === 'warning' || health === 'error',
        );
        assert.equal(source.unhealthyCount, unhealthy.length);
        seen.add(unhealthy.length);
      }
      assert.ok(seen.size > 1, 'the count never changed');
    }),
  ).timeout(20_000);

  it(
    'keeps what it holds, and says since when, while its cluster is away',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a', 'b');
      const asOf = source.status().asOf ?? assert.fail();
      server.isDown = true;
      server.cutWatches();
      await fixture.clock.advance(60_000);
      const status = source.status();
      assert.deepEqual([status.state.type, status.count], ['reconnecting', 2]);
      assert.ok(status.asOf !== undefined && status.asOf >= asOf && status.asOf < asOf + 1_000);
      assert.deepEqual(
        [...source.rows()].map(({ name }) => name),
        ['a', 'b'],
      );
      server.isDown = false;
      source.retryNow();
      await fixture.clock.advance(100);
      assert.equal(source.status().state.type, 'live');
    }),
  );

  it(
    'forgets what it held when another cluster answers at its address: nothing was deleted',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a', 'b');
      const { version } = fixture.hub.listClusters({ source: 's' });
      const told: string[] = [];
      fixture.owned.add(source.onPersonaChanged(({ type, name }) => told.push(`${type} ${name}`)));
      await fixture.clock.advance(2_000);
      server.deafenWatches();
      server.delete('a');
      server.clusterUid = 'cluster-b';
      fixture.takeEvents();
      server.cutWatches();
      await fixture.clock.advance(1_000);
      assert.equal(source.status().state.type, 'live');
      assert.deepEqual(told, ['forgotten a', 'forgotten b', 'added b']);
      const events = fixture.takeEvents().filter((event) => event.startsWith('cluster.'));
      assert.deepEqual(events, ['cluster.updated a', 'cluster.updated b', 'cluster.added b']);
      const { rows, removed } = fixture.hub.listClusters({ source: 's', since: version });
      assert.deepEqual([rows.map(({ name }) => name), removed.map(({ name }) => name)], [['b'], ['a']]);
      assert.equal(source.unhealthyCount, 0);
    }),
  );
});
