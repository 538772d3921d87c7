import assert from 'node:assert/strict';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 3: every watch, by script', () => {
  trackLeaks();

  it(
    'reaches the version of each event, also of a deletion',
    withInformer(async (fixture) => {
      const { server } = fixture;
      server.put('a');
      await fixture.goLive();
      server.put('b');
      server.put('a', { spec: 1 });
      server.delete('b');
      await fixture.settle();
      assert.deepEqual(fixture.notifications, [
        'added b@1002',
        'updated a@1001 → a@1003',
        'deleted b@1004 observed',
      ]);
      assert.equal(fixture.informer.resourceVersion, '1004');
      fixture.assertInSync();
    }),
  );

  it(
    'asks for an end at random, so that watches do not all end together',
    withInformer(
      async (fixture) => {
        await fixture.goLive();
        const { server, clock } = fixture;
        for (let round = 0; round < 30; round += 1) {
          await clock.advance(2_000);
          server.endWatches();
          await fixture.settle();
        }
        const queries = server.requests.filter(({ kind }) => kind === 'watch').map(({ query }) => query);
        const seconds = queries.map((query) => Number(query.get('timeoutSeconds')));
        assert.equal(seconds.length, 31);
        assert.ok(new Set(seconds).size > 10, 'they are spread');
      },
      { random: spread() },
    ),
  );

  it(
    'begins at the version of the last bookmark',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      server.bookmark(1_234);
      await clock.advance(2_000);
      server.endWatches();
      await fixture.settle();
      assert.equal(server.last('watch')?.query.get('resourceVersion'), '1234');
      assert.equal(server.count('list'), 1);
      assert.equal(server.openWatches, 1);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );

  it(
    'does without bookmarks, which may never come',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      for (let round = 0; round < 8; round += 1) {
        server.collection.skipVersions(100);
        await clock.advance(450_000);
        server.endWatches();
        await fixture.settle();
        assert.equal(server.last('watch')?.query.get('resourceVersion'), '1000');
      }
      assert.equal(server.count('list'), 1);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );
});

function spread(): { next(): number } {
  let value = 0;
  return { next: () => (value = (value + 0.37) % 1) };
}
