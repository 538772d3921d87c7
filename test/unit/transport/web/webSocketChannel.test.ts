import assert from 'node:assert/strict';
import { DisposableStore } from '../../../../src/base/disposable';
import type { Logger } from '../../../../src/base/logger';
import type { CloseKind } from '../../../../src/protocol/closeReason';
import { TOKEN_DEADLINE_MS } from '../../../../src/transport/askToken';
import {
  CONNECT_DEADLINE_MS,
  MAX_BUFFERED_BYTES,
  MAX_MESSAGE_BYTES,
  WebSocketChannel,
} from '../../../../src/transport/web/webSocketChannel';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { ScriptedCredentials } from '../scriptedCredentials';
import { ScriptedSockets } from '../scriptedSocket';

const URL = 'wss://hub.example/api/v1/ws';

interface Opened {
  readonly clock: FakeClock;
  readonly sockets: ScriptedSockets;
  readonly channel: WebSocketChannel;
  readonly got: unknown[];
  readonly told: string[];
  readonly logged: string[];
}

/** What the tests themselves listen to. */
const listening = new DisposableStore();

function track(): void {
  afterEach(() => listening.clear());
  trackLeaks();
}

async function opening(credentials?: ScriptedCredentials, url = URL): Promise<Opened> {
  const clock = new FakeClock();
  const sockets = new ScriptedSockets();
  const logged: string[] = [];
  const log = (message: string, cause?: unknown): void => {
    logged.push(`${message} ${cause instanceof Error ? cause.stack : ''}`);
  };
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const channel = new WebSocketChannel({
    url,
    clock,
    logger,
    openSocket: sockets.open,
    ...(credentials === undefined ? {} : { credentials }),
  });
  const got: unknown[] = [];
  const told: string[] = [];
  listening.add(channel.onMessage((message) => got.push(message)));
  listening.add(channel.onOpen(() => told.push('open')));
  listening.add(channel.onClose(() => told.push('close')));
  await clock.settle();
  return { clock, sockets, channel, got, told, logged };
}

async function open(): Promise<Opened> {
  const opened = await opening();
  opened.sockets.last.greet();
  return opened;
}

function assertEnded({ clock, channel, told, sockets }: Opened, kind: CloseKind): void {
  assert.equal(channel.closeReason?.kind, kind, JSON.stringify(channel.closeReason));
  assert.equal(told.filter((each) => each === 'close').length, 1);
  assert.equal(channel.isOpen, false);
  assert.equal(sockets.openCount, 0);
  assert.equal(clock.pendingTimers, 0);
}

