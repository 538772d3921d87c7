import assert from 'node:assert/strict';
import { once } from 'node:events';
import { DisposableStore } from '../../../../src/base/disposable';
import { Emitter } from '../../../../src/base/emitter';
import { nullLogger } from '../../../../src/base/logger';
import type { TimerWheel } from '../../../../src/base/timerWheel';
import type { ServerMessage } from '../../../../src/protocol/messages';
import { connectionTimers } from '../../../../src/transport/node/connectionTimers';
import type { Checked, Credential, CredentialEnd } from '../../../../src/transport/node/credential';
import {
  MAX_CLIENT_FRAGMENTS,
  MAX_CLIENT_MESSAGE_BYTES,
  ServerWebSocketChannel,
  type ServerWebSocketChannelOptions,
} from '../../../../src/transport/node/serverWebSocketChannel';
import { SharedFrame } from '../../../../src/transport/node/sharedFrame';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { SocketPair } from './socketPair';

const TOKEN = 'a-token-that-is-known';
const READY = { type: 'ready', version: 1 };

const UNKNOWN: Checked = { ok: false, end: { code: 4401, reason: 'the token is not known' } };
const REVOKED: CredentialEnd = { code: 4401, reason: 'the token is no longer good' };

function rethrow(error: unknown): never {
  throw error;
}

