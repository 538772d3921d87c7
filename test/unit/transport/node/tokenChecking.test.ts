import assert from 'node:assert/strict';
import { DisposableStore } from '../../../../src/base/disposable';
import { Emitter } from '../../../../src/base/emitter';
import { nullLogger } from '../../../../src/base/logger';
import type { TimerWheel } from '../../../../src/base/timerWheel';
import { connectionTimers } from '../../../../src/transport/node/connectionTimers';
import type { Checked, Credential, CredentialEnd } from '../../../../src/transport/node/credential';
import {
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

function rethrow(error: unknown): never {
  throw error;
}

describe('the server’s end of a channel over a WebSocket, while a token is looked at', () => {
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
    pair = await SocketPair.open({ maxPayload: MAX_CLIENT_MESSAGE_BYTES });
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
  let decide: (checked: Checked) => void;
  let shown: string[];
  let disposed: number;
  const asked = {
    checkCredential: (token: string): Promise<Checked> => {
      shown.push(token);
      return new Promise((resolve) => (decide = resolve));
    },
  };
  const good = (): Checked => ({
    ok: true,
    credential: { onEnded: revoked.event, dispose: () => (disposed += 1) },
  });
  const isShown = async (count = 1): Promise<void> => {
    while (shown.length < count) {
      await clock.advance(0);
    }
  };

  beforeEach(() => {
    shown = [];
    disposed = 0;
  });

  it('takes nothing else in, and all of it in order when it is good', async () => {
    start(asked);
    pair.say({ type: 'auth', token: TOKEN });
    pair.say(READY);
    pair.say({ type: 'cancel', id: 1 });
    await isShown();
    await clock.advance(60_000);
    assert.deepEqual([received, opened, closes], [[], 0, 0]);
    decide(good());
    while (received.length < 2) {
      await clock.advance(0);
    }
    assert.deepEqual([received, opened], [[READY, { type: 'cancel', id: 1 }], 1]);
  });

  it('goes on with what was sent when another one in its place is good', async () => {
    start({ ...asked, credential });
    pair.say(READY);
    pair.say({ type: 'auth', token: 'renewed' });
    pair.say({ type: 'cancel', id: 1 });
    await isShown();
    assert.deepEqual([received, opened], [[READY], 1]);
    decide(good());
    while (received.length < 2) {
      await clock.advance(0);
    }
    channel.dispose();
    assert.equal(disposed, 1);
  });

  it('is closed as that says when it is not', async () => {
    start(asked);
    pair.say({ type: 'auth', token: TOKEN });
    pair.say(READY);
    await isShown();
    decide({ ok: false, end: { code: 4503, reason: 'nobody can say now' } });
    assert.deepEqual(await pair.closing, { code: 4503, reason: 'nobody can say now' });
    assert.deepEqual(received, []);
  });

  it('keeps nothing of it when the connection has ended meanwhile', async () => {
    start(asked);
    pair.say({ type: 'auth', token: TOKEN });
    await isShown();
    channel.dispose();
    decide(good());
    await clock.settle();
    assert.deepEqual([opened, disposed], [0, 1]);
  });
});
