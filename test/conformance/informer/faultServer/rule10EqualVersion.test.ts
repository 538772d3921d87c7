import assert from 'node:assert/strict';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 10: an equal resourceVersion, by script', () => {
  trackLeaks();

  it(
    'tells nothing where an event repeats a version that is held',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      server.put('a');
      await fixture.goLive();
      const held = informer.store.get('a');
      server.sendLine(JSON.stringify({ type: 'ADDED', object: server.collection.get('a') }));
      await fixture.settle();
      assert.deepEqual(fixture.notifications, []);
      assert.equal(informer.store.get('a'), held);
    }),
  );
});
