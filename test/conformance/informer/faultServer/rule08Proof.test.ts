import assert from 'node:assert/strict';
import { errorLine, playStatus } from '../../../support/faultServer/play';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 8: live needs proof, by script', () => {
  trackLeaks();

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
    'asks for it until it is had, also where the watch that was opened for it ends in the ordinary course',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      server.playAlways('probe', playStatus(500, 'InternalError', 'etcd has no leader'));
      server.cutWatches();
      await clock.advance(2_000);
      fixture.expectState('reconnecting');
      server.endWatches();
      await clock.advance(2_000);
      assert.equal(server.openWatches, 1, 'the watch is open again');
      fixture.expectState('reconnecting');
      server.playAlways('probe');
      await clock.advance(2_000);
      server.endWatches();
      await fixture.settle();
      fixture.expectState('live');
    }),
  );

  it(
    'counts from when a probe was sent, however late its answer comes',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const body = server.playSlowly('probe');
      await clock.advance(15_000);
      assert.equal(server.count('probe'), 1);
      const sentAt = clock.now();
      await clock.advance(3_000);
      body.write('{"items":[],"metadata":{"resourceVersion":"1000"}}');
      body.end();
      await fixture.settle();
      assert.equal(informer.asOf, sentAt);
      fixture.expectState('live');
    }),
  );

  it(
    'asks again where the answer to a probe waited through a sleep',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const body = server.playSlowly('probe');
      await clock.advance(15_000);
      clock.jumpWall(3_600_000);
      body.write('{"items":[],"metadata":{"resourceVersion":"1000"}}');
      body.end();
      await fixture.settle();
      assert.deepEqual(fixture.takeStates(), ['stale', 'live']);
      assert.equal(server.count('probe'), 2);
      assert.equal(informer.asOf, clock.now());
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

  it(
    'counts from when a list was asked for, however late it comes',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const list = server.playSlowly('list');
      server.sendLine(errorLine({ code: 410, reason: 'Expired', message: 'expired' }));
      await clock.advance(400);
      server.playAlways('probe', { type: 'hang' });
      server.playAlways('watch', { type: 'hang' });
      await clock.advance(4_000);
      list.write('{"items":[],"metadata":{"resourceVersion":"1000"}}');
      list.end();
      await clock.advance(15_900);
      assert.equal(informer.generation, 2);
      fixture.expectState('live');
      await clock.advance(200);
      fixture.expectState('stale');
    }),
  );

  it(
    'does not take the headers of a watch for proof of a first list that took long',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      const list = server.playSlowly('list');
      server.playAlways('probe', { type: 'hang' });
      informer.start();
      await fixture.settle();
      list.write('{"items":[');
      await clock.advance(25_000);
      list.write('],"metadata":{"resourceVersion":"1000"}}');
      list.end();
      await fixture.settle();
      assert.equal(server.openWatches, 1);
      assert.ok(!fixture.states.some(({ type }) => type === 'live'), JSON.stringify(fixture.states));
      server.playAlways('probe');
      server.bookmark();
      await fixture.settle();
      fixture.expectState('live');
    }),
  );
});
