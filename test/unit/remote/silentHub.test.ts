import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { HubLink } from '../../../src/remote/hubLink';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedCredentials } from '../transport/scriptedCredentials';
import { ScriptedSockets } from '../transport/scriptedSocket';

function rethrow(error: unknown): never {
  throw error;
}

describe('A hub that keeps its connections alive and answers nothing', () => {
  let clock: FakeClock;
  let sockets: ScriptedSockets;
  let awake: Emitter<void>;
  let link: HubLink;

  const beat = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      sockets.last.say({ type: 'heartbeat' });
      await clock.advance(1_000);
    }
  };

  /** Accepted, and nothing but heartbeats from then on. */
  const accept = async (seconds: number): Promise<void> => {
    await clock.settle();
    sockets.last.connect();
    sockets.last.greet();
    await beat(seconds);
  };

  const state = (): string => link.state.type;

  beforeEach(() => {
    clock = new FakeClock();
    sockets = new ScriptedSockets();
    awake = new Emitter<void>(rethrow);
    link = new HubLink({
      url: 'https://hub.test',
      label: 'the hub',
      clock,
      random: { next: () => 0.5 },
      logger: nullLogger,
      settings: DEFAULT_CONNECTION_SETTINGS,
      openSocket: sockets.open,
      fetch: () => assert.fail('the WebSocket works'),
      credentials: new ScriptedCredentials(undefined),
      onAwake: awake.event,
    });
    link.start();
  });

  afterEach(async () => {
    link.dispose();
    await clock.settle();
    assert.equal(clock.pendingTimers, 0);
  });

  it('is given up after a while, and tried again with ever longer waits in between', async () => {
    await accept(34);
    assert.equal(state(), 'connecting');
    await beat(2);
    assert.partialDeepStrictEqual(link.state, {
      type: 'reconnecting',
      attempt: 1,
      problem: { code: 'unreachable', detail: 'it keeps the connection, and answers nothing' },
    });
    assert.equal(sockets.openCount, 0);
    await clock.advance(2_500);
    assert.equal(sockets.all.length, 2);
    await accept(34);
    assert.partialDeepStrictEqual(
      link.state,
      { type: 'reconnecting', attempt: 1 },
      'it is known to be silent',
    );
    await beat(2);
    assert.partialDeepStrictEqual(link.state, { type: 'reconnecting', attempt: 2 });
    await clock.advance(3_000);
    assert.equal(sockets.all.length, 2);
    await clock.advance(2_000);
    assert.equal(sockets.all.length, 3);
  });

  it('is tried at once when the user asks or the machine wakes, and once only', async () => {
    await accept(36);
    assert.equal(state(), 'reconnecting');
    link.retryNow();
    assert.equal(state(), 'connecting');
    await accept(36);
    assert.equal(state(), 'reconnecting');
    awake.fire();
    await clock.advance(10_000);
    assert.equal(sockets.all.length, 3);
  });

  it('is left alone once it says hello', async () => {
    await accept(34);
    sockets.last.hello();
    assert.equal(state(), 'open');
    await beat(60);
    assert.equal(state(), 'open');
    assert.equal(sockets.all.length, 1);
  });
});
