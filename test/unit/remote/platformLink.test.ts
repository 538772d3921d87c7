import assert from 'node:assert/strict';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { Hub } from '../../../src/hub/hub';
import type { Source } from '../../../src/hub/source';
import { PlatformLink } from '../../../src/remote/platformLink';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import type { HttpAnswer } from '../../../src/transport/web/httpFetch';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { ScriptedCredentials } from '../transport/scriptedCredentials';
import { json, never, ScriptedHttp, text } from '../transport/scriptedHttp';
import { ScriptedSockets } from '../transport/scriptedSocket';

function rethrow(error: unknown): never {
  throw error;
}

/** A platform in the hands of a test, followed by a hub. */
class Fixture {
  readonly clock = new FakeClock();
  readonly sockets = new ScriptedSockets();
  readonly server = new ScriptedHttp();
  readonly clusters = new Map<string, object>();
  readonly told: string[] = [];
  readonly owned = new DisposableStore();
  readonly hub: Hub;
  readonly link: PlatformLink;
  pollMs = DEFAULT_CONNECTION_SETTINGS.pollMs;

  constructor() {
    const { clock } = this;
    const pollMs = (): number => this.pollMs;
    const random = { next: () => 0.5 };
    this.server.answer = (path) => this.answer(path);
    this.hub = this.owned.add(new Hub({ clock, random, logger: nullLogger }));
    this.owned.add(
      this.hub.subscribe(['cluster.*.*'], (event) => {
        this.told.push(`${event.type} ${'name' in event.data ? event.data.name : ''}`);
      }),
    );
    this.link = this.owned.add(
      new PlatformLink({
        url: 'https://platform.example',
        label: 'platform.example',
        clock,
        random,
        logger: nullLogger,
        settings: {
          ...DEFAULT_CONNECTION_SETTINGS,
          get pollMs() {
            return pollMs();
          },
        },
        openSocket: this.sockets.open,
        fetch: this.server.fetch,
        credentials: new ScriptedCredentials(() => Promise.resolve(undefined)),
        onAwake: new Emitter<void>(rethrow).event,
      }),
    );
    this.owned.add(
      this.link.onSourcesChanged((definitions) => {
        for (const definition of definitions) {
          this.hub.addSource(definition).connect();
        }
      }),
    );
  }

  answer(path: string) {
    const name = /^\/api\/clusters\/(.+)$/.exec(path)?.[1];
    if (name === undefined) {
      return json({ clusters: [...this.clusters].map(([key, rest]) => ({ name: key, ...rest })) });
    }
    const cluster = this.clusters.get(decodeURIComponent(name));
    return cluster === undefined ? text('cluster not found\n', 404) : json({ name, ...cluster });
  }

  get source(): Source {
    return this.hub.sources()[0] ?? assert.fail('it has no source');
  }

  get state(): string {
    return this.source.status().state.type;
  }

  get names(): string[] {
    return [...this.source.rows()].map(({ name }) => name).toSorted();
  }

  notify(type: string, name: string): void {
    this.sockets.last.say({ type, data: { name } });
  }

  async open(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.clusters.set(name, { spec: { provider: name }, status: { phase: 'Ready' } });
    }
    this.link.start();
    await this.connect();
  }

  async connect(): Promise<void> {
    await this.clock.advance(0);
    this.sockets.last.connect();
    await this.clock.advance(0);
  }

  take(): string[] {
    return this.told.splice(0);
  }
}

function withPlatform(body: (fixture: Fixture) => Promise<void>): () => Promise<void> {
  return async () => {
    const fixture = new Fixture();
    try {
      await body(fixture);
    } finally {
      fixture.owned.dispose();
      await fixture.clock.settle();
    }
    assert.equal(fixture.clock.pendingTimers, 0);
  };
}