describe('WebSocketChannel, opening', () => {
  track();

  it('is open once the hub greeted, and drops what is sent before', async () => {
    const { sockets, channel, told, got } = await opening();
    channel.send({ type: 'ready', version: 1 });
    assert.deepEqual([channel.isOpen, sockets.last.sent], [false, []]);
    sockets.last.greet();
    assert.deepEqual([channel.isOpen, told], [true, ['open']]);
    channel.send({ type: 'ready', version: 1 });
    sockets.last.say({ type: 'hello' });
    assert.deepEqual(sockets.last.sent, [{ type: 'ready', version: 1 }]);
    assert.deepEqual(got, [{ type: 'hello' }]);
    channel.dispose();
  });

  it('shows its token before anything else to a hub that wants one', async () => {
    const { sockets, channel } = await opening(new ScriptedCredentials());
    listening.add(channel.onOpen(() => channel.send({ type: 'ready', version: 1 })));
    sockets.last.greet({ auth: 'required' });
    assert.deepEqual(sockets.last.sent, [
      { type: 'auth', token: 'first' },
      { type: 'ready', version: 1 },
    ]);
    channel.dispose();
  });

  for (const auth of ['none', 'done']) {
    it(`shows no token to a hub whose authentication is ${auth}`, async () => {
      const { sockets, channel } = await opening(new ScriptedCredentials());
      sockets.last.greet({ auth });
      assert.deepEqual([channel.isOpen, sockets.last.sent], [true, []]);
      channel.dispose();
    });
  }

  it('puts the token neither into the address nor into a log', async () => {
    const credentials = new ScriptedCredentials({ token: 'sesame', expiresAt: Date.UTC(2026, 0, 1, 1) });
    const { sockets, channel, clock, logged } = await opening(credentials);
    sockets.last.greet({ auth: 'required' });
    credentials.change(() => Promise.reject(new Error('cannot renew')));
    await clock.settle();
    assert.equal(sockets.last.url, URL);
    assert.equal(logged.length, 1);
    assert.ok(!logged.join().includes('sesame'));
    channel.dispose();
  });

  it('ends as unauthorised where the hub wants a token and there is none', async () => {
    const opened = await opening(new ScriptedCredentials(() => Promise.resolve(undefined)));
    opened.sockets.last.greet({ auth: 'required' });
    assertEnded(opened, 'unauthorized');
    const without = await opening();
    without.sockets.last.greet({ auth: 'required' });
    assertEnded(without, 'unauthorized');
  });

  it('sends no token unencrypted to another machine', async () => {
    const opened = await opening(new ScriptedCredentials(), 'ws://hub.example/api/v1/ws');
    opened.sockets.last.greet({ auth: 'required' });
    assert.deepEqual(opened.sockets.last.sent, []);
    assertEnded(opened, 'insecure');
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      const local = await opening(new ScriptedCredentials(), `ws://${host}:1/api/v1/ws`);
      local.sockets.last.greet({ auth: 'required' });
      assert.equal(local.channel.isOpen, true);
      local.channel.dispose();
    }
  });

  it('opens no socket where the credentials cannot be had, or take too long', async () => {
    const failing = await opening(new ScriptedCredentials(() => Promise.reject(new Error('locked'))));
    assert.equal(failing.sockets.all.length, 0);
    assertEnded(failing, 'credentials');
    const hanging = await opening(new ScriptedCredentials(() => new Promise(() => {})));
    await hanging.clock.advance(TOKEN_DEADLINE_MS);
    assert.equal(hanging.sockets.all.length, 0);
    assertEnded(hanging, 'credentials');
  });

  it('does not wait for ever for the greeting', async () => {
    const opened = await opening();
    await opened.clock.advance(CONNECT_DEADLINE_MS - 1);
    assert.equal(opened.channel.closeReason, undefined);
    await opened.clock.advance(1);
    assertEnded(opened, 'unreachable');
  });

  it('refuses a hub of another version, and says which', async () => {
    const opened = await opening();
    opened.sockets.last.greet({ version: 7 });
    assertEnded(opened, 'incompatible');
    assert.match(opened.channel.closeReason?.problem.detail ?? '', /version 7/);
  });

  for (const [what, data] of [
    ['a message of a session', '{"type":"hello"}'],
    ['HTML', '<!doctype html>'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['nothing', ''],
    ['a greeting of wrong types', '{"type":"greeting","version":"1"}'],
    ['bytes', new ArrayBuffer(1)],
  ] as const) {
    it(`takes for no hub what begins with ${what}`, async () => {
      const opened = await opening();
      opened.sockets.last.sayRaw(data);
      assertEnded(opened, 'notAHub');
    });
  }

  it('ends where the address is none', async () => {
    const clock = new FakeClock();
    const logger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
    const openSocket = (): never => {
      throw new SyntaxError('no');
    };
    const channel = new WebSocketChannel({ url: '', clock, logger, openSocket });
    await clock.settle();
    assert.equal(channel.closeReason?.kind, 'notAHub');
    assert.equal(clock.pendingTimers, 0);
  });
});

