import assert from 'node:assert/strict';
import { errorLine, playLines, playStatus } from '../../../support/faultServer/play';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 4: 410 Gone and ResourceVersionTooLarge, by script', () => {
  trackLeaks();

  it(
    'shows what is held as stale when listing anew takes longer than 5 s',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      server.put('a');
      await fixture.goLive();
      await clock.advance(5_000);
      server.collection.skipVersions(1);
      server.collection.compact();
      const asOf = informer.asOf;
      const body = server.playSlowly('list');
      server.endWatches();
      await clock.advance(4_999);
      assert.deepEqual(fixture.takeStates(), []);
      await clock.advance(1);
      assert.deepEqual(informer.state, {
        type: 'stale',
        since: asOf,
        problem: { code: 'expired', detail: 'HTTP 410: too old resource version' },
      });
      informer.retryNow();
      await fixture.settle();
      fixture.expectState('stale');
      assert.deepEqual(fixture.heldNames, ['a']);
      body.write('{"items":[],"metadata":{"resourceVersion":"1002"}}');
      body.end();
      await fixture.settle();
      fixture.expectState('live');
      assert.deepEqual(fixture.heldNames, []);
    }),
  );

  it(
    'backs off when every watch is refused as expired, and says so',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.playAlways('watch', playStatus(410, 'Expired', 'too old resource version'));
      fixture.informer.start();
      await clock.advance(60_000);
      assert.ok(server.count('list') >= 5 && server.count('list') <= 10, `${server.count('list')} lists`);
      assert.equal(fixture.expectState('reconnecting').problem.code, 'expired');
    }),
  );

  for (const [what, play] of [
    [
      'as a status',
      playStatus(504, 'Timeout', 'Too large resource version: 2000, current: 1001', { 'retry-after': '1' }),
    ],
    [
      'in the stream',
      playLines([
        errorLine({
          code: 504,
          reason: 'Timeout',
          message: 'Timeout: Too large resource version',
          details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
        }),
      ]),
    ],
  ] as const) {
    it(
      `lists anew after ResourceVersionTooLarge ${what}`,
      withInformer(async (fixture) => {
        const { server, clock } = fixture;
        await fixture.goLive();
        await clock.advance(2_000);
        server.play('watch', play);
        server.endWatches();
        await fixture.settle();
        assert.equal(server.count('list'), 1);
        await clock.advance(1_400);
        fixture.expectState('live');
        assert.equal(server.count('list'), 2);
        assert.deepEqual(fixture.takeStates(), []);
      }),
    );
  }

  it(
    'lists anew soon after an outage that cost the history, however long the waits have grown',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      server.put('b');
      server.collection.compact();
      server.isDown = true;
      server.cutWatches();
      await clock.advance(120_000);
      const { retryAt } = fixture.expectState('reconnecting');
      server.isDown = false;
      await clock.advance(retryAt - clock.now());
      assert.equal(fixture.expectState('reconnecting').problem.code, 'expired');
      assert.equal(server.count('list'), 1);
      await clock.advance(400);
      fixture.expectState('live');
      assert.equal(server.count('list'), 2);
      fixture.assertInSync();
    }),
  );

  it(
    'backs off from a server that lists and then expires each watch in its stream, and says so',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      const expired = errorLine({ code: 410, reason: 'Expired', message: 'expired' });
      server.playAlways('watch', playLines([expired], 'end'));
      server.sendLine(expired);
      await clock.advance(60_000);
      assert.ok(server.count('list') < 12, `${server.count('list')} lists in a minute`);
      assert.equal(fixture.expectState('reconnecting').problem.code, 'expired');
      server.playAlways('watch');
      await clock.advance(30_000);
      fixture.expectState('live');
      fixture.assertInSync();
    }),
  );
});
