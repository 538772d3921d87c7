import assert from 'node:assert/strict';
import { DisposableStore } from '../../../src/base/disposable';
import { ProblemError, type ProblemCode } from '../../../src/protocol/problem';
import { GREETING_PATIENCE_MS, READY_RETRY_MS } from '../../../src/client/hubClient';
import { REQUEST_DEADLINE_MS, type RequestProgress } from '../../../src/client/pendingRequests';
import { DEFAULT_REALTIME_LIMITS, type RealtimeLimits } from '../../../src/protocol/realtimeLimits';
import { trackLeaks } from '../../support/leakTracker';
import { hubEvent, makeClient, makeOpenClient, type ScriptedHost } from '../webview/scriptedHost';

const key = { source: 's', name: 'eu' };
const answer = { object: { metadata: { name: 'eu' }, spec: { kept: true } }, version: '1' };

function withCode(code: ProblemCode): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof ProblemError, String(error));
    assert.equal(error.problem.code, code);
    return true;
  };
}

function kinds(host: ScriptedHost): string[] {
  return host.sent.map((message) => message.type);
}

describe('HubClient, greeting', () => {
  trackLeaks();

  it('says ready again until hello comes, and then no more', async () => {
    const { host, clock, client } = makeClient();
    client.connect();
    await clock.advance(READY_RETRY_MS * 2);
    assert.deepEqual(kinds(host), ['ready', 'ready', 'ready']);
    host.hello();
    await clock.advance(READY_RETRY_MS * 10);
    assert.equal(host.ofType('ready').length, 3);
    assert.equal(client.state.type, 'open');
    client.dispose();
  });

  it('says that nobody answers after a while, and recovers from a late hello', async () => {
    const { host, clock, client } = makeClient();
    const states: string[] = [];
    const listening = client.onStateChange(({ type }) => states.push(type));
    client.connect();
    await clock.advance(GREETING_PATIENCE_MS + READY_RETRY_MS * 3);
    assert.deepEqual(states, ['silent']);
    host.hello();
    assert.deepEqual(states, ['silent', 'open']);
    listening.dispose();
    client.dispose();
  });

  it('holds requests and subscriptions back until hello, subscriptions going first', async () => {
    const { host, client } = makeClient();
    client.connect();
    const asked = client.request('clusters.get', key);
    const subscription = client.subscribe(['cluster.s.eu']);
    assert.deepEqual(kinds(host), ['ready']);
    host.hello();
    assert.deepEqual(kinds(host), ['ready', 'subscribe', 'request']);
    host.respond(host.lastRequest('clusters.get').id, answer);
    assert.deepEqual(await asked, answer);
    subscription.dispose();
    client.dispose();
  });

  it('sends once what is asked and subscribed to by whoever is told that it is open', () => {
    const { host, client } = makeClient();
    const owned = new DisposableStore();
    owned.add(
      client.onStateChange(({ type }) => {
        if (type === 'open') {
          client.request('clusters.get', key).catch(() => undefined);
          owned.add(client.subscribe(['cluster.s.*']));
        }
      }),
    );
    client.connect();
    host.hello();
    assert.deepEqual(kinds(host), ['ready', 'request', 'subscribe']);
    owned.dispose();
    client.dispose();
  });

  it('takes a second hello as a new start: asks and subscribes again, and says that events were missed', async () => {
    const { host, client } = makeOpenClient();
    let recovered = 0;
    const listening = client.onRecovered(() => (recovered += 1));
    const subscription = client.subscribe(['cluster.s.*']);
    const asked = client.request('clusters.get', key);
    host.sent.length = 0;
    host.hello();
    assert.deepEqual(kinds(host), ['subscribe', 'request']);
    assert.equal(recovered, 1);
    host.respond(host.lastRequest('clusters.get').id, answer);
    await asked;
    subscription.dispose();
    listening.dispose();
    client.dispose();
  });

  it('resumes at a second hello from the last events that it saw, and asks everything anew only where it has to', async () => {
    const { host, clock, client } = makeOpenClient();
    let recovered = 0;
    const owned = [
      client.onRecovered(() => (recovered += 1)),
      client.subscribe(['cluster.s.*']),
      client.subscribe(['cluster.t.*']),
    ];
    const see = (cursor: string, source: string): void =>
      host.deliver({
        type: 'events',
        events: [{ ...hubEvent('cluster.updated', { source, name: 'a' }), cursor }],
      });
    see('first of s', 's');
    see('first of t', 't');
    see('second of s', 's');
    host.sent.length = 0;
    host.hello();
    assert.deepEqual(
      host.ofType('subscribe').map(({ patterns, cursors }) => [patterns, cursors]),
      [
        [['cluster.s.*'], ['first of t', 'second of s']],
        [['cluster.t.*'], ['first of t', 'second of s']],
      ],
    );
    host.deliver({ type: 'recovered', ok: true });
    await clock.advance(60_000);
    assert.equal(recovered, 0);
    host.deliver({ type: 'recovered', ok: false, reset: true, retryAfterMs: 200 });
    host.deliver({ type: 'recovered', ok: false, reset: true, retryAfterMs: 100 });
    await clock.advance(199);
    assert.equal(recovered, 0);
    await clock.advance(1);
    assert.equal(recovered, 1);
    // Where it was before the reset says nothing about where it is.
    host.sent.length = 0;
    host.hello();
    assert.deepEqual(
      host.ofType('subscribe').map(({ cursors }) => cursors),
      [undefined, undefined],
    );
    assert.equal(recovered, 2);
    host.deliver({ type: 'recovered', ok: false, reset: true, retryAfterMs: 200 });
    owned.forEach((each) => each.dispose());
    client.dispose();
    assert.equal(clock.pendingTimers, 0);
    await clock.advance(1_000);
    assert.equal(recovered, 2);
  });

  it('does not say where it is before every subscription was told what it missed, nor while the server cannot', () => {
    const { host, client } = makeOpenClient();
    const owned = [client.subscribe(['cluster.s.*']), client.subscribe(['cluster.t.*'])];
    const see = (cursor: string, source = 's'): void =>
      host.deliver({
        type: 'events',
        events: [{ ...hubEvent('cluster.updated', { source, name: 'a' }), cursor }],
      });
    const cursorsAfterHello = (): readonly string[] | undefined => {
      host.hello();
      return host.ofType('subscribe').at(-1)?.cursors;
    };
    see('first');
    see('');
    assert.equal(cursorsAfterHello(), undefined);
    see('second', 't');
    see('', 't');
    // That of t says nothing of s, nor does an older one of t.
    see('third');
    assert.deepEqual(cursorsAfterHello(), ['third']);
    host.deliver({ type: 'recovered', id: 1, ok: true });
    host.deliver({ type: 'recovered', ok: true });
    see('fourth');
    assert.equal(cursorsAfterHello(), undefined);
    see('fifth');
    assert.deepEqual(cursorsAfterHello(), ['fifth']);
    host.deliver({ type: 'recovered', id: 1, ok: true });
    // Nobody waits for the other one any more.
    owned[1]?.dispose();
    see('sixth');
    assert.deepEqual(cursorsAfterHello(), ['sixth']);
    owned.forEach((each) => each.dispose());
    client.dispose();
  });

  it('sends no more cursors than a subscription takes, those that were seen last', () => {
    const { host, client } = makeOpenClient();
    const subscription = client.subscribe(['**']);
    const events = Array.from({ length: 10_001 }, (_, n) => ({
      ...hubEvent('cluster.updated', { source: `s${n}`, name: 'a' }),
      cursor: String(n),
    }));
    host.deliver({ type: 'events', events });
    host.hello();
    const cursors = host.ofType('subscribe').at(-1)?.cursors;
    assert.deepEqual([cursors?.length, cursors?.[0], cursors?.at(-1)], [10_000, '1', '10000']);
    subscription.dispose();
    client.dispose();
  });

  it('speaks to no other version', async () => {
    const { host, client } = makeClient();
    client.connect();
    const asked = client.request('clusters.get', key);
    host.hello(99);
    assert.deepEqual(client.state, { type: 'incompatible', version: 99 });
    await assert.rejects(asked, withCode('unknownMessage'));
    client.dispose();
  });
});