describe('WebSocketChannel, open', () => {
  track();

  it('keeps what belongs to the transport to itself', async () => {
    const { sockets, channel, got } = await open();
    sockets.last.greet();
    sockets.last.say({ type: 'heartbeat' });
    sockets.last.say({ type: 'response', id: 1, result: {} });
    assert.deepEqual(got, [{ type: 'response', id: 1, result: {} }]);
    channel.dispose();
  });

  it('ends when nothing was heard for 2.4 heartbeats, whatever is heard counting', async () => {
    const opened = await open();
    for (let n = 0; n < 20; n += 1) {
      await opened.clock.advance(59_999);
      opened.sockets.last.say(n % 2 === 0 ? { type: 'heartbeat' } : { type: 'events', events: [] });
    }
    assert.equal(opened.channel.isOpen, true);
    await opened.clock.advance(59_999);
    assert.equal(opened.channel.isOpen, true);
    await opened.clock.advance(1);
    assertEnded(opened, 'silent');
    assert.equal(opened.sockets.last.closedWith, 4408);
  });

  it('measures silence in the heartbeats of the hub, within bounds', async () => {
    for (const [heartbeatMs, patienceMs] of [
      [10_000, 24_000],
      [1, 5_000],
      [1e15, 600_000],
    ] as const) {
      const opened = await opening();
      opened.sockets.last.greet({ heartbeatMs });
      await opened.clock.advance(patienceMs - 1);
      assert.equal(opened.channel.isOpen, true, String(heartbeatMs));
      await opened.clock.advance(1);
      assertEnded(opened, 'silent');
    }
  });

  it('takes a doubted connection for dead earlier, unless something is heard', async () => {
    const dead = await open();
    await dead.clock.advance(20_000);
    dead.channel.doubt();
    await dead.clock.advance(29_999);
    assert.equal(dead.channel.isOpen, true);
    await dead.clock.advance(1);
    assertEnded(dead, 'silent');

    const alive = await open();
    alive.channel.doubt();
    await alive.clock.advance(29_000);
    alive.sockets.last.say({ type: 'heartbeat' });
    await alive.clock.advance(59_999);
    assert.equal(alive.channel.isOpen, true);
    await alive.clock.advance(1);
    assertEnded(alive, 'silent');
  });

  it('knows after a long sleep that the connection is dead', async () => {
    const opened = await open();
    opened.clock.jumpWall(3_600_000);
    opened.channel.doubt();
    assertEnded(opened, 'silent');
  });

  const CODES: readonly (readonly [number, CloseKind, string])[] = [
    [1000, 'lost', 'closed'],
    [1001, 'goingAway', 'closed'],
    [1002, 'notAHub', 'malformed'],
    [1003, 'refused', 'badRequest'],
    [1005, 'lost', 'closed'],
    [1006, 'lost', 'closed'],
    [1007, 'refused', 'badRequest'],
    [1008, 'forbidden', 'forbidden'],
    [1009, 'tooLarge', 'badRequest'],
    [1011, 'serverError', 'serverError'],
    [1012, 'restarting', 'closed'],
    [1013, 'tooMany', 'throttled'],
    [4400, 'refused', 'badRequest'],
    [4401, 'unauthorized', 'unauthorized'],
    [4403, 'forbidden', 'forbidden'],
    [4408, 'tooSlow', 'closed'],
    [4429, 'tooMany', 'throttled'],
    [4999, 'lost', 'closed'],
  ];
  for (const [code, kind, problem] of CODES) {
    it(`tells a close with ${code} as ${kind}`, async () => {
      const opened = await open();
      opened.sockets.last.end(code, 'because\nof this');
      assertEnded(opened, kind);
      assert.deepEqual(opened.channel.closeReason?.problem, { code: problem, detail: 'because of this' });
    });
  }

  it('tells a connection that never came about as unreachable', async () => {
    const opened = await opening();
    opened.sockets.last.end(1006);
    assertEnded(opened, 'unreachable');
  });

  it('takes secrets out of what the other side says when it closes', async () => {
    const opened = await open();
    opened.sockets.last.end(4401, 'bad Authorization: Bearer abc.def');
    assert.doesNotMatch(opened.channel.closeReason?.problem.detail ?? '', /abc/);
  });

  it('remembers a goodbye until the close, and ends by itself where none comes', async () => {
    const closed = await open();
    closed.sockets.last.say({ type: 'goodbye', reason: 'update', retryAfterMs: 4_000 });
    assert.equal(closed.channel.isOpen, true);
    closed.sockets.last.end(1012);
    assertEnded(closed, 'restarting');
    assert.equal(closed.channel.closeReason?.retryAfterMs, 4_000);
    assert.equal(closed.channel.closeReason.problem.detail, 'update');

    const left = await open();
    left.sockets.last.say({ type: 'goodbye', reason: 'update', retryAfterMs: 1e300 });
    await left.clock.advance(10_000);
    assertEnded(left, 'goingAway');
    assert.equal(left.channel.closeReason?.retryAfterMs, 600_000);
  });

  it('ends rather than keep more than its bound for a network that takes nothing', async () => {
    const opened = await open();
    opened.sockets.last.bufferedAmount = MAX_BUFFERED_BYTES - 100;
    opened.channel.send({ type: 'cancel', id: 1 });
    assert.equal(opened.channel.isOpen, true);
    opened.sockets.last.bufferedAmount = MAX_BUFFERED_BYTES;
    opened.channel.send({ type: 'cancel', id: 2 });
    assertEnded(opened, 'tooSlow');
  });

  it('answers a request that is too long itself, and ends over any other such message', async () => {
    const opened = await open();
    // Three bytes each.
    const text = '€'.repeat(MAX_MESSAGE_BYTES / 3);
    opened.channel.send({ type: 'request', id: 3, method: 'command.run', params: { text } });
    assert.deepEqual(opened.sockets.last.sent, []);
    assert.partialDeepStrictEqual(opened.got, [{ type: 'error', id: 3, problem: { code: 'badRequest' } }]);
    opened.channel.send({ type: 'request', id: 4, method: 'm', params: 'x'.repeat(60_000) });
    assert.equal(opened.sockets.last.sent.length, 1);
    opened.channel.send({ type: 'subscribe', id: 1, patterns: [text] });
    assertEnded(opened, 'tooLarge');
  });

  it('sends nothing over a socket that the other side is closing', async () => {
    const opened = await open();
    const sent = opened.sockets.last.sent.length;
    opened.sockets.last.isOpen = false;
    opened.channel.send({ type: 'unsubscribe', id: 1 });
    assert.equal(opened.sockets.last.sent.length, sent);
    assert.equal(opened.channel.isOpen, true, 'it is told when it is closed');
    opened.channel.dispose();
  });

  it('ends when sending fails', async () => {
    const opened = await open();
    opened.sockets.last.sendError = new Error('gone');
    opened.channel.send({ type: 'cancel', id: 1 });
    assertEnded(opened, 'lost');
  });

  it('ends over a message that is none, and over one without end', async () => {
    const html = await open();
    html.sockets.last.sayRaw('<html>');
    assertEnded(html, 'notAHub');
    const huge = await open();
    huge.sockets.last.sayRaw('x'.repeat(32 * 1024 * 1024 + 1));
    assertEnded(huge, 'tooLarge');
  });

  it('is over once it is disposed, however often', async () => {
    const opened = await open();
    opened.channel.dispose();
    opened.channel.dispose();
    opened.sockets.last.say({ type: 'events', events: [] });
    opened.sockets.last.end(4401);
    opened.channel.send({ type: 'cancel', id: 1 });
    opened.channel.doubt();
    assert.deepEqual([opened.told, opened.got, opened.sockets.last.sent], [['open', 'close'], [], []]);
    assert.equal(opened.channel.closeReason, undefined);
    assert.equal(opened.sockets.last.closedWith, 1000);
    assert.equal(opened.clock.pendingTimers, 0);
  });

  it('can be disposed while the token is awaited and while it opens', async () => {
    const asking = await opening(new ScriptedCredentials(() => new Promise(() => {})));
    asking.channel.dispose();
    await asking.clock.settle();
    assert.equal(asking.sockets.all.length, 0);
    assert.equal(asking.clock.pendingTimers, 0);
    const connecting = await opening();
    connecting.channel.dispose();
    assert.equal(connecting.sockets.openCount, 0);
    assert.equal(connecting.clock.pendingTimers, 0);
  });
});

