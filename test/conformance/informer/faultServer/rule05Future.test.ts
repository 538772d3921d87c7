import assert from 'node:assert/strict';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 5: a watch from a version that the server has not reached, by script', () => {
  trackLeaks();

  for (const [what, isVisible, probedMs] of [
    ['a visible', true, 15_000],
    ['a hidden', false, 85_000],
  ] as const) {
    it(
      `finds out by the probe of ${what} source that its watch stands and the server is behind it`,
      withInformer(async (fixture) => {
        const { server, clock, informer } = fixture;
        informer.setVisible(isVisible);
        server.put('old');
        await fixture.goLive();
        server.put('lost');
        await fixture.settle();
        fixture.takeNotifications();
        server.deafenWatches();
        server.collection.restore(1_001, ['old']);
        await clock.advance(probedMs - 1);
        assert.equal(server.count('list'), 1);
        await clock.advance(1_000);
        assert.equal(server.count('list'), 2);
        assert.equal(server.last('list')?.query.has('resourceVersion'), false);
        assert.deepEqual(fixture.takeNotifications(), ['deleted lost@1002 inferred']);
        fixture.expectState('live');
        fixture.assertInSync();
      }),
    );
  }

  it(
    'finds out by the probe after a cut that the next watch, which is answered and silent, waits for the future',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      server.put('lost');
      await clock.advance(2_000);
      server.collection.restore(1_000, []);
      server.cutWatches();
      await clock.advance(400);
      assert.equal(server.last('watch')?.query.get('resourceVersion'), '1001');
      assert.equal(server.count('probe'), 1);
      await clock.advance(2_000);
      assert.equal(server.last('watch')?.query.get('resourceVersion'), '1000');
      assert.equal(server.count('list'), 2);
      fixture.expectState('live');
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
});
