import assert from 'node:assert/strict';
import { seededRandom } from '../../../../src/base/random';
import { createDemoCluster } from '../../../../src/demo/demoCluster';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { FollowedInformer } from '../followedInformer';
import { PersonaApi } from '../servers/personaApi';

const MINUTE_MS = 60_000;

describe('an informer that equals the demo cluster', () => {
  trackLeaks();

  it('holds at every minute of an hour in which much happens what the cluster holds, and is always live', async () => {
    const clock = new FakeClock();
    const demo = createDemoCluster({ clock, seed: 4, historyLimit: 100 });
    const api = new PersonaApi(demo.fetch);
    const followed = new FollowedInformer({ fetch: demo.fetch, clock, random: seededRandom(4) });
    const { informer } = followed;
    demo.start();
    informer.start();
    await clock.advance(100);
    assert.deepEqual(followed.takeStates(), ['connecting', 'syncing', 'live']);
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.advance(MINUTE_MS);
      const expected = await api.held();
      assert.deepEqual(followed.held, expected);
      assert.deepEqual(followed.folded, expected);
    }
    assert.deepEqual(followed.takeStates(), []);
    assert.equal(informer.generation, 1, 'no second list was needed');
    assert.equal(informer.counters.failures, 0);
    assert.ok(informer.counters.watches > 5, 'watches end and are opened again');
    assert.ok(followed.told.filter((text) => text.startsWith('updated')).length > 100);
    assert.deepEqual(followed.violations, []);
    followed.subscriptions.dispose();
    await clock.settle();
    assert.equal(demo.openBodyCount, 0);
    demo.dispose();
    assert.equal(clock.pendingTimers, 0);
  }).timeout(20_000);
});