describe('HubClient, requests', () => {
  trackLeaks();

  it('gives each answer to its own request, whatever the order', async () => {
    const { host, client } = makeOpenClient();
    const first = client.request('logs.open', { source: 's', namespace: 'n', pod: 'a' });
    const second = client.request('logs.open', { source: 's', namespace: 'n', pod: 'b' });
    const [a, b] = host.requests('logs.open');
    host.respond(b?.id ?? -1, { stream: 'of b' });
    host.respond(a?.id ?? -1, { stream: 'of a' });
    assert.deepEqual(await Promise.all([first, second]), [{ stream: 'of a' }, { stream: 'of b' }]);
    client.dispose();
  });

  it('rejects with the problem that the hub answers', async () => {
    const { host, client } = makeOpenClient();
    const asked = client.request('clusters.get', key);
    const { id } = host.lastRequest('clusters.get');
    host.deliver({ type: 'error', id, problem: { code: 'notFound', detail: 'eu' } });
    await assert.rejects(asked, withCode('notFound'));
    client.dispose();
  });

  it('rejects an answer that is not what was agreed', async () => {
    const { host, client } = makeOpenClient();
    const asked = client.request('clusters.get', key);
    host.respond(host.lastRequest('clusters.get').id, { object: 'none' });
    await assert.rejects(asked, withCode('malformed'));
    client.dispose();
  });

  it('rejects when its error cannot be read, rather than waiting', async () => {
    const { host, client } = makeOpenClient();
    const asked = client.request('clusters.get', key);
    host.deliver({
      type: 'error',
      id: host.lastRequest('clusters.get').id,
      problem: { code: 'no such code' },
    });
    await assert.rejects(asked, withCode('malformed'));
    client.dispose();
  });

  it('withdraws a request that is aborted, and ignores its late answer', async () => {
    const { host, client } = makeOpenClient();
    const abort = new AbortController();
    const asked = client.request('clusters.get', key, abort.signal);
    const { id } = host.lastRequest('clusters.get');
    const reason = new Error('not needed');
    abort.abort(reason);
    await assert.rejects(asked, (error) => error === reason);
    assert.deepEqual(host.sent.at(-1), { type: 'cancel', id });
    host.respond(id, answer);
    client.dispose();
  });

  it('sends nothing for a signal that was aborted before', async () => {
    const { host, client } = makeOpenClient();
    await assert.rejects(
      client.request('clusters.get', key, AbortSignal.abort(new Error('before'))),
      /before/,
    );
    assert.equal(host.requests().length, 0);
    client.dispose();
  });

  it('gives up after the deadline, also when hello never came', async () => {
    const { clock, client } = makeClient();
    client.connect();
    const asked = assert.rejects(client.request('clusters.get', key), withCode('internal'));
    await clock.advance(REQUEST_DEADLINE_MS);
    await asked;
    client.dispose();
  });

  it('waits longer than somebody who signs in may take, and the cluster after that', () => {
    const signInMs = 180_000;
    const answerMs = 30_000;
    assert.ok(REQUEST_DEADLINE_MS > signInMs + answerMs);
  });

  it('gives a command as long as a person takes, and ends it with the channel', async () => {
    const { host, clock, client } = makeOpenClient();
    const command = { type: 'openLogs', ...key } as const;
    let isSettled = false;
    const asked = client.request('command.run', { command }).finally(() => (isSettled = true));
    const ended = assert.rejects(asked, withCode('closed'));
    await clock.advance(REQUEST_DEADLINE_MS * 10);
    assert.equal(isSettled, false);
    assert.equal(host.ofType('cancel').length, 0);
    host.dispose();
    await ended;
    client.dispose();
  });

  it('rejects what waits when the channel closes, and what is asked after', async () => {
    const { host, client } = makeOpenClient();
    const asked = assert.rejects(client.request('clusters.get', key), withCode('closed'));
    host.dispose();
    await asked;
    assert.equal(client.state.type, 'closed');
    await assert.rejects(client.request('clusters.get', key), withCode('closed'));
    client.dispose();
  });

  it('leaves no timer behind', async () => {
    const { host, clock, client } = makeOpenClient();
    const asked = client.request('clusters.get', key);
    host.respond(host.lastRequest('clusters.get').id, answer);
    await asked;
    assert.equal(clock.pendingTimers, 0);
    client.dispose();
  });
});

