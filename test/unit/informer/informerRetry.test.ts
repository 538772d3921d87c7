import assert from 'node:assert/strict';
import type { KubeTransportErrorCode } from '../../../src/base/kubeFetch';
import { PLAIN_404, playStatus } from '../../support/faultServer/play';
import { trackLeaks } from '../../support/leakTracker';
import { withInformer } from './informerFixture';

const UNAUTHORIZED = playStatus(401, 'Unauthorized', 'Unauthorized');
const FORBIDDEN = playStatus(403, 'Forbidden', 'clusterpersonas.dorgu.io is forbidden: User "u" cannot list');

describe('Informer: failures and retries', () => {
  trackLeaks();

  for (const code of ['unreachable', 'dns', 'proxy', 'closed'] as const) {
    it(
      `reconnects with growing waits while the server is ${code}`,
      withInformer(async (fixture) => {
        const { server, clock } = fixture;
        server.playAlways('list', { type: 'refuse', code });
        fixture.informer.start();
        const waits: number[] = [];
        for (let attempt = 1; attempt <= 9; attempt += 1) {
          await fixture.settle();
          const state = fixture.expectState('reconnecting');
          assert.equal(state.attempt, attempt);
          assert.equal(state.problem.code, code);
          waits.push(state.retryAt - clock.now());
          await clock.advance(state.retryAt - clock.now());
        }
        // Half of 0.8 s × 2ⁿ, capped at half of 30 s.
        assert.deepEqual(waits, [400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000, 15_000]);
        server.playAlways('list');
        await clock.advance(15_000);
        fixture.expectState('live');
      }),
    );
  }

  it(
    'goes on where it was after an outage, without a list, and keeps showing what it has meanwhile',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      await clock.advance(5_000);
      server.isDown = true;
      server.cutWatches();
      server.put('b');
      await clock.advance(10_000);
      fixture.expectState('reconnecting');
      assert.deepEqual(fixture.heldNames, ['a']);
      server.isDown = false;
      await clock.advance(15_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 1);
      fixture.assertInSync();
    }),
  );

  it(
    'asks for a sign of life after a cut before it claims to be live',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      server.play('probe', { type: 'hang' });
      server.cutWatches();
      await clock.advance(1_000);
      assert.equal(server.openWatches, 1, 'the watch is open again');
      fixture.expectState('reconnecting');
      server.bookmark();
      await fixture.settle();
      fixture.expectState('live');
      assert.equal(server.count('list'), 1);
      assert.equal(server.count('probe'), 1);
    }),
  );

  it(
    'forgets earlier failures after two healthy minutes, and not before',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      const attempts: number[] = [];
      for (const healthyMs of [1_000, 100_000, 125_000]) {
        await clock.advance(healthyMs);
        server.cutWatches();
        await fixture.settle();
        attempts.push(fixture.expectState('reconnecting').attempt);
        await clock.advance(2_000);
        fixture.expectState('live');
      }
      assert.deepEqual(attempts, [1, 2, 1]);
    }),
  );

  it(
    'tries at once when asked to, and counts from the beginning',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      server.isDown = true;
      informer.start();
      await clock.advance(60_000);
      server.isDown = false;
      informer.retryNow();
      await fixture.settle();
      fixture.expectState('live');
      server.cutWatches();
      await fixture.settle();
      assert.equal(fixture.expectState('reconnecting').attempt, 1);
    }),
  );

  it(
    'drops an attempt that hangs when asked to try at once',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      server.play('list', { type: 'hang' });
      informer.start();
      await fixture.settle();
      fixture.expectState('connecting');
      informer.retryNow();
      await fixture.settle();
      fixture.expectState('live');
      assert.equal(server.count('list'), 2);
    }),
  );

  it(
    'lists nothing before it is known who answers',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      server.play('identity', { type: 'refuse', code: 'unreachable' });
      informer.start();
      await fixture.settle();
      fixture.expectState('reconnecting');
      assert.equal(server.count('list'), 0);
      server.play('identity', { type: 'refuse', code: 'unreachable' });
      await clock.advance(400);
      assert.equal(fixture.expectState('reconnecting').attempt, 2);
      await clock.advance(5_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 1);
    }),
  );

  it(
    'has a live source proven at once when asked to try at once',
    withInformer(async (fixture) => {
      await fixture.goLive();
      const proofs = fixture.proofs;
      fixture.informer.retryNow();
      await fixture.settle();
      assert.equal(fixture.server.count('probe'), 1);
      assert.equal(fixture.proofs, proofs + 1);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );

  it(
    'honours Retry-After',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.play('list', playStatus(429, 'TooManyRequests', 'slow down', { 'retry-after': '20' }));
      fixture.informer.start();
      await clock.advance(20_000);
      assert.equal(fixture.expectState('reconnecting').problem.code, 'throttled');
      assert.equal(server.count('list'), 1);
      await clock.advance(1_000);
      fixture.expectState('live');
    }),
  );

  it(
    'does not take 429 "storage is (re)initializing" for a resource that is not installed',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      server.playAlways('watch', playStatus(429, 'TooManyRequests', 'storage is (re)initializing'));
      await clock.advance(2_000);
      server.endWatches();
      await clock.advance(30_000);
      assert.equal(fixture.expectState('reconnecting').problem.code, 'throttled');
      assert.deepEqual(fixture.heldNames, ['a']);
      server.playAlways('watch');
      await clock.advance(30_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 1);
    }),
  );

  it(
    'takes a watch that ends at once, again and again, for a failing server and not for a missing connection',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      server.playAlways('watch', { type: 'stream', chunks: [], ending: 'end' });
      await clock.advance(2_000);
      server.endWatches();
      await clock.advance(30_000);
      assert.equal(fixture.expectState('reconnecting').problem.code, 'serverError');
    }),
  );

  it(
    'backs off from server errors, whatever their body',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.play(
        'list',
        playStatus(500, 'InternalError', 'etcd is unwell'),
        { type: 'answer', status: 502, body: `<html>${'x'.repeat(200_000)}</html>` },
        { type: 'answer', status: 503, body: '' },
      );
      fixture.informer.start();
      await fixture.settle();
      assert.deepEqual(fixture.expectState('reconnecting').problem, {
        code: 'serverError',
        detail: 'HTTP 500: etcd is unwell',
      });
      await clock.advance(400);
      assert.equal(fixture.expectState('reconnecting').problem.detail, 'HTTP 502');
      await clock.advance(800);
      assert.equal(fixture.expectState('reconnecting').attempt, 3);
      await clock.advance(5_000);
      fixture.expectState('live');
      assert.equal(server.openExchanges, 1, 'the watch alone');
    }),
  );

  it(
    'renews credentials once on 401 and goes on without a word',
    withInformer(
      async (fixture) => {
        const { server, clock } = fixture;
        server.play('list', UNAUTHORIZED);
        fixture.informer.start();
        await fixture.settle();
        assert.equal(fixture.renewals, 1);
        assert.deepEqual(fixture.takeStates(), ['connecting', 'syncing', 'live']);
        server.play('watch', UNAUTHORIZED);
        await clock.advance(2_000);
        server.endWatches();
        await fixture.settle();
        assert.equal(fixture.renewals, 2, 'after success a refusal may be answered again');
        assert.deepEqual(fixture.takeStates(), []);
        assert.equal(server.count('list'), 2);
      },
      { renewal: 'works' },
    ),
  );

  it(
    'is unauthorized when renewed credentials are refused too, renews them no more by itself, and recovers',
    withInformer(
      async (fixture) => {
        const { server, clock, informer } = fixture;
        server.put('a');
        await fixture.goLive();
        server.playAlways('watch', UNAUTHORIZED);
        await clock.advance(2_000);
        server.endWatches();
        await fixture.settle();
        const state = fixture.expectState('unauthorized');
        assert.equal(fixture.renewals, 1);
        assert.equal(state.problem.code, 'unauthorized');
        assert.deepEqual(fixture.heldNames, ['a']);
        await clock.advance(60_000);
        assert.equal(fixture.renewals, 1, 'no sign-in from the background');
        assert.ok(server.count('watch') >= 4, 'tried again, slowly');
        informer.retryNow();
        await fixture.settle();
        assert.equal(fixture.renewals, 2, 'the user asked');
        server.playAlways('watch');
        await clock.advance(20_000);
        fixture.expectState('live');
      },
      { renewal: 'works' },
    ),
  );

  it(
    'gives up on a renewal that never ends',
    withInformer(
      async (fixture) => {
        fixture.server.playAlways('list', UNAUTHORIZED);
        fixture.informer.start();
        await fixture.clock.advance(121_000);
        assert.equal(fixture.expectState('failed').problem.code, 'credentials');
      },
      { renewal: 'hangs' },
    ),
  );

  it(
    'stops in the middle of a renewal',
    withInformer(
      async (fixture) => {
        fixture.server.playAlways('list', UNAUTHORIZED);
        fixture.informer.start();
        await fixture.settle();
        fixture.informer.stop();
        await fixture.settle();
        fixture.expectState('idle');
      },
      { renewal: 'hangs' },
    ),
  );

  it(
    'is forbidden, keeps what is held, and notices slowly when the permission is given',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      server.playAlways('watch', FORBIDDEN);
      server.playAlways('list', FORBIDDEN);
      await clock.advance(2_000);
      server.endWatches();
      await fixture.settle();
      const state = fixture.expectState('forbidden');
      assert.equal(state.retryAt, clock.now() + 15_000);
      assert.match(state.problem.detail, /^HTTP 403: clusterpersonas.dorgu.io is forbidden/);
      assert.deepEqual(fixture.heldNames, ['a']);
      server.playAlways('watch');
      server.playAlways('list');
      await clock.advance(15_000);
      fixture.expectState('live');
      assert.deepEqual(fixture.takeNotifications(), []);
    }),
  );

  it(
    'is not installed on a 404 in plain text, and notices slowly when the CRD appears',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.isInstalled = false;
      fixture.informer.start();
      await fixture.settle();
      assert.deepEqual(fixture.expectState('notInstalled').problem, {
        code: 'notInstalled',
        detail: 'HTTP 404: 404 page not found',
      });
      server.isInstalled = true;
      server.put('a');
      await clock.advance(15_000);
      assert.deepEqual(fixture.takeStates(), ['connecting', 'notInstalled', 'syncing', 'live']);
      fixture.assertInSync();
    }),
  );

  it(
    'notices at once that the CRD appeared when asked to',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      server.isInstalled = false;
      informer.start();
      await fixture.settle();
      server.isInstalled = true;
      informer.retryNow();
      await fixture.settle();
      fixture.expectState('live');
    }),
  );

  it(
    'is not installed, and empty, after the CRD was deleted with every object',
    withInformer(async (fixture) => {
      const { server } = fixture;
      server.put('a');
      server.put('b');
      await fixture.goLive();
      server.uninstall();
      await fixture.settle();
      fixture.expectState('notInstalled');
      assert.deepEqual(fixture.takeNotifications(), ['deleted a@1003 observed', 'deleted b@1004 observed']);
      assert.equal(fixture.informer.store.size, 0);
    }),
  );

  it(
    'drops what it holds when the CRD went while nobody was connected',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      server.cutWatches();
      server.play('watch', PLAIN_404);
      server.isInstalled = false;
      await clock.advance(1_000);
      fixture.expectState('notInstalled');
      assert.deepEqual(fixture.takeNotifications(), ['deleted a@1001 inferred']);
    }),
  );

  it(
    'says nothing more when a handler stops it on being told that everything went with the CRD',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      server.put('a');
      await fixture.goLive();
      fixture.onNotification = () => informer.stop();
      server.cutWatches();
      server.play('watch', PLAIN_404);
      server.isInstalled = false;
      await clock.advance(60_000);
      assert.deepEqual(fixture.takeStates(), ['reconnecting', 'idle']);
      assert.equal(clock.pendingTimers, 0);
    }),
  );

  it(
    'fails, and stays so until the user acts, when there are no credentials',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      server.play('list', { type: 'refuse', code: 'credentials' });
      informer.start();
      await fixture.settle();
      assert.equal(fixture.expectState('failed').problem.code, 'credentials');
      assert.equal(clock.pendingTimers, 0);
      await clock.advance(3_600_000);
      assert.equal(server.count('list'), 1);
      informer.retryNow();
      await fixture.settle();
      fixture.expectState('live');
    }),
  );

  it(
    'tries an untrusted certificate again, slowly, and says why',
    withInformer(async (fixture) => {
      const code: KubeTransportErrorCode = 'tls';
      fixture.server.play('list', { type: 'refuse', code });
      fixture.informer.start();
      await fixture.settle();
      const state = fixture.expectState('reconnecting');
      assert.equal(state.problem.code, 'tls');
      assert.equal(state.retryAt, fixture.clock.now() + 15_000);
    }),
  );
});
