import assert from 'node:assert/strict';
import { playLines } from '../../../support/faultServer/play';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 7: back-off, by script', () => {
  trackLeaks();

  it(
    'counts a watch that ends within a second without an event as a failure, from the fourth time on visibly',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      await clock.advance(5_000);
      server.play('watch', ...Array.from({ length: 4 }, () => playLines([], 'end')));
      server.endWatches();
      await fixture.settle();
      assert.equal(server.count('watch'), 2, 'the next try waits');
      await clock.advance(400 + 800);
      assert.equal(server.count('watch'), 4);
      assert.deepEqual(fixture.takeStates(), []);
      await clock.advance(1_600);
      assert.equal(server.count('watch'), 5);
      assert.deepEqual(fixture.takeStates(), ['reconnecting']);
      await clock.advance(60_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 1);
    }),
  );

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
    'lists anew once after an outage in which the history was forgotten, however long it was',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      await clock.advance(5_000);
      server.isDown = true;
      server.cutWatches();
      server.put('b');
      server.collection.compact();
      await clock.advance(600_000);
      assert.equal(server.count('list'), 1);
      server.isDown = false;
      await clock.advance(60_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 2);
      fixture.assertInSync();
    }),
  );
});