describe('HubClient, what the host tells of itself', () => {
  trackLeaks();

  it('tells whoever asked how far the answer is, and nobody once it is there', async () => {
    const { host, client } = makeOpenClient();
    const steps: RequestProgress[] = [];
    const asked = client.request('clusters.get', key, undefined, (step) => steps.push(step));
    const other = client.request('clusters.get', key);
    const [first, second] = host.requests('clusters.get').map(({ id }) => id);
    host.deliver({ type: 'progress', id: first, fraction: 0.5 });
    host.deliver({ type: 'progress', id: second, fraction: 0.7 });
    host.deliver({ type: 'progress', id: 99, text: 'of nobody' });
    host.deliver({ type: 'progress', id: first, fraction: 0.9, text: 'nearly' });
    host.respond(first ?? -1, answer);
    host.deliver({ type: 'progress', id: first, fraction: 1 });
    host.respond(second ?? -1, answer);
    await Promise.all([asked, other]);
    assert.deepEqual(steps, [{ fraction: 0.5 }, { fraction: 0.9, text: 'nearly' }]);
    client.dispose();
  });

  it('knows the limits of the last hello, and every change after it', () => {
    const { host, client } = makeClient();
    const told: RealtimeLimits[] = [];
    const listening = client.onLimits((limits) => told.push(limits));
    assert.deepEqual(client.limits, DEFAULT_REALTIME_LIMITS);
    host.hello();
    const limits = { ...DEFAULT_REALTIME_LIMITS, events: 7 };
    host.deliver({ type: 'limits', limits });
    host.deliver({ type: 'limits', limits: { ...limits, events: 0 } });
    assert.deepEqual(client.limits, limits);
    assert.deepEqual(told, [DEFAULT_REALTIME_LIMITS, limits]);
    listening.dispose();
    client.dispose();
  });

  it('hands on how events flow', () => {
    const { host, client } = makeOpenClient();
    const told: object[] = [];
    const listening = client.onFlow((flow) => told.push(flow));
    host.deliver({ type: 'flow', rate: 50, queued: 1, dropped: 2 });
    assert.deepEqual(told, [{ rate: 50, queued: 1, dropped: 2 }]);
    listening.dispose();
    client.dispose();
  });

  it('is visible until the host says otherwise, and again with a new hello', () => {
    const { host, client } = makeOpenClient();
    const told: boolean[] = [];
    const listening = client.onVisibilityChange(() => told.push(client.isVisible));
    assert.equal(client.isVisible, true);
    host.deliver({ type: 'visibility', isVisible: false });
    host.deliver({ type: 'visibility', isVisible: false });
    host.hello();
    assert.deepEqual(told, [false, true]);
    listening.dispose();
    client.dispose();
  });
});

