import assert from 'node:assert/strict';
import { Emitter } from '../../../../../src/base/emitter';
import { nullLogger } from '../../../../../src/base/logger';
import { seededRandom } from '../../../../../src/base/random';
import { toDisposable } from '../../../../../src/base/disposable';
import { PROTOCOL_VERSION } from '../../../../../src/protocol/messages';
import { DEFAULT_REALTIME_LIMITS } from '../../../../../src/protocol/realtimeLimits';
import { HubSession } from '../../../../../webview/bridge/browser/hubSession';
import { FakeClock } from '../../../../support/fakeClock';
import { trackLeaks } from '../../../../support/leakTracker';
import { ScriptedCredentials } from '../../../transport/scriptedCredentials';
import { ScriptedHttp } from '../../../transport/scriptedHttp';
import { ScriptedSockets } from '../../../transport/scriptedSocket';

describe('the way of a page to its hub', () => {
  let clock: FakeClock;
  let sockets: ScriptedSockets;
  let session: HubSession;
  let told: number;

  afterEach(() => session.dispose());

  trackLeaks();

  beforeEach(() => {
    clock = new FakeClock();
    sockets = new ScriptedSockets();
    const http = new ScriptedHttp();
    http.answer = () => new Error('connection refused');
    session = new HubSession({
      baseUrl: 'https://hub.example/below',
      clock,
      random: seededRandom(1),
      logger: nullLogger,
      credentials: Object.assign(new ScriptedCredentials(() => Promise.resolve(undefined)), {
        forRequests: new ScriptedCredentials(() => Promise.resolve(undefined)),
      }),
      fetch: http.fetch,
      openSocket: sockets.open,
      nextFrame: () => toDisposable(() => undefined),
      onAwake: new Emitter<void>(() => undefined).event,
    });
    told = 0;
    session.subscribe(() => (told += 1));
  });

  async function open(): Promise<void> {
    await clock.settle();
    sockets.last.greet();
    hello();
    await clock.settle();
  }

  function hello(version = PROTOCOL_VERSION): void {
    sockets.last.say({
      type: 'hello',
      version,
      limits: DEFAULT_REALTIME_LIMITS,
      language: 'en',
      texts: {},
    });
  }

  it('is open once the hub speaks with it, and not before', async () => {
    session.start();
    assert.equal(session.state().type, 'connecting');
    await clock.settle();
    assert.equal(sockets.last.url, 'wss://hub.example/below/api/v1/ws');
    sockets.last.greet();
    assert.equal(session.state().type, 'connecting');
    hello();
    assert.equal(session.state().type, 'open');
    assert.equal(session.outage(), undefined);
    assert.ok(told > 0);
  });

  it('has no outage while it never was open', async () => {
    session.start();
    await clock.settle();
    sockets.last.end();
    await clock.settle();
    assert.equal(session.state().type, 'reconnecting');
    assert.equal(session.outage(), undefined);
  });

  it('says since when the hub is gone and when it is tried again, until it is back', async () => {
    session.start();
    await open();
    await clock.advance(60_000);
    // Signs of life come in between.
    const since = clock.now();
    sockets.last.end();
    await clock.settle();
    const outage = session.outage();
    assert.equal(outage?.since, since);
    assert.ok(outage.state.type === 'reconnecting' && outage.state.retryAt > since);
    assert.equal(session.outage(), outage);
    await clock.advance(30_000);
    assert.equal(session.outage()?.since, since);
    await open();
    assert.equal(session.state().type, 'open');
    assert.equal(session.outage(), undefined);
  });

  it('tries at once when it is asked to', async () => {
    session.start();
    await open();
    sockets.last.end();
    await clock.settle();
    const before = sockets.all.length;
    session.retryNow();
    await clock.settle();
    assert.equal(sockets.all.length, before + 1);
    await open();
    assert.equal(session.outage(), undefined);
  });

  it('waits for who has to sign in', async () => {
    session.start();
    await clock.settle();
    sockets.last.greet({ auth: 'required' });
    await clock.settle();
    assert.equal(session.state().type, 'unauthorized');
    await clock.advance(600_000);
    assert.equal(sockets.all.length, 1);
  });

  it('gives up on a hub of another version', async () => {
    session.start();
    await clock.settle();
    sockets.last.greet();
    hello(PROTOCOL_VERSION + 1);
    const state = session.state();
    assert.ok(state.type === 'failed' && state.problem.code === 'unknownMessage');
  });

  it('ends with the page, and begins anew where the page comes back', async () => {
    session.start();
    await open();
    session.stop();
    assert.equal(sockets.last.isOpen, false);
    await clock.advance(600_000);
    assert.equal(sockets.all.length, 1);
    session.start();
    await open();
    assert.equal(session.state().type, 'open');
  });
});