describe('a platform as a source', () => {
  trackLeaks();

  it(
    'is live with what its list has, as of when that was asked for',
    withPlatform(async (fixture) => {
      await fixture.open('a', 'b');
      assert.equal(fixture.state, 'live');
      assert.deepEqual(fixture.names, ['a', 'b']);
      assert.equal(fixture.source.status().asOf, fixture.clock.now());
      assert.deepEqual(fixture.source.status().route, { type: 'webSocket' });
      assert.deepEqual(fixture.take(), ['cluster.added a', 'cluster.added b']);
    }),
  );

  it(
    'tells what a notification was about, and nothing where everything is announced again',
    withPlatform(async (fixture) => {
      await fixture.open('a', 'b');
      fixture.take();
      fixture.clusters.set('a', { spec: { provider: 'a' }, status: { phase: 'Degraded' } });
      fixture.notify('cluster.updated', 'a');
      fixture.notify('cluster.updated', 'b');
      await fixture.clock.advance(0);
      assert.deepEqual(fixture.take(), ['cluster.updated a']);
      assert.deepEqual(fixture.source.object('a')?.['status'], { phase: 'Degraded' });
      fixture.clusters.delete('b');
      fixture.notify('cluster.deleted', 'b');
      await fixture.clock.advance(0);
      assert.deepEqual(fixture.take(), ['cluster.deleted b']);
      assert.deepEqual(fixture.names, ['a']);
    }),
  );

  it(
    'shows the names alone where it tells no more',
    withPlatform(async (fixture) => {
      fixture.clusters.set('bare', { spec: {}, status: {} });
      fixture.clusters.set('barer', {});
      await fixture.open();
      assert.deepEqual(fixture.names, ['bare', 'barer']);
      assert.equal(fixture.source.row('barer')?.health, 'unknown');
      assert.equal(fixture.source.row('bare')?.phase, fixture.source.row('barer')?.phase);
    }),
  );

  it(
    'keeps what it holds while the connection is gone, and reads everything when it is back',
    withPlatform(async (fixture) => {
      await fixture.open('a', 'b');
      fixture.take();
      fixture.sockets.last.end(1006);
      await fixture.clock.advance(0);
      assert.equal(fixture.state, 'reconnecting');
      assert.deepEqual(fixture.names, ['a', 'b']);
      fixture.clusters.delete('a');
      fixture.clusters.set('c', {});
      await fixture.clock.advance(5_000);
      await fixture.connect();
      assert.equal(fixture.state, 'live');
      assert.deepEqual(fixture.take(), ['cluster.deleted a', 'cluster.added c']);
    }),
  );

  it(
    'keeps what it has where the platform answers with something else than a list',
    withPlatform(async (fixture) => {
      await fixture.open('a', 'b');
      fixture.take();
      fixture.server.answer = () => json({ error: 'warming up' });
      await fixture.clock.advance(310_000);
      assert.deepEqual(fixture.take(), []);
      assert.deepEqual(fixture.names, ['a', 'b']);
      assert.equal(fixture.state, 'reconnecting');
    }),
  );

  it(
    'is live between two questions where it is only asked, however far apart the user wants them',
    withPlatform(async (fixture) => {
      fixture.pollMs = 120_000;
      fixture.clusters.set('a', {});
      fixture.link.start();
      await fixture.clock.advance(0);
      fixture.sockets.last.end();
      await fixture.clock.advance(2_500);
      fixture.sockets.last.end();
      await fixture.clock.advance(0);
      assert.deepEqual(fixture.source.status().route?.type, 'polling');
      const looking = fixture.source.look();
      const states = new Set<string>();
      fixture.owned.add(fixture.source.onStateChanged(({ type }) => states.add(type)));
      await fixture.clock.advance(290_000);
      assert.deepEqual([...states], []);
      assert.equal(fixture.state, 'live');
      looking.dispose();
    }),
  );

  it(
    'takes no list that was asked for before the one that counts, however late it comes',
    withPlatform(async (fixture) => {
      fixture.clusters.set('old', {});
      fixture.link.start();
      await fixture.clock.advance(0);
      // Notifications do not get through at first, so that it is only asked; then they do, but the list is slow.
      fixture.sockets.last.end();
      await fixture.clock.advance(2_500);
      fixture.sockets.last.end();
      await fixture.clock.advance(0);
      assert.deepEqual(fixture.source.status().route?.type, 'polling');
      await fixture.clock.advance(300_000);
      const slow = Promise.withResolvers<HttpAnswer>();
      const before = fixture.answer('/api/clusters');
      fixture.server.answer = () => slow.promise;
      fixture.sockets.last.connect();
      await fixture.clock.settle();
      fixture.server.answer = (path) => fixture.answer(path);
      fixture.clusters.delete('old');
      fixture.clusters.set('new', {});
      fixture.take();
      await fixture.clock.advance(30_000);
      assert.deepEqual(fixture.take(), ['cluster.deleted old', 'cluster.added new']);
      slow.resolve(before);
      await fixture.clock.advance(0);
      assert.deepEqual(fixture.source.status().route?.type, 'webSocket');
      assert.deepEqual(fixture.take(), []);
      assert.deepEqual(fixture.names, ['new']);
    }),
  );

  it(
    'is asked again by and by, sooner while somebody looks: it loses notifications',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      fixture.take();
      fixture.clusters.set('b', {});
      fixture.notify('cluster.updated', 'a');
      await fixture.clock.advance(299_000);
      assert.deepEqual(fixture.take(), []);
      const looking = fixture.source.look();
      await fixture.clock.advance(0);
      assert.deepEqual(fixture.take(), ['cluster.added b'], 'at once, being older than it should be');
      fixture.clusters.set('c', {});
      await fixture.clock.advance(30_000);
      assert.deepEqual(fixture.take(), ['cluster.added c']);
      looking.dispose();
    }),
  );

  it(
    'is live for as long as somebody looks, whenever they began to',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      await fixture.clock.advance(25_000);
      fixture.server.takePaths();
      const looking = fixture.source.look();
      await fixture.clock.advance(4_999);
      assert.deepEqual(fixture.server.takePaths(), [], 'what is held is young enough');
      await fixture.clock.advance(1);
      assert.deepEqual(fixture.server.takePaths(), ['/api/clusters']);
      for (let seconds = 30; seconds < 400; seconds += 5) {
        assert.equal(fixture.state, 'live', `after ${seconds} s`);
        await fixture.clock.advance(5_000);
      }
      looking.dispose();
    }),
  );

  it(
    'is stale as soon as no list came for too long, though the wall clock was set back',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      const looking = fixture.source.look();
      fixture.server.answer = never;
      fixture.clock.jumpWall(-3_600_000);
      await fixture.clock.advance(45_000);
      assert.equal(fixture.state, 'live');
      assert.equal(fixture.source.status().asOf, fixture.clock.now() - 45_000);
      await fixture.clock.advance(31_000);
      assert.equal(fixture.state, 'stale');
      looking.dispose();
    }),
  );

  it(
    'keeps the socket of a quiet platform, however often somebody begins to look',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      for (let times = 0; times < 20; times += 1) {
        await fixture.clock.advance(40_000);
        const looking = fixture.source.look();
        await fixture.clock.advance(40_000);
        looking.dispose();
      }
      assert.equal(fixture.sockets.all.length, 1);
    }),
  );

  it(
    'is given another socket where changes are found that no notification said, and nothing was heard',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      await fixture.clock.advance(300_000);
      fixture.clusters.set('b', {});
      await fixture.clock.advance(300_000);
      assert.deepEqual(fixture.names, ['a', 'b']);
      assert.equal(fixture.sockets.all.length, 1, 'it may be said a moment later');
      await fixture.clock.advance(5_000);
      assert.equal(fixture.sockets.all.length, 2);
      await fixture.connect();
      assert.equal(fixture.state, 'live');
      // Which is as silent: another one would be no better.
      for (const name of ['c', 'd', 'e']) {
        fixture.clusters.set(name, {});
        await fixture.clock.advance(310_000);
        assert.ok(fixture.names.includes(name));
      }
      assert.equal(fixture.sockets.all.length, 2);
      // One that has spoken is believed to be alive, and counts anew.
      fixture.notify('cluster.updated', 'a');
      await fixture.clock.advance(310_000);
      fixture.clusters.set('f', {});
      for (let seconds = 0; seconds < 310 && fixture.sockets.all.length < 3; seconds += 1) {
        await fixture.clock.advance(1_000);
      }
      assert.equal(fixture.sockets.all.length, 3);
      await fixture.connect();
    }),
  );

  it(
    'keeps the socket where a change is said a moment after the list that has it, or none was due',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      await fixture.clock.advance(300_000);
      fixture.clusters.set('b', {});
      await fixture.clock.advance(300_000);
      fixture.notify('cluster.added', 'b');
      await fixture.clock.advance(300_000);
      fixture.clusters.set('c', {});
      fixture.notify('cluster.added', 'a');
      await fixture.clock.advance(310_000);
      assert.deepEqual(fixture.names, ['a', 'b', 'c']);
      assert.equal(fixture.sockets.all.length, 1);
    }),
  );

  it(
    'is stale as soon as no list came for too long, and has no way to pods and logs',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      const looking = fixture.source.look();
      fixture.server.answer = () => new Promise(() => {});
      await fixture.clock.advance(45_000);
      assert.equal(fixture.state, 'live');
      await fixture.clock.advance(31_000);
      assert.equal(fixture.state, 'stale');
      assert.throws(() => fixture.source.fetch(), /unsupported/);
      looking.dispose();
    }),
  );
});
