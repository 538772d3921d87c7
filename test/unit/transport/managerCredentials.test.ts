import assert from 'node:assert/strict';
import { closeReason } from '../../../src/protocol/closeReason';
import { trackLeaks } from '../../support/leakTracker';
import { ScriptedRoute, withManager } from './managerFixture';
import { ScriptedCredentials } from './scriptedCredentials';

const REQUIRED = { auth: 'required' };
const UNAUTHORISED = 4401;
const FORBIDDEN = 4403;
const DAY_MS = 24 * 3_600_000;

describe('ConnectionManager, when credentials change', () => {
  trackLeaks();

  const credentials = (): { readonly credentials: ScriptedCredentials } => ({
    credentials: new ScriptedCredentials({ token: 'old' }),
  });

  let given = credentials();
  it(
    'tries once more by a token that came while the one before was on its way',
    withManager(async ({ clock, sockets, manager }) => {
      manager.start();
      await clock.settle();
      given.credentials.change({ token: 'new' });
      await clock.settle();
      sockets.last.greet(REQUIRED);
      assert.deepEqual(sockets.last.sent, [{ type: 'auth', token: 'new' }]);
      // Only just in time: the hub does not know it yet, and once more is once.
      sockets.last.end(UNAUTHORISED);
      await clock.settle();
      assert.deepEqual([manager.state.type, sockets.all.length], ['reconnecting', 2]);
      sockets.last.greet(REQUIRED);
      sockets.last.end(UNAUTHORISED);
      await clock.advance(DAY_MS);
      assert.deepEqual([manager.state.type, sockets.all.length], ['unauthorized', 2]);
    }, given),
  );

  const other = credentials();
  it(
    'connects anew for another user, for whom the hub opens no connection of before',
    withManager(async (fixture) => {
      const { clock, sockets, manager } = fixture;
      await fixture.start();
      sockets.last.greet(REQUIRED);
      sockets.last.say({ type: 'heartbeat' });
      await clock.advance(20_000);
      other.credentials.change({ token: 'of-somebody-else' });
      await clock.settle();
      sockets.last.end(FORBIDDEN, 'the token is of another user: connect anew');
      await clock.settle();
      sockets.last.greet(REQUIRED);
      sockets.last.say({ type: 'heartbeat' });
      assert.deepEqual([manager.state.type, sockets.all.length], ['open', 2]);
      // Of these credentials it is meant.
      sockets.last.end(FORBIDDEN);
      await clock.advance(DAY_MS);
      assert.deepEqual([manager.state.type, sockets.all.length], ['forbidden', 2]);
    }, other),
  );

  const gone = credentials();
  it(
    'shows no token that was taken away while the connection came about',
    withManager(async ({ clock, sockets, manager }) => {
      manager.start();
      await clock.settle();
      gone.credentials.change(undefined);
      await clock.settle();
      sockets.last.greet(REQUIRED);
      assert.deepEqual(sockets.last.sent, []);
      await clock.settle();
      assert.equal(manager.isOpen, false);
    }, gone),
  );

  it(
    'waits for nobody where nobody looks, and tries again after a while',
    withManager(
      async (fixture) => {
        const { clock, sockets, manager } = fixture;
        for (const code of [UNAUTHORISED, FORBIDDEN, 1009]) {
          await (manager.state.type === 'idle' ? fixture.start() : clock.settle());
          const tried = sockets.all.length;
          sockets.last.greet();
          sockets.last.end(code);
          // What was accepted is asked for anew once.
          if (code === UNAUTHORISED) {
            await clock.settle();
            sockets.last.end(code);
          }
          const refused = manager.state.type;
          assert.ok(['unauthorized', 'forbidden', 'failed'].includes(refused), refused);
          await clock.advance(100_000);
          assert.equal(manager.state.type, refused, 'not at once');
          // Between a half and the whole of it, by chance.
          await clock.advance(125_000);
          assert.ok(sockets.all.length > tried);
        }
        sockets.last.greet();
        assert.equal(manager.state.type, 'open');
      },
      { settings: { retryRefusedMs: 300_000 } },
    ),
  );

  const stream = new ScriptedRoute('stream');
  it(
    'keeps the route that works until a better one is let in',
    withManager(
      async (fixture) => {
        const { clock, sockets, manager, openings } = fixture;
        await fixture.start();
        sockets.last.end();
        await clock.advance(fixture.waitMs);
        sockets.last.end();
        stream.last.open();
        openings.length = 0;
        for (const code of [1006, 1008, UNAUTHORISED, FORBIDDEN]) {
          await clock.advance(300_000);
          sockets.last.greet(REQUIRED);
          sockets.last.end(code);
          assert.equal(manager.state.type, 'open');
        }
        assert.deepEqual([openings, stream.all.length], [[], 1]);
        await clock.advance(300_000);
        sockets.last.greet(REQUIRED);
        assert.deepEqual(openings, []);
        sockets.last.say({ type: 'heartbeat' });
        assert.deepEqual(openings, [false, true]);
        assert.deepEqual(manager.state, { type: 'open', route: 'webSocket' });
      },
      { ...credentials(), fallbacks: [stream] },
    ),
  );

  const untold = new ScriptedRoute('stream');
  it(
    'says what keeps every route from working where only one of them knows it',
    withManager(
      async (fixture) => {
        const { clock, sockets, manager } = fixture;
        await fixture.start();
        sockets.last.end();
        await clock.advance(fixture.waitMs);
        sockets.last.end();
        untold.last.end(closeReason('tls', 'self-signed certificate'));
        assert.partialDeepStrictEqual(manager.state, {
          type: 'reconnecting',
          problem: { code: 'tls', detail: 'self-signed certificate' },
        });
      },
      { fallbacks: [untold] },
    ),
  );
});
