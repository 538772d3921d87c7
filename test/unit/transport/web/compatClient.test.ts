import assert from 'node:assert/strict';
import { DisposableStore } from '../../../../src/base/disposable';
import { Emitter } from '../../../../src/base/emitter';
import { nullLogger } from '../../../../src/base/logger';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../../src/transport/connectionSettings';
import { CompatClient } from '../../../../src/transport/web/compatClient';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { ScriptedSockets } from '../scriptedSocket';
import { endless, json, never, ScriptedHttp, text } from '../scriptedHttp';

function rethrow(error: unknown): never {
  throw error;
}

/** A platform with the clusters that a test gives it, and a client that follows it. */
class Fixture {
  readonly clock = new FakeClock();
  readonly sockets = new ScriptedSockets();
  readonly server = new ScriptedHttp();
  readonly awake = new Emitter<void>(rethrow);
  readonly clusters = new Map<string, object>();
  readonly told: string[] = [];
  readonly owned = new DisposableStore();
  readonly client: CompatClient;

  constructor() {
    this.server.answer = (path) => this.answer(path);
    this.client = new CompatClient({
      baseUrl: 'https://platform.example',
      fetch: this.server.fetch,
      openSocket: this.sockets.open,
      clock: this.clock,
      random: { next: () => 0.5 },
      logger: nullLogger,
      settings: DEFAULT_CONNECTION_SETTINGS,
      onAwake: this.awake.event,
      resyncMs: () => 300_000,
      listener: {
        listed: (clusters) => this.told.push(`listed ${clusters.map(({ name }) => name).join(' ')}`.trim()),
        changed: ({ name, status }) => this.told.push(`changed ${name} ${JSON.stringify(status)}`),
        deleted: (name) => this.told.push(`deleted ${name}`),
      },
    });
  }

  answer(path: string) {
    const name = /^\/api\/clusters\/(.+)$/.exec(path)?.[1];
    if (name === undefined) {
      return json({ clusters: [...this.clusters.entries()].map(([name, rest]) => ({ name, ...rest })) });
    }
    const cluster = this.clusters.get(decodeURIComponent(name));
    return cluster === undefined ? text('cluster not found\n', 404) : json({ name, ...cluster });
  }

  notify(type: string, name: string): void {
    this.sockets.last.say({ type, data: { name } });
  }

  async open(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.clusters.set(name, { spec: {}, status: {} });
    }
    this.client.start();
    await this.clock.advance(0);
    this.sockets.last.connect();
    await this.clock.settle();
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
      fixture.client.dispose();
      await fixture.clock.settle();
    }
    assert.equal(fixture.clock.pendingTimers, 0, 'a timer is left');
    assert.equal(fixture.sockets.openCount, 0, 'a socket is left');
  };
}

