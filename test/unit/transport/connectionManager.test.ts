import assert from 'node:assert/strict';
import { closeReason } from '../../../src/protocol/closeReason';
import { CONNECT_DEADLINE_MS } from '../../../src/transport/web/webSocketChannel';
import { trackLeaks } from '../../support/leakTracker';
import { ScriptedRoute, withManager, type ManagerFixture } from './managerFixture';
import { ScriptedCredentials } from './scriptedCredentials';

describe('ConnectionManager', () => {
  trackLeaks();

  it(
    'does nothing before it is started, and connects then',
    withManager(async (fixture) => {
      const { manager, sockets, clock } = fixture;
      manager.retryNow();
      fixture.awake.fire();
      await clock.advance(100_000);
      assert.deepEqual([sockets.all.length, fixture.state], [0, 'idle']);
      await fixture.start();
      manager.start();
      assert.equal(fixture.state, 'connecting');
      sockets.last.greet();
      assert.deepEqual(manager.state, { type: 'open', route: 'webSocket' });
      assert.deepEqual([sockets.all.length, fixture.openings, manager.isOpen], [1, [true], true]);
    }),
  );

  it(
    'waits anything up to five seconds after the first failure, up to twice as much after each further one, and never more than thirty',
    withManager(async (fixture) => {
      await fixture.start();
      for (const chance of [0, 0.5, 0.999_999]) {
        fixture.chance = chance;
        fixture.manager.stop();
        await fixture.start();
        for (const ceilingMs of [5_000, 10_000, 20_000, 30_000, 30_000, 30_000]) {
          fixture.sockets.last.end();
          assert.equal(fixture.waitMs, Math.round(chance * ceilingMs));
          await fixture.clock.advance(fixture.waitMs);
        }
      }
    }),
  );

  it(
    'says which attempt is next, when and why, and keeps saying so while it is under way',
    withManager(async (fixture) => {
      await fixture.start();
      fixture.sockets.last.end();
      const problem = { code: 'unreachable', detail: 'no connection came about' };
      const retryAt = fixture.clock.now() + 2_500;
      assert.deepEqual(fixture.manager.state, { type: 'reconnecting', attempt: 1, retryAt, problem });
      await fixture.clock.advance(2_500);
      assert.equal(fixture.sockets.all.length, 2);
      assert.deepEqual(fixture.manager.state, { type: 'reconnecting', attempt: 1, retryAt, problem });
      await fixture.clock.advance(CONNECT_DEADLINE_MS);
      assert.equal(fixture.state, 'reconnecting');
      assert.equal(fixture.sockets.openCount, 0);
    }),
  );

  it(
    'begins anew with short waits only after a connection that lasted',
    withManager(async (fixture) => {
      fixture.chance = 0.999_999;
      await fixture.open();
      for (const ceilingMs of [5_000, 10_000, 20_000]) {
        await fixture.clock.advance(9_999);
        fixture.sockets.last.end();
        assert.equal(fixture.waitMs, ceilingMs);
        await fixture.clock.advance(ceilingMs);
        fixture.sockets.last.greet();
      }
      await fixture.clock.advance(10_000);
      fixture.sockets.last.end();
      assert.equal(fixture.waitMs, 5_000);
      assert.deepEqual(fixture.openings.slice(0, 4), [true, false, true, false]);
    }),
  );

  it(
    'stays away for as long as the hub asks, even if the machine wakes, unless the user wants it back',
    withManager(async (fixture) => {
      const goodbye = { type: 'goodbye', reason: 'update', retryAfterMs: 60_000 };
      await fixture.open();
      fixture.sockets.last.say(goodbye);
      fixture.sockets.last.end(1012);
      assert.equal(fixture.waitMs, 62_500);
      await fixture.clock.advance(59_999);
      fixture.awake.fire();
      await fixture.clock.settle();
      assert.equal(fixture.sockets.all.length, 1);
      await fixture.clock.advance(1);
      fixture.awake.fire();
      await fixture.clock.settle();
      assert.equal(fixture.sockets.all.length, 2);
      fixture.sockets.last.greet();
      fixture.sockets.last.say(goodbye);
      fixture.sockets.last.end(1001);
      fixture.manager.retryNow();
      await fixture.clock.settle();
      assert.equal(fixture.sockets.all.length, 3);
    }),
  );

  it(
    'tries at once when the machine wakes, once, and with short waits from then on',
    withManager(async (fixture) => {
      await fixture.start();
      for (let n = 0; n < 5; n += 1) {
        fixture.sockets.last.end();
        await fixture.clock.advance(fixture.waitMs);
      }
      fixture.sockets.last.end();
      fixture.awake.fire();
      fixture.awake.fire();
      await fixture.clock.settle();
      assert.equal(fixture.sockets.all.length, 7);
      fixture.sockets.last.end();
      assert.equal(fixture.waitMs, 2_500);
    }),
  );

  it(
    'doubts an open connection when the machine wakes, and replaces one that was slept through',
    withManager(async (fixture) => {
      await fixture.open();
      fixture.awake.fire();
      assert.equal(fixture.state, 'open');
      fixture.clock.jumpWall(3_600_000);
      fixture.awake.fire();
      assert.equal(fixture.state, 'reconnecting');
      await fixture.clock.advance(fixture.waitMs);
      assert.equal(fixture.sockets.all.length, 2);
    }),
  );

  for (const [code, type] of [
    [4401, 'unauthorized'],
    [4403, 'forbidden'],
    [1008, 'forbidden'],
  ] as const) {
    it(`waits after ${code} for other credentials, or for the user`, async () => {
      const credentials = new ScriptedCredentials();
      await withManager(
        async (fixture) => {
          const refuse = async (): Promise<void> => {
            await fixture.clock.settle();
            fixture.sockets.last.greet({ auth: 'required' });
            fixture.sockets.last.end(code, 'no');
            assert.equal(fixture.state, type);
            fixture.awake.fire();
            await fixture.clock.advance(3_600_000);
          };
          fixture.manager.start();
          await refuse();
          assert.equal(fixture.sockets.all.length, 1);
          fixture.manager.retryNow();
          assert.equal(fixture.state, 'connecting');
          await refuse();
          assert.equal(fixture.sockets.all.length, 2);
          credentials.change({ token: 'second' });
          await refuse();
          assert.equal(fixture.sockets.all.length, 3);
          assert.deepEqual(fixture.sockets.last.sent, [{ type: 'auth', token: 'second' }]);
        },
        { credentials },
      )();
    });
  }

  it(
    'is open only once the hub answers after it was shown a token',
    withManager(
      async (fixture) => {
        await fixture.start();
        fixture.sockets.last.greet({ auth: 'required' });
        assert.deepEqual([fixture.state, fixture.manager.isOpen], ['connecting', true]);
        fixture.sockets.last.say({ type: 'heartbeat' });
        assert.equal(fixture.state, 'open');
      },
      { credentials: new ScriptedCredentials() },
    ),
  );

  it('asks once for another token when one that was accepted is refused later', async () => {
    const credentials = new ScriptedCredentials();
    await withManager(
      async (fixture) => {
        const accept = async (): Promise<void> => {
          await fixture.clock.settle();
          fixture.sockets.last.greet({ auth: 'required' });
          fixture.sockets.last.say({ type: 'heartbeat' });
        };
        fixture.manager.start();
        await accept();
        fixture.sockets.last.end(4401);
        await accept();
        assert.deepEqual([credentials.asked, fixture.state], [2, 'open']);
        fixture.sockets.last.end(4401);
        assert.equal(fixture.state, 'unauthorized');
        // One that lasted has a renewal of its own again.
        fixture.manager.retryNow();
        await accept();
        await fixture.clock.advance(10_000);
        fixture.sockets.last.end(4401);
        await accept();
        assert.equal(fixture.state, 'open');
      },
      { credentials },
    )();
  });

  it(
    'gives up where no retry helps, until the user asks',
    withManager(async (fixture) => {
      await fixture.start();
      fixture.sockets.last.greet({ version: 99 });
      assert.equal(fixture.state, 'failed');
      fixture.awake.fire();
      await fixture.clock.advance(3_600_000);
      assert.equal(fixture.sockets.all.length, 1);
      fixture.manager.retryNow();
      await fixture.clock.settle();
      assert.deepEqual([fixture.sockets.all.length, fixture.state], [2, 'connecting']);
    }),
  );

  it(
    'can be stopped in every state, and started again',
    withManager(async (fixture) => {
      const { manager, clock, sockets } = fixture;
      await fixture.start();
      manager.stop();
      assert.equal(sockets.openCount, 0);
      await fixture.open();
      manager.stop();
      manager.stop();
      assert.deepEqual([fixture.openings, sockets.openCount], [[true, false], 0]);
      await fixture.start();
      sockets.last.end();
      manager.stop();
      await clock.advance(100_000);
      assert.deepEqual([sockets.openCount, fixture.state, clock.pendingTimers], [0, 'idle', 0]);
    }),
  );

  it(
    'may be stopped or asked for another try by whoever it tells',
    withManager(async (fixture) => {
      const { manager, sockets, listening } = fixture;
      await fixture.open();
      const stopping = listening.add(manager.onOpenChanged(() => manager.stop()));
      sockets.last.end();
      assert.deepEqual([fixture.state, fixture.clock.pendingTimers], ['idle', 0]);
      listening.delete(stopping);
      await fixture.open();
      const retrying = listening.add(manager.onStateChanged(() => manager.retryNow()));
      sockets.last.end();
      listening.delete(retrying);
      await fixture.clock.settle();
      assert.equal(sockets.openCount, 1);
      assert.equal(sockets.all.length, 3);
    }),
  );
});

