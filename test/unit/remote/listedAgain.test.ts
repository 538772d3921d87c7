import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import { DEFAULT_REALTIME_LIMITS } from '../../../src/protocol/realtimeLimits';
import { HubLink } from '../../../src/remote/hubLink';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedCredentials } from '../transport/scriptedCredentials';
import { ScriptedSockets, type ScriptedSocket } from '../transport/scriptedSocket';

function rethrow(error: unknown): never {
  throw error;
}

/** Ids of the requests for the list of sources that came so far. */
function listsAskedOf(socket: ScriptedSocket): number[] {
  return socket.sent.flatMap((message) => {
    const { type, method, id } = message as { type: string; method?: string; id: number };
    return type === 'request' && method === 'sources.list' ? [id] : [];
  });
}

describe('A hub that cannot say which sources it has', () => {
  it('is asked again, until it can or its connection ends', async () => {
    const clock = new FakeClock();
    const sockets = new ScriptedSockets();
    const link = new HubLink({
      url: 'https://hub.test',
      label: 'the hub',
      clock,
      random: { next: () => 0.5 },
      logger: nullLogger,
      settings: DEFAULT_CONNECTION_SETTINGS,
      openSocket: sockets.open,
      fetch: () => assert.fail('the WebSocket works'),
      credentials: new ScriptedCredentials(undefined),
      onAwake: new Emitter<void>(rethrow).event,
    });
    const counts: number[] = [];
    link.onListed((count) => counts.push(count));
    link.start();
    await clock.settle();
    const socket = sockets.last;
    socket.connect();
    socket.greet({ heartbeatMs: 600_000 });
    socket.say({
      type: 'hello',
      version: PROTOCOL_VERSION,
      limits: DEFAULT_REALTIME_LIMITS,
      language: 'en',
      texts: {},
    });
    await clock.settle();
    const fail = async (): Promise<void> => {
      socket.say({
        type: 'error',
        id: listsAskedOf(socket).at(-1),
        problem: { code: 'throttled', detail: 'not now' },
      });
      await clock.settle();
    };
    assert.equal(listsAskedOf(socket).length, 1);
    await fail();
    assert.equal(listsAskedOf(socket).length, 1, 'not at once');
    await clock.advance(5_000);
    assert.equal(listsAskedOf(socket).length, 2);
    await fail();
    await clock.advance(5_000);
    socket.say({ type: 'response', id: listsAskedOf(socket).at(-1), result: { sources: [] } });
    await clock.settle();
    assert.deepEqual(counts, [0]);
    await clock.advance(60_000);
    assert.equal(listsAskedOf(socket).length, 3, 'it said what it has');
    link.dispose();
    await clock.settle();
    assert.equal(clock.pendingTimers, 0);
  });
});