describe('CompatClient', () => {
  trackLeaks();

  it(
    'asks for everything once it is notified, and then for what it is notified of',
    withPlatform(async (fixture) => {
      await fixture.open('a', 'b');
      assert.equal(fixture.sockets.last.url, 'wss://platform.example/ws');
      assert.deepEqual(fixture.take(), ['listed a b']);
      assert.deepEqual(fixture.client.state, { type: 'open', route: 'webSocket' });
      fixture.clusters.set('b', { status: { phase: 'Ready' } });
      fixture.clusters.delete('a');
      fixture.server.takePaths();
      fixture.notify('cluster.updated', 'b');
      fixture.notify('cluster.updated', 'b');
      fixture.notify('cluster.deleted', 'a');
      await fixture.clock.settle();
      assert.deepEqual(fixture.take(), [
        'changed b {"phase":"Ready"}',
        'changed b {"phase":"Ready"}',
        'deleted a',
      ]);
      assert.deepEqual(fixture.server.takePaths().sort(), [
        '/api/clusters/a',
        '/api/clusters/b',
        '/api/clusters/b',
      ]);
      assert.deepEqual(fixture.sockets.last.sent, []);
    }),
  );

  it(
    'believes what it asks for, not what it is notified of, and ignores what it does not know',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      fixture.take();
      fixture.notify('cluster.deleted', 'a');
      fixture.notify('cluster.exploded', 'a');
      fixture.sockets.last.sayRaw('<html>');
      fixture.sockets.last.say({ type: 'cluster.added', data: { name: 1 } });
      fixture.sockets.last.say(null);
      await fixture.clock.settle();
      assert.deepEqual(fixture.take(), ['changed a {}']);
    }),
  );

  it(
    'asks for everything after each reconnect, since nothing is replayed',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      fixture.sockets.last.end();
      assert.equal(fixture.client.state.type, 'reconnecting');
      fixture.clusters.set('b', {});
      fixture.take();
      await fixture.clock.advance(2_500);
      fixture.sockets.last.connect();
      await fixture.clock.settle();
      assert.deepEqual(fixture.take(), ['listed a b']);
    }),
  );

  it(
    'asks for everything once, and not again at once, when all clusters are announced',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      fixture.server.takePaths();
      for (let n = 0; n < 5_000; n += 1) {
        fixture.notify('cluster.updated', `c${n}`);
      }
      await fixture.clock.advance(4_999);
      assert.ok(fixture.server.takePaths().length <= 4);
      await fixture.clock.advance(1);
      assert.deepEqual(fixture.server.takePaths(), ['/api/clusters']);
      await fixture.clock.advance(60_000);
      assert.deepEqual(fixture.server.takePaths(), []);
    }),
  );

  it(
    'asks for everything now and then, since notifications get lost',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      fixture.take();
      await fixture.clock.advance(300_000);
      assert.deepEqual(fixture.take(), ['listed a']);
    }),
  );

  it(
    'asks for everything where a name cannot be asked for',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      await fixture.clock.advance(5_000);
      fixture.server.takePaths();
      for (const name of ['..', '', 'x'.repeat(5_000)]) {
        fixture.notify('cluster.updated', name);
      }
      await fixture.clock.settle();
      assert.deepEqual(fixture.server.takePaths(), ['/api/clusters']);
    }),
  );

  it(
    'only asks where notifications do not get through',
    withPlatform(async (fixture) => {
      fixture.clusters.set('a', {});
      fixture.client.start();
      await fixture.clock.advance(0);
      fixture.sockets.last.end();
      await fixture.clock.advance(2_500);
      fixture.sockets.last.end();
      await fixture.clock.advance(0);
      assert.partialDeepStrictEqual(fixture.client.state, { type: 'open', route: 'polling' });
      await fixture.clock.advance(90_000);
      assert.deepEqual(fixture.take(), ['listed a', 'listed a', 'listed a', 'listed a']);
    }),
  );

  it(
    'takes a list that Go left empty for no clusters, and what is left out for unknown',
    withPlatform(async (fixture) => {
      fixture.server.answer = () => json({ clusters: null });
      await fixture.open();
      assert.deepEqual(fixture.take(), ['listed']);
      fixture.server.answer = () => json({ name: 'a', spec: null });
      fixture.notify('cluster.added', 'a');
      await fixture.clock.settle();
      assert.deepEqual(fixture.take(), ['changed a undefined']);
    }),
  );

  const HOSTILE = [
    ['a page', () => text('<!doctype html>'), 'reconnecting', 'malformed'],
    ['an answer without end', () => endless(), 'failed', 'badRequest'],
    ['wrong types', () => json({ clusters: [{ name: 1 }] }), 'reconnecting', 'malformed'],
    ['an object that has no list', () => json({ error: 'warming up' }), 'reconnecting', 'malformed'],
    ['a list of lists', () => json({ clusters: [{ name: 'a', spec: [] }] }), 'reconnecting', 'malformed'],
    ['404', () => text('404 page not found', 404), 'reconnecting', 'malformed'],
    ['401', () => text('', 401), 'unauthorized', 'unauthorized'],
    ['403', () => text('', 403), 'forbidden', 'forbidden'],
    ['500', () => text('', 500), 'reconnecting', 'serverError'],
  ] as const;
  for (const [what, answer, type, code] of HOSTILE) {
    it(
      `is ${type} by ${what}`,
      withPlatform(async (fixture) => {
        fixture.server.answer = answer;
        await fixture.open();
        await fixture.clock.settle();
        const { state } = fixture.client;
        assert.deepEqual([state.type, 'problem' in state && state.problem?.code], [type, code]);
        assert.equal(fixture.sockets.openCount, 0);
        assert.deepEqual(fixture.take(), []);
      }),
    );
  }

  it(
    'does not wait for ever, be it for the connection or for the list',
    withPlatform(async (fixture) => {
      fixture.client.start();
      await fixture.clock.advance(20_000);
      assert.equal(fixture.client.state.type, 'reconnecting');
      fixture.client.stop();
      fixture.server.answer = never;
      await fixture.open();
      await fixture.clock.advance(60_000);
      assert.equal(fixture.client.state.type, 'reconnecting');
    }),
  );

  it(
    'opens another socket when it is doubted, stays open meanwhile, and asks for everything once that is open',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      await fixture.clock.advance(10_000);
      const states: string[] = [];
      fixture.owned.add(fixture.client.onStateChanged(({ type }) => states.push(type)));
      const before = fixture.sockets.last;
      fixture.server.takePaths();
      fixture.awake.fire();
      fixture.client.retryNow();
      assert.equal(fixture.sockets.all.length, 2, 'one, however often it is doubted');
      before.say({ type: 'cluster.updated', data: { name: 'a' } });
      await fixture.clock.settle();
      assert.deepEqual(fixture.server.takePaths(), ['/api/clusters/a'], 'the one before still counts');
      fixture.clusters.set('b', {});
      fixture.take();
      fixture.sockets.last.connect();
      await fixture.clock.settle();
      assert.deepEqual(fixture.take(), ['listed a b']);
      assert.equal(before.closedWith, 1000);
      before.say({ type: 'cluster.updated', data: { name: 'a' } });
      before.end();
      fixture.notify('cluster.updated', 'b');
      await fixture.clock.settle();
      assert.deepEqual(fixture.take(), ['changed b undefined']);
      assert.deepEqual(states, []);
    }),
  );

  it(
    'does not mind that the socket that was doubted ends before the other one is open',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      await fixture.clock.advance(10_000);
      const before = fixture.sockets.last;
      fixture.client.retryNow();
      before.end();
      assert.equal(fixture.client.state.type, 'open');
      fixture.take();
      fixture.sockets.last.connect();
      await fixture.clock.settle();
      assert.deepEqual(fixture.take(), ['listed a']);
    }),
  );

  it(
    'ends where no other socket comes about in time, though what it asks over HTTP is answered',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      fixture.awake.fire();
      await fixture.clock.advance(19_999);
      assert.equal(fixture.client.state.type, 'open');
      await fixture.clock.advance(1);
      assert.partialDeepStrictEqual(fixture.client.state, {
        type: 'reconnecting',
        problem: { code: 'unreachable' },
      });
      assert.equal(fixture.sockets.openCount, 0);
    }),
  );

  it(
    'ends at once where another socket is refused',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      const before = fixture.sockets.last;
      fixture.awake.fire();
      fixture.sockets.last.end();
      assert.equal(fixture.client.state.type, 'reconnecting');
      assert.equal(before.closedWith, 1000);
    }),
  );

  it(
    'tells nothing more once it is stopped, whatever still comes',
    withPlatform(async (fixture) => {
      await fixture.open('a');
      fixture.take();
      fixture.notify('cluster.updated', 'a');
      fixture.client.stop();
      fixture.notify('cluster.updated', 'a');
      await fixture.clock.advance(600_000);
      assert.deepEqual(fixture.take(), []);
    }),
  );
});