describe('the server’s end of a channel over a WebSocket', () => {
  let clock: FakeClock;
  let timers: TimerWheel;
  let pair: SocketPair;
  let channel: ServerWebSocketChannel;
  let received: unknown[];
  let closes: number;
  let listening: DisposableStore;
  let opened: number;
  const revoked = new Emitter<CredentialEnd>(rethrow);
  const credential: Credential = { onEnded: revoked.event, dispose() {} };

  beforeEach(async () => {
    clock = new FakeClock();
    timers = connectionTimers(clock);
    listening = new DisposableStore();
    pair = await SocketPair.open({
      maxPayload: MAX_CLIENT_MESSAGE_BYTES,
      maxFragments: MAX_CLIENT_FRAGMENTS,
    });
  });
  afterEach(async () => {
    channel.dispose();
    listening.dispose();
    pair.dispose();
    await pair.closing;
    await clock.settle();
    assert.equal(clock.pendingTimers, 0, 'a timer is left');
  });
  trackLeaks();

  function start(options: Partial<ServerWebSocketChannelOptions> = {}): void {
    received = [];
    closes = 0;
    opened = 0;
    channel = new ServerWebSocketChannel({
      socket: pair.server,
      connection: pair.connection,
      clock,
      timers,
      sharedFrame: new SharedFrame(),
      logger: nullLogger,
      features: ['example'],
      ...options,
    });
    listening.add(channel.onOpened(() => (opened += 1)));
    listening.add(channel.onMessage((message) => received.push(message)));
    listening.add(channel.onClose(() => (closes += 1)));
    channel.start();
  }
  const needsToken = {
    checkCredential: (token: string): Promise<Checked> =>
      Promise.resolve(token === TOKEN ? { ok: true, credential } : UNKNOWN),
  };
  const greeting = (auth: string) => ({
    type: 'greeting',
    version: 1,
    features: ['example'],
    heartbeatMs: 25_000,
    auth,
  });
  /** What came so far, once all that was sent has come. */
  async function receivedAfterAll(): Promise<unknown[]> {
    pair.server.ping();
    await once(pair.client, 'ping');
    const answered = once(pair.server, 'pong');
    pair.client.pong();
    await answered;
    return received;
  }
  /** An answer of `bytes` bytes. */
  const answer = (id: number, bytes: number): ServerMessage => ({
    type: 'response',
    id,
    result: 'x'.repeat(bytes),
  });

  it('greets, and is open at once where nobody is asked for a token', async () => {
    start();
    assert.deepEqual(await pair.next(), greeting('none'));
    assert.equal(opened, 1);
    pair.say(READY);
    assert.deepEqual(await receivedAfterAll(), [READY]);
  });

  it('is open at once where the request carried a credential, and ends with that', async () => {
    start({ ...needsToken, credential });
    assert.deepEqual(await pair.next(), greeting('done'));
    assert.equal(opened, 1);
    revoked.fire(REVOKED);
    assert.deepEqual(await pair.closing, { code: 4401, reason: 'the token is no longer good' });
    assert.equal(closes, 1);
  });

  it('lets in who shows a token first, and keeps the token to itself', async () => {
    start(needsToken);
    assert.deepEqual(await pair.next(), greeting('required'));
    assert.equal(opened, 0);
    pair.say({ type: 'auth', token: TOKEN });
    pair.say(READY);
    assert.deepEqual(await receivedAfterAll(), [READY]);
    assert.equal(opened, 1);
    await clock.advance(10_000);
    assert.equal(closes, 0);
  });

  for (const [what, first, code, reason] of [
    ['a wrong token', { type: 'auth', token: 'guessed' }, 4401, 'the token is not known'],
    ['anything else first', READY, 4401, 'the first message has to be auth'],
    ['no text as a token', { type: 'auth', token: 7 }, 4400, 'auth: expected string at token'],
    ['no object', 'auth', 4401, 'the first message has to be auth'],
  ] as const) {
    it(`turns away who sends ${what}`, async () => {
      start(needsToken);
      pair.say(first);
      assert.deepEqual(await pair.closing, { code, reason });
      assert.equal(opened, 0);
      assert.deepEqual(received, []);
    });
  }

  it('turns away who sends no token within 10 s', async () => {
    start(needsToken);
    await clock.advance(9_999);
    assert.equal(closes, 0);
    await clock.advance(1);
    assert.deepEqual(await pair.closing, { code: 4401, reason: 'no token came within 10 s' });
  });

  it('takes another token at any time, after which the first may be revoked', async () => {
    const others = new Emitter<CredentialEnd>(rethrow);
    const renewed: Credential = { onEnded: others.event, dispose() {} };
    start({
      checkCredential: (token) =>
        Promise.resolve({ ok: true, credential: token === 'renewed' ? renewed : credential }),
    });
    pair.say({ type: 'auth', token: TOKEN });
    pair.say({ type: 'auth', token: 'renewed' });
    assert.deepEqual(await receivedAfterAll(), []);
    assert.equal(opened, 1);
    revoked.fire(REVOKED);
    assert.equal(closes, 0);
    others.fire(REVOKED);
    assert.equal((await pair.closing).code, 4401);
  });

  it('ends where the renewed token is wrong', async () => {
    start(needsToken);
    pair.say({ type: 'auth', token: TOKEN });
    pair.say({ type: 'auth', token: 'expired' });
    assert.deepEqual(await pair.closing, { code: 4401, reason: 'the token is not known' });
  });

  it('hands on what is no JSON as nothing, to be answered by whoever decodes', async () => {
    start();
    pair.client.send('{"type":');
    pair.client.send('');
    pair.say(READY);
    assert.deepEqual(await receivedAfterAll(), [undefined, undefined, READY]);
  });

  it('closes with 1003 on a binary message', async () => {
    start();
    pair.client.send(Buffer.from('{}'));
    assert.deepEqual(await pair.closing, { code: 1003, reason: 'messages are text' });
  });

  it('takes a message of 64 KiB, and closes with 1009 on one that is longer', async () => {
    start();
    const longest = 'x'.repeat(MAX_CLIENT_MESSAGE_BYTES - 2);
    pair.say(longest);
    assert.deepEqual(await receivedAfterAll(), [longest]);
    pair.say(`${longest}x`);
    assert.deepEqual(await pair.closing, { code: 1009, reason: 'the message is too long' });
  });

  it('closes with 4429 on more messages than a client has to say', async () => {
    start();
    for (let count = 0; count < 1_000; count += 1) {
      pair.say(READY);
    }
    await receivedAfterAll();
    assert.equal(received.length, 1_000);
    await clock.advance(1_000);
    for (let count = 0; count < 301; count += 1) {
      pair.say(READY);
    }
    assert.deepEqual(await pair.closing, { code: 4429, reason: 'too many messages' });
    assert.equal(received.length, 1_300);
  });

  it('closes with 4429 on more bytes than a client has to say, however few messages they are', async () => {
    start();
    const long = 'x'.repeat(MAX_CLIENT_MESSAGE_BYTES - 2);
    for (let count = 0; count < 64; count += 1) {
      pair.say(long);
    }
    await receivedAfterAll();
    assert.equal(received.length, 64);
    // 128 KiB a second are two of them.
    await clock.advance(1_000);
    pair.say(long);
    pair.say(long);
    await receivedAfterAll();
    assert.equal(received.length, 66);
    pair.say(long);
    assert.deepEqual(await pair.closing, { code: 4429, reason: 'too many bytes' });
  });

  for (const control of ['ping', 'pong'] as const) {
    it(`closes with 4429 on more of ${control} than anybody needs, also before a token`, async () => {
      start(needsToken);
      for (let count = 0; count < 101; count += 1) {
        pair.client[control]();
      }
      assert.deepEqual(await pair.closing, { code: 4429, reason: 'too many pings and pongs' });
    });
  }

  it('takes pings for as long as they are few', async () => {
    start();
    for (let round = 0; round < 30; round += 1) {
      for (let count = 0; count < 9; count += 1) {
        pair.client.ping();
      }
      await receivedAfterAll();
      await clock.advance(1_000);
    }
    assert.equal(closes, 0);
  });

  it('closes with 4429 on a message in more pieces than anybody makes', async () => {
    start();
    const piece = (fin: boolean): void => pair.client.send('', { fin });
    for (let count = 1; count < MAX_CLIENT_FRAGMENTS; count += 1) {
      piece(false);
    }
    piece(true);
    assert.deepEqual(await receivedAfterAll(), [undefined]);
    for (let count = 0; count <= MAX_CLIENT_FRAGMENTS; count += 1) {
      piece(false);
    }
    assert.deepEqual(await pair.closing, { code: 4429, reason: 'the message comes in too many pieces' });
  });

  it('cuts off who goes on talking instead of closing', async () => {
    start();
    await pair.next();
    // Its close is not read, and so not answered.
    pair.client.pause();
    channel.dispose();
    const ended = once(pair.server, 'close');
    for (let count = 0; count < 10_001; count += 1) {
      pair.say(READY);
    }
    await ended;
    assert.equal(closes, 1);
  });

  it('tells every 25 s that it is there', async () => {
    start();
    await pair.next();
    await clock.advance(25_000);
    assert.deepEqual(await pair.next(), { type: 'heartbeat' });
    await clock.advance(25_000);
    assert.deepEqual(await pair.next(), { type: 'heartbeat' });
  });

  it('pings every 54 s, and stays as long as pongs come', async () => {
    start();
    for (let round = 0; round < 5; round += 1) {
      const pinged = once(pair.client, 'ping');
      await clock.advance(54_000);
      await pinged;
      const answered = once(pair.server, 'pong');
      pair.client.pong();
      await answered;
    }
    assert.equal(closes, 0);
  });

  it('cuts off 60 s after the last pong', async () => {
    start();
    await clock.advance(30_000);
    const answered = once(pair.server, 'pong');
    pair.client.pong();
    await answered;
    await clock.advance(59_999);
    assert.equal(closes, 0);
    await clock.advance(1);
    assert.equal(closes, 1);
    assert.deepEqual(await pair.closing, { code: 4408, reason: 'no pong came for 60 s' });
  });

  it('cuts off who does not even close, 5 s later', async () => {
    start();
    pair.client.pause();
    await clock.advance(60_000);
    assert.equal(closes, 1);
    const ended = once(pair.server, 'close');
    await clock.advance(5_000);
    await ended;
  });

  it('sends a long answer in pieces between which a ping gets through', async () => {
    start();
    await pair.next();
    const order: string[] = [];
    pair.client.on('ping', () => order.push('ping'));
    pair.client.on('message', () => order.push('message'));
    const long = answer(1, 20 * 1024 * 1024);
    channel.send(long);
    pair.server.ping();
    assert.deepEqual(await pair.next(), long);
    assert.deepEqual(order, ['ping', 'message']);
  });

  it('keeps the order of long and short messages', async () => {
    start();
    await pair.next();
    const sent = [answer(1, 200_000), answer(2, 3), answer(3, 70_000), answer(4, 0)];
    sent.forEach((message) => channel.send(message));
    for (const message of sent) {
      assert.deepEqual(await pair.next(), message);
    }
  });

  it('takes nothing in from a client that does not read, and all of it afterwards', async () => {
    start();
    await pair.next();
    pair.client.pause();
    channel.send(answer(1, 20 * 1024 * 1024));
    assert.ok(channel.bufferedBytes > 1024 * 1024);
    assert.equal(pair.server.isPaused, true, 'what it says piles up here');
    pair.say({ ...READY, version: 1 });
    pair.say({ ...READY, version: 2 });
    await clock.settle();
    assert.deepEqual(received, []);
    pair.client.resume();
    await pair.next();
    await clock.settle();
    while (received.length < 2) {
      await clock.advance(1);
    }
    assert.deepEqual(received, [
      { ...READY, version: 1 },
      { ...READY, version: 2 },
    ]);
    await clock.advance(1);
    assert.equal(channel.bufferedBytes, 0);
    assert.equal(pair.server.isPaused, false);
  });

  it('cuts off a client that has no room for 10 s, and gives up what waits for it', async () => {
    start();
    await pair.next();
    pair.client.pause();
    channel.send(answer(1, 20 * 1024 * 1024));
    await clock.advance(9_999);
    assert.equal(closes, 0);
    await clock.advance(1);
    assert.equal(closes, 1);
    pair.client.resume();
    assert.deepEqual(await pair.closing, { code: 4408, reason: 'the client has had no room for 10 s' });
  });

  it('says goodbye after what waits, and closes as for a restart', async () => {
    start();
    await pair.next();
    const long = answer(1, 2 * 1024 * 1024);
    channel.send(long);
    channel.sayGoodbye('the hub restarts', 1234);
    channel.send(answer(2, 1));
    assert.deepEqual(await pair.next(), long);
    assert.deepEqual(await pair.next(), {
      type: 'goodbye',
      reason: 'the hub restarts',
      retryAfterMs: 1234,
    });
    assert.deepEqual(await pair.closing, { code: 1012, reason: 'the hub restarts' });
    assert.equal(closes, 1);
  });

  it('closes with 1001 where its session ends, once', async () => {
    start();
    channel.dispose();
    channel.dispose();
    channel.send(answer(1, 1));
    assert.equal(closes, 1);
    assert.deepEqual(await pair.closing, { code: 1001, reason: 'the session has ended' });
  });

  it('ends once when the client goes', async () => {
    start();
    const ended = once(pair.server, 'close');
    pair.client.terminate();
    await ended;
    assert.equal(closes, 1);
  });
});
