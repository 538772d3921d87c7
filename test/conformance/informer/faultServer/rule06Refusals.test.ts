import assert from 'node:assert/strict';
import type { KubeTransportErrorCode } from '../../../../src/base/kubeFetch';
import { PLAIN_404, playStatus } from '../../../support/faultServer/play';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

const UNAUTHORIZED = playStatus(401, 'Unauthorized', 'Unauthorized');
const FORBIDDEN = playStatus(403, 'Forbidden', 'clusterpersonas.dorgu.io is forbidden: User "u" cannot list');

describe('rule 6: refusals, by script', () => {
  trackLeaks();

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