describe('WebSocketChannel, renewing its token', () => {
  track();

  async function openWith(credentials: ScriptedCredentials): Promise<Opened> {
    const opened = await opening(credentials);
    opened.sockets.last.greet({ auth: 'required', heartbeatMs: 1e9 });
    return opened;
  }

  it('shows another one before the first expires', async () => {
    const start = Date.UTC(2026, 0, 1);
    const credentials = new ScriptedCredentials({ token: 'first', expiresAt: start + 100_000 });
    const { clock, sockets, channel } = await openWith(credentials);
    credentials.next = { token: 'second', expiresAt: start + 200_000 };
    await clock.advance(79_999);
    assert.equal(sockets.last.sent.length, 1);
    await clock.advance(1);
    assert.deepEqual(sockets.last.sent, [
      { type: 'auth', token: 'first' },
      { type: 'auth', token: 'second' },
    ]);
    channel.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('tries again while the old one lasts, ever less far apart, and then leaves it to the hub', async () => {
    const credentials = new ScriptedCredentials({
      token: 'first',
      expiresAt: Date.UTC(2026, 0, 1) + 100_000,
    });
    const { clock, sockets, channel } = await openWith(credentials);
    credentials.next = () => Promise.reject(new Error('away'));
    await clock.advance(300_000);
    assert.ok(credentials.asked > 3 && credentials.asked < 12, String(credentials.asked));
    assert.equal(sockets.last.sent.length, 1);
    assert.equal(channel.isOpen, true);
    channel.dispose();
  });

  it('shows a changed one at once, and ends where somebody signed out', async () => {
    const credentials = new ScriptedCredentials();
    const opened = await openWith(credentials);
    credentials.change({ token: 'first' });
    await opened.clock.settle();
    credentials.change({ token: 'other' });
    await opened.clock.settle();
    assert.deepEqual(opened.sockets.last.sent, [
      { type: 'auth', token: 'first' },
      { type: 'auth', token: 'other' },
    ]);
    credentials.change(undefined);
    await opened.clock.settle();
    assertEnded(opened, 'credentials');
  });

  it('asks once more for a change that came while it was asking', async () => {
    const credentials = new ScriptedCredentials();
    const { clock, sockets, channel } = await openWith(credentials);
    let answer: (token: { token: string }) => void = () => {};
    credentials.change(() => new Promise((resolve) => (answer = resolve)));
    credentials.change({ token: 'third' });
    answer({ token: 'second' });
    await clock.settle();
    assert.deepEqual(
      sockets.last.sent.slice(1),
      ['second', 'third'].map((token) => ({ type: 'auth', token })),
    );
    channel.dispose();
  });
});
