import assert from 'node:assert/strict';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 9: deletions, and another cluster, by script', () => {
  trackLeaks();

  it(
    'takes a new uid under a known name for a deletion and a creation',
    withInformer(async (fixture) => {
      const { server } = fixture;
      server.put('a');
      await fixture.goLive();
      server.sendLine(
        JSON.stringify({
          type: 'MODIFIED',
          object: { metadata: { name: 'a', uid: 'new', resourceVersion: '1002' } },
        }),
      );
      await fixture.settle();
      assert.deepEqual(fixture.notifications, ['deleted a@1001 observed', 'added a@1002']);
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
    'drops everything when another cluster answers after a clean end',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      server.put('b');
      await fixture.goLive();
      await clock.advance(2_000);
      server.clusterUid = 'cluster-b';
      server.endWatches();
      await clock.advance(1_000);
      assert.deepEqual(fixture.takeNotifications(), ['replaced', 'added a@1001', 'added b@1002']);
      fixture.expectState('live');
      assert.ok(fixture.states.some(({ type }) => type === 'syncing'));
      fixture.assertInSync();
    }),
  );

  it(
    'drops everything also when the other cluster has no such resource',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      server.clusterUid = 'cluster-b';
      server.isInstalled = false;
      server.cutWatches();
      await clock.advance(1_000);
      fixture.expectState('notInstalled');
      assert.deepEqual(fixture.takeNotifications(), ['replaced']);
    }),
  );

  it(
    'lists anew after every broken connection where nobody may say who answers',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.clusterUid = undefined;
      server.put('a');
      await fixture.goLive();
      await clock.advance(2_000);
      server.cutWatches();
      await clock.advance(1_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 2);
      assert.deepEqual(fixture.takeNotifications(), [], 'equal versions are no news');
      await clock.advance(2_000);
      server.endWatches();
      await clock.advance(1_000);
      assert.equal(server.count('list'), 2, 'a clean end is no broken connection');
    }),
  );

  it(
    'lists anew where it could not be said before who answers',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.clusterUid = undefined;
      await fixture.goLive();
      await clock.advance(2_000);
      server.clusterUid = 'cluster-a';
      server.cutWatches();
      await clock.advance(1_000);
      assert.equal(server.count('list'), 2);
      server.cutWatches();
      await clock.advance(3_000);
      assert.equal(server.count('list'), 2, 'now it is known');
      fixture.expectState('live');
    }),
  );

  for (const body of ['not json', '{}', '{"metadata":{"uid":5}}', 'x'.repeat(300_000)]) {
    it(
      `does without an answer like ${body.slice(0, 24)}`,
      withInformer(async (fixture) => {
        fixture.server.playAlways('identity', { type: 'answer', status: 200, body });
        await fixture.goLive();
      }),
    );
  }
});