describe('ConnectionManager, on a worse route', () => {
  trackLeaks();

  async function fallBack(fixture: ManagerFixture): Promise<void> {
    await fixture.start();
    fixture.sockets.last.end();
    await fixture.clock.advance(fixture.waitMs);
    fixture.sockets.last.end();
  }

  function withFallback(
    body: (fixture: ManagerFixture, route: ScriptedRoute) => Promise<void>,
  ): () => Promise<void> {
    const route = new ScriptedRoute();
    return withManager((fixture) => body(fixture, route), { fallbacks: [route] });
  }

  it(
    'polls where WebSockets do not get through, and says why',
    withFallback(async (fixture, route) => {
      await fallBack(fixture);
      route.last.open();
      assert.deepEqual(fixture.manager.state, {
        type: 'open',
        route: 'polling',
        problem: { code: 'unreachable', detail: 'no connection came about' },
      });
    }),
  );

  it(
    'polls where connections come about and are soon lost, again and again',
    withFallback(async (fixture, route) => {
      await fixture.open();
      fixture.sockets.last.end();
      await fixture.clock.advance(fixture.waitMs);
      fixture.sockets.last.greet();
      fixture.sockets.last.end();
      assert.equal(route.all.length, 1);
    }),
  );

  it(
    'has one connection where whoever it tells asks for another try at that moment',
    withFallback(async (fixture, route) => {
      await fixture.start();
      fixture.sockets.last.end();
      await fixture.clock.advance(fixture.waitMs);
      const retrying = fixture.listening.add(
        fixture.manager.onStateChanged(() => fixture.manager.retryNow()),
      );
      fixture.sockets.last.end();
      fixture.listening.delete(retrying);
      await fixture.clock.settle();
      assert.deepEqual([fixture.sockets.openCount, route.all.length], [1, 0]);
    }),
  );

  it(
    'does not poll a hub that says itself why it closes',
    withFallback(async (fixture, route) => {
      await fixture.start();
      for (const code of [4429, 1012, 4408, 1011, 4429]) {
        fixture.sockets.last.end(code);
        await fixture.clock.advance(fixture.waitMs);
      }
      assert.equal(route.all.length, 0);
    }),
  );

  it(
    'goes back to the WebSocket as soon as that opens, and never has neither',
    withFallback(async (fixture, route) => {
      await fallBack(fixture);
      route.last.open();
      await fixture.clock.advance(300_000);
      assert.equal(fixture.sockets.all.length, 3);
      fixture.sockets.last.end();
      assert.equal(fixture.state, 'open');
      await fixture.clock.advance(300_000);
      assert.equal(fixture.sockets.all.length, 4);
      fixture.sockets.last.greet();
      assert.deepEqual(fixture.manager.state, { type: 'open', route: 'webSocket' });
      assert.deepEqual(fixture.openings, [true, false, true]);
      assert.equal(route.last.isDisposed, true);
      fixture.sockets.last.end();
      assert.equal(fixture.state, 'reconnecting');
    }),
  );

  it(
    'tries the WebSocket when the machine wakes, only one at a time',
    withFallback(async (fixture, route) => {
      await fallBack(fixture);
      route.last.open();
      fixture.awake.fire();
      fixture.awake.fire();
      fixture.manager.retryNow();
      await fixture.clock.settle();
      assert.equal(fixture.sockets.openCount, 1);
    }),
  );

  it(
    'believes the worse route where it learns more, and else says what is wrong with the best',
    withFallback(async (fixture, route) => {
      await fallBack(fixture);
      route.last.end(closeReason('notAHub'));
      assert.equal(fixture.state, 'reconnecting');
      assert.ok('problem' in fixture.manager.state);
      assert.equal(fixture.manager.state.problem?.code, 'unreachable');
      await fixture.clock.advance(fixture.waitMs);
      assert.equal(fixture.sockets.openCount, 1);
      fixture.sockets.last.end();
      route.last.end(closeReason('unauthorized'));
      assert.equal(fixture.state, 'unauthorized');
    }),
  );
});
