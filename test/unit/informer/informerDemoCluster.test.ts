import assert from 'node:assert/strict';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { Informer } from '../../../src/informer/informer';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';

describe('Informer: on the demo cluster', () => {
  trackLeaks();

  it('stays live and equal to it for an hour in which it changes, and leaves nothing open', async () => {
    const clock = new FakeClock();
    const cluster = createDemoCluster({ clock, seed: 7 });
    const informer = new Informer({
      fetch: cluster.fetch,
      path: CLUSTER_PERSONA.path,
      clock,
      random: seededRandom(1),
      logger: nullLogger,
    });
    const states: string[] = [];
    let updates = 0;
    const subscriptions = [
      informer.onStateChanged(({ type }) => states.push(type)),
      informer.addHandler({ added() {}, updated: () => (updates += 1), deleted() {} }),
    ];
    cluster.start();
    informer.start();
    await clock.advance(3_600_000);
    assert.deepEqual(states, ['connecting', 'syncing', 'live']);
    assert.ok(updates > 100, `${updates} updates`);
    assert.ok(informer.counters.watches > 5, 'watches end and are opened again');
    assert.equal(informer.counters.failures, 0);

    const other = new Informer({
      fetch: cluster.fetch,
      path: CLUSTER_PERSONA.path,
      clock,
      random: seededRandom(2),
      logger: nullLogger,
    });
    other.start();
    await clock.advance(0);
    assert.deepEqual([...informer.store.values()], [...other.store.values()]);

    informer.dispose();
    other.dispose();
    for (const subscription of subscriptions) {
      subscription.dispose();
    }
    await clock.settle();
    assert.equal(cluster.openBodyCount, 0);
    cluster.dispose();
    assert.equal(clock.pendingTimers, 0);
  });
});
