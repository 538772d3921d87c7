import assert from 'node:assert/strict';
import { playStatus } from '../../support/faultServer/play';
import { trackLeaks } from '../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('Informer: live needs proof', () => {
  trackLeaks();

  it(
    'asks a silent visible source for a sign of life every 15 s, and stays live',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      await clock.advance(61_000);
      assert.equal(server.count('probe'), 4);
      assert.equal(server.last('probe')?.query.has('resourceVersion'), false);
      assert.equal(informer.asOf, clock.now() - 1_000);
      assert.deepEqual(fixture.takeStates(), []);
      assert.equal(server.count('watch'), 1);
    }),
  );

  it(
    'asks for none while events or bookmarks come',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      for (let round = 0; round < 10; round += 1) {
        await clock.advance(10_000);
        server.bookmark();
        await fixture.settle();
        assert.equal(informer.asOf, clock.now());
      }
      assert.equal(server.count('probe'), 0);
    }),
  );

  it(
    'asks a hidden source after 85 s only',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      await clock.advance(84_900);
      assert.equal(server.count('probe'), 0);
      await clock.advance(200);
      assert.equal(server.count('probe'), 1);
    }),
  );

  for (const [what, isVisible, limitMs] of [
    ['a visible', true, 20_000],
    ['a hidden', false, 90_000],
  ] as const) {
    it(
      `shows ${what} source as stale ${limitMs / 1000} s after it fell silent, and as lost 5 s later`,
      withInformer(async (fixture) => {
        const { server, clock, informer } = fixture;
        informer.setVisible(isVisible);
        server.put('a');
        await fixture.goLive();
        await clock.advance(1_000);
        server.bookmark();
        await fixture.settle();
        const asOf = informer.asOf;
        server.isFrozen = true;
        await clock.advance(limitMs - 1);
        fixture.expectState('live');
        await clock.advance(1);
        assert.deepEqual(informer.state, { type: 'stale', since: asOf });
        await clock.advance(5_000);
        assert.equal(fixture.expectState('reconnecting').problem.code, 'unreachable');
        assert.deepEqual(fixture.heldNames, ['a']);
        assert.equal(informer.asOf, asOf);
        assert.equal(server.openWatches, 0, 'the dead connection is closed');
        server.isFrozen = false;
        await clock.advance(90_000);
        fixture.expectState('live');
        assert.equal(server.count('list'), 1, 'nothing is listed after a mere cut');
      }),
    );
  }

  it(
    'is live again when the sign of life comes late',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const body = server.playSlowly('probe');
      await clock.advance(21_000);
      fixture.expectState('stale');
      body.write('{"items":[],"metadata":{"resourceVersion":"1000"}}');
      body.end();
      await fixture.settle();
      fixture.expectState('live');
      assert.equal(server.count('watch'), 1);
    }),
  );

  it(
    'notices sleep by the wall clock: stale first, then proven',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      clock.jumpWall(3_600_000);
      await clock.advance(5_000);
      assert.deepEqual(fixture.takeStates(), ['stale', 'live']);
      assert.equal(server.count('probe'), 1);
      assert.equal(informer.asOf, clock.now());
    }),
  );

  it(
    'is not fooled by a wall clock that is set back',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      clock.jumpWall(-3_600_000);
      server.isFrozen = true;
      await clock.advance(20_000);
      fixture.expectState('stale');
    }),
  );

  it(
    'asks at once when a silent source becomes visible',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      await fixture.goLive();
      await clock.advance(50_000);
      assert.equal(server.count('probe'), 0);
      informer.setVisible(true);
      await fixture.settle();
      assert.equal(server.count('probe'), 1);
      fixture.expectState('live');
    }),
  );

  it(
    'lists anew when the server is behind the watch: its storage was restored from a backup',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('old');
      await fixture.goLive();
      server.put('lost');
      await fixture.settle();
      server.cutWatches();
      server.collection.restore(1_001, ['old']);
      await clock.advance(90_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 2);
      assert.deepEqual(fixture.takeNotifications(), ['added lost@1002', 'deleted lost@1002 inferred']);
      fixture.assertInSync();
    }),
  );

  it(
    'does not take an event that overtakes the sign of life for a backup',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const body = server.playSlowly('probe');
      await clock.advance(15_000);
      server.put('a');
      await fixture.settle();
      body.write('{"items":[],"metadata":{"resourceVersion":"1000"}}');
      body.end();
      await fixture.settle();
      assert.equal(server.count('list'), 1);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );

  it(
    'opens a watch again, where it was and without a word, when the server is ahead of it',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const asOf = informer.asOf;
      server.deafenWatches();
      server.put('a');
      await clock.advance(14_999);
      assert.equal(server.count('watch'), 1);
      assert.equal(informer.store.size, 0);
      assert.equal(informer.asOf, asOf);
      await clock.advance(1);
      assert.equal(server.count('watch'), 2);
      assert.equal(server.last('watch')?.query.get('resourceVersion'), '1000');
      assert.equal(server.count('list'), 1);
      assert.deepEqual(fixture.takeStates(), []);
      assert.equal(informer.asOf, clock.now());
      fixture.assertInSync();
    }),
  );

  it(
    'never claims what it holds to be newer than it is while neither watch nor probe prove it',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const asOf = informer.asOf ?? assert.fail();
      server.deafenWatches();
      server.put('a');
      // The server lives, but opens no watch.
      server.playAlways('watch', { type: 'hang' });
      for (let second = 0; second < 120; second += 1) {
        await clock.advance(1_000);
        assert.equal(informer.asOf, asOf);
        assert.equal(informer.state.type === 'live', second < 19, `${second + 1} s: ${informer.state.type}`);
      }
      assert.equal(informer.store.size, 0);
      server.playAlways('watch');
      await clock.advance(60_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 1);
      fixture.assertInSync();
    }),
  );

  it(
    'takes the first second of a watch that was opened again for proof, and no less',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const asOf = informer.asOf ?? assert.fail();
      server.collection.skipVersions(10);
      await clock.advance(15_999);
      assert.equal(server.count('watch'), 2);
      assert.equal(informer.asOf, asOf);
      await clock.advance(1);
      assert.equal(informer.asOf, clock.now() - 1_000);
      assert.equal(server.count('probe'), 1);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );

  for (const [what, isVisible, oldestMs, watchesAtMost] of [
    ['a visible', true, 17_000, 41],
    ['a hidden', false, 87_000, 8],
  ] as const) {
    it(
      `stays live without a flicker as ${what} source of a busy cluster in which only others write`,
      withInformer(async (fixture) => {
        const { server, clock, informer } = fixture;
        informer.setVisible(isVisible);
        server.put('a');
        await fixture.goLive();
        for (let tenth = 0; tenth < 6_000; tenth += 1) {
          server.collection.skipVersions(1);
          await clock.advance(100);
          const ageMs = clock.now() - (informer.asOf ?? 0);
          assert.ok(ageMs <= oldestMs, `${ageMs} ms old after ${tenth} tenths`);
        }
        assert.deepEqual(fixture.takeStates(), []);
        assert.equal(server.count('list'), 1);
        assert.ok(server.count('watch') <= watchesAtMost, `${server.count('watch')} watches`);
        assert.ok(server.count('probe') <= watchesAtMost, `${server.count('probe')} probes`);
        assert.equal(server.openWatches, 1);
        assert.equal(informer.counters.failures, 0);
        fixture.assertInSync();
      }),
    ).timeout(20_000);
  }

  it(
    'is proven by one watch after a failure, also in a busy cluster',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      await fixture.goLive();
      await clock.advance(2_000);
      server.cutWatches();
      server.collection.skipVersions(10);
      await clock.advance(400);
      fixture.expectState('reconnecting');
      await clock.advance(1_000);
      fixture.expectState('live');
      assert.equal(informer.asOf, clock.now() - 1_000);
      assert.equal(server.count('watch'), 2);
      assert.equal(server.count('list'), 1);
    }),
  );

  it(
    'leaves a watch alone that is behind but speaks',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      for (let round = 0; round < 20; round += 1) {
        server.collection.skipVersions(10);
        await clock.advance(14_000);
        server.bookmark(server.collection.version - 5);
        await fixture.settle();
      }
      assert.equal(server.count('watch'), 1);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );

  it(
    'does not take a watch that ends in the ordinary course for the end of a silence',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      server.playAlways('probe', playStatus(500, 'InternalError', 'etcd has no leader'));
      await clock.advance(20_000);
      fixture.expectState('stale');
      server.endWatches();
      await fixture.settle();
      assert.equal(server.count('watch'), 2);
      fixture.expectState('stale');
    }),
  );

  it(
    'notices a permission that was taken away while the watch goes on',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      server.playAlways('probe', playStatus(403, 'Forbidden', 'no more'));
      server.playAlways('watch', playStatus(403, 'Forbidden', 'no more'));
      await clock.advance(15_000);
      fixture.expectState('forbidden');
      assert.equal(server.openWatches, 0);
    }),
  );

  it(
    'counts a server that only says that it is unwell as silent, and keeps the watch',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      server.playAlways('probe', playStatus(500, 'InternalError', 'etcd has no leader'));
      await clock.advance(20_000);
      fixture.expectState('stale');
      server.put('a');
      await fixture.settle();
      fixture.expectState('live');
      assert.equal(server.openWatches, 1);
    }),
  );

  it(
    'says what showed the data to be true, and since when the watch is open',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      await fixture.goLive();
      assert.equal(informer.proofOfLife, 'list');
      assert.equal(informer.watchOpenedAt, clock.now());
      const openedAt = clock.now();
      await clock.advance(1_000);
      server.put('a');
      await fixture.settle();
      assert.equal(informer.proofOfLife, 'event');
      server.bookmark();
      await fixture.settle();
      assert.equal(informer.proofOfLife, 'bookmark');
      informer.retryNow();
      await fixture.settle();
      assert.equal(informer.proofOfLife, 'probe');
      assert.equal(informer.watchOpenedAt, openedAt);
      server.play('watch', { type: 'refuse', code: 'unreachable' });
      server.cutWatches();
      await fixture.settle();
      assert.equal(informer.watchOpenedAt, undefined);
    }),
  );

  it(
    'is stale at once when somebody begins to look after a long silence, also while a probe hangs',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      await fixture.goLive();
      server.playAlways('probe', { type: 'hang' });
      await clock.advance(30_000);
      informer.retryNow();
      await fixture.settle();
      fixture.expectState('live');
      informer.setVisible(true);
      await clock.advance(0);
      fixture.expectState('stale');
    }),
  );

  it(
    'is stale soon after the wall clock jumped over the limit of a hidden source, also when asked just then',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      await fixture.goLive();
      server.playAlways('probe', { type: 'hang' });
      await clock.advance(86_000);
      clock.jumpWall(5_000);
      informer.retryNow();
      await clock.advance(0);
      fixture.expectState('stale');
    }),
  );
});