describe('HubClient, events', () => {
  trackLeaks();

  it('hands on a frame at once and in order', () => {
    const { host, client } = makeOpenClient();
    const frames: string[][] = [];
    const listening = client.onEvents((events) => frames.push(events.map(({ type }) => type)));
    host.deliver({
      type: 'events',
      events: [hubEvent('cluster.added', key), hubEvent('cluster.deleted', key)],
    });
    assert.deepEqual(frames, [['cluster.added', 'cluster.deleted']]);
    listening.dispose();
    client.dispose();
  });

  it('skips event types it does not know, without making a fuss', () => {
    const { host, client } = makeOpenClient();
    const types: string[] = [];
    let recovered = 0;
    const listening = [
      client.onEvents((events) => types.push(...events.map(({ type }) => type))),
      client.onRecovered(() => (recovered += 1)),
    ];
    host.deliver({
      type: 'events',
      events: [hubEvent('not.known', {}), hubEvent('cluster.updated', key)],
    });
    assert.deepEqual([types, recovered], [['cluster.updated'], 0]);
    listening.forEach((subscription) => subscription.dispose());
    client.dispose();
  });

  it('takes an unreadable event of a known type for a missed one', () => {
    const { host, client } = makeOpenClient();
    let recovered = 0;
    const listening = client.onRecovered(() => (recovered += 1));
    host.deliver({ type: 'events', events: [hubEvent('cluster.updated', { source: 1 })] });
    assert.equal(recovered, 1);
    listening.dispose();
    client.dispose();
  });

  it('ignores what is no message at all', () => {
    const { host, client } = makeOpenClient();
    for (const nonsense of [
      undefined,
      null,
      7,
      'hello',
      [],
      {},
      { type: 'surprise' },
      { type: 'response' },
    ]) {
      host.deliver(nonsense);
    }
    assert.equal(client.state.type, 'open');
    client.dispose();
  });

  it('tells the host when a subscription ends', () => {
    const { host, client } = makeOpenClient();
    const subscription = client.subscribe(['cluster.s.eu']);
    subscription.dispose();
    assert.deepEqual(
      host.sent.slice(-2).map((message) => message.type),
      ['subscribe', 'unsubscribe'],
    );
    client.dispose();
  });
});
