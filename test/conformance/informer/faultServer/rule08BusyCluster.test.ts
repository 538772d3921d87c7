import assert from 'node:assert/strict';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 8: live needs proof, in a cluster in which others write, by script', () => {
  trackLeaks();

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
    'takes the first 750 ms of a watch that was opened again for proof, and no less',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      const asOf = informer.asOf ?? assert.fail();
      server.collection.skipVersions(10);
      await clock.advance(15_749);
      assert.equal(server.count('watch'), 2);
      assert.equal(informer.asOf, asOf);
      await clock.advance(1);
      assert.equal(informer.asOf, clock.now() - 750);
      assert.equal(server.count('probe'), 1);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );

  it(
    'does not take for silence what the watch told just when its time was up',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      informer.setVisible(true);
      await fixture.goLive();
      server.collection.skipVersions(10);
      await clock.advance(15_700);
      assert.equal(server.count('watch'), 2);
      const proofs: unknown[] = [];
      fixture.subscriptions.add(informer.onProof(() => proofs.push(informer.proofOfLife)));
      // Timers come first: what a socket has received is read after them.
      fixture.subscriptions.add(clock.schedule(50, () => server.put('a')));
      await clock.advance(50);
      assert.deepEqual(proofs, ['event']);
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
});
