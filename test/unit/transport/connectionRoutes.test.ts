import assert from 'node:assert/strict';
import { closeReason } from '../../../src/protocol/closeReason';
import { trackLeaks } from '../../support/leakTracker';
import { ScriptedRoute, withManager, type ManagerFixture } from './managerFixture';
import { ScriptedCredentials } from './scriptedCredentials';

interface Routes {
  readonly stream: ScriptedRoute;
  readonly polling: ScriptedRoute;
}

function withRoutes(
  body: (fixture: ManagerFixture, routes: Routes) => Promise<void>,
  credentials?: ScriptedCredentials,
): () => Promise<void> {
  const routes = { stream: new ScriptedRoute('stream'), polling: new ScriptedRoute('polling') };
  return withManager((fixture) => body(fixture, routes), {
    fallbacks: [routes.stream, routes.polling],
    ...(credentials === undefined ? {} : { credentials }),
  });
}

async function blockSockets(fixture: ManagerFixture): Promise<void> {
  await fixture.start();
  fixture.sockets.last.end();
  await fixture.clock.advance(fixture.waitMs);
  fixture.sockets.last.end();
}

const openOver = (route: string): object => ({
  type: 'open',
  route,
  problem: { code: 'unreachable', detail: 'no connection came about' },
});

describe('ConnectionManager, on three routes', () => {
  trackLeaks();

  it(
    'listens to a stream where WebSockets do not get through, and polls only where that does not either',
    withRoutes(async (fixture, { stream, polling }) => {
      await blockSockets(fixture);
      assert.equal(polling.all.length, 0);
      stream.last.end(closeReason('silent'));
      assert.equal(stream.last.isDisposed, true);
      polling.last.open();
      assert.deepEqual(fixture.manager.state, openOver('polling'));
    }),
  );

  it(
    'goes to the best route that works, a worse one being open meanwhile',
    withRoutes(async (fixture, { stream, polling }) => {
      await blockSockets(fixture);
      stream.last.end(closeReason('silent'));
      polling.last.open();
      await fixture.clock.advance(300_000);
      assert.deepEqual([fixture.sockets.all.length, stream.all.length], [3, 1]);
      fixture.sockets.last.end();
      assert.equal(stream.all.length, 2);
      stream.last.open();
      assert.deepEqual(fixture.manager.state, openOver('stream'));
      assert.equal(polling.last.isDisposed, true);
      await fixture.clock.advance(300_000);
      fixture.sockets.last.end();
      // Nothing better is left to try.
      assert.equal(stream.all.length, 2);
      await fixture.clock.advance(300_000);
      fixture.sockets.last.greet();
      assert.deepEqual(fixture.manager.state, { type: 'open', route: 'webSocket' });
      assert.deepEqual(fixture.openings, [true, false, true, false, true]);
    }),
  );

  it(
    'tries first what worked for a while, and the best again once that fails',
    withRoutes(async (fixture, { stream, polling }) => {
      await blockSockets(fixture);
      stream.last.open();
      await fixture.clock.advance(10_000);
      stream.last.end(closeReason('lost'));
      assert.equal(fixture.state, 'reconnecting');
      await fixture.clock.advance(fixture.waitMs);
      assert.deepEqual([fixture.sockets.all.length, stream.all.length], [2, 2]);
      stream.last.end(closeReason('unreachable'));
      polling.last.end(closeReason('unreachable'));
      await fixture.clock.advance(fixture.waitMs);
      assert.deepEqual([fixture.sockets.all.length, stream.all.length, polling.all.length], [3, 2, 1]);
      fixture.sockets.last.end();
      // It was found to be blocked before.
      assert.equal(stream.all.length, 3);
    }),
  );

  it(
    'tries a stream again that was soon lost, and polls where that happens again and again',
    withRoutes(async (fixture, { stream, polling }) => {
      await blockSockets(fixture);
      stream.last.open();
      stream.last.end(closeReason('lost'));
      await fixture.clock.advance(fixture.waitMs);
      assert.deepEqual([fixture.sockets.all.length, stream.all.length, polling.all.length], [2, 2, 0]);
      stream.last.open();
      stream.last.end(closeReason('lost'));
      assert.equal(polling.all.length, 1);
    }),
  );

  it(
    'begins with the best where the user asks',
    withRoutes(async (fixture, { stream }) => {
      await blockSockets(fixture);
      stream.last.open();
      await fixture.clock.advance(10_000);
      stream.last.end(closeReason('lost'));
      fixture.manager.retryNow();
      await fixture.clock.settle();
      assert.deepEqual([fixture.sockets.openCount, stream.all.length], [1, 1]);
    }),
  );

  it('asks for another token by the route that took the one before', async () => {
    await withRoutes(async (fixture, { stream }) => {
      await blockSockets(fixture);
      await fixture.clock.settle();
      stream.last.open();
      stream.last.end(closeReason('unauthorized'));
      assert.equal(stream.all.length, 2);
      stream.last.open();
      stream.last.end(closeReason('unauthorized'));
      assert.equal(fixture.state, 'unauthorized');
    }, new ScriptedCredentials())();
  });

  it(
    'leaves no attempt behind when it is stopped on any of them',
    withRoutes(async (fixture, { stream, polling }) => {
      await blockSockets(fixture);
      fixture.manager.stop();
      assert.equal(stream.last.isDisposed, true);
      await blockSockets(fixture);
      stream.last.end(closeReason('notAHub'));
      polling.last.open();
      await fixture.clock.advance(300_000);
      fixture.sockets.last.end();
      fixture.manager.stop();
      assert.ok([...stream.all, ...polling.all].every(({ isDisposed }) => isDisposed));
    }),
  );
});
