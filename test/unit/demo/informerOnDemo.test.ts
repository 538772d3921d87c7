import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/base/kubeObject';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { Informer } from '../../../src/informer/informer';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { getJson, PERSONAS_PATH } from './demoReader';

const MINUTE_MS = 60_000;

describe('the informer on the demo cluster', () => {
  trackLeaks();

  it('is live at once, stays so for an hour, and holds what the cluster holds', async () => {
    const clock = new FakeClock();
    const demo = createDemoCluster({ clock, seed: 4, historyLimit: 100 });
    const informer = new Informer({
      fetch: demo.fetch,
      path: PERSONAS_PATH,
      clock,
      random: seededRandom(4),
      logger: nullLogger,
    });
    const told = new Map<string, KubeObject>();
    const handler = informer.addHandler({
      added: (object) => void told.set(object.metadata.name, object),
      updated: (_before, after) => void told.set(after.metadata.name, after),
      deleted: (last) => void told.delete(last.metadata.name),
    });
    demo.start();
    informer.start();
    await clock.advance(100);
    assert.equal(informer.state.type, 'live');
    const states = new Set<string>();
    const onState = informer.onStateChanged((state) => states.add(state.type));
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.advance(MINUTE_MS);
      const { items } = await getJson(demo.fetch, PERSONAS_PATH);
      const held = [...informer.store.values()];
      assert.deepEqual(
        held.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).toSorted(),
        items.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).toSorted(),
      );
      assert.deepEqual(new Set(told.values()), new Set(held), 'what was told adds up to what is held');
      assert.ok(held.every(({ metadata }) => !Object.hasOwn(metadata, 'managedFields')));
    }
    assert.deepEqual([...states], [], 'the state never changed');
    assert.equal(informer.generation, 1, 'no second list was needed');
    onState.dispose();
    handler.dispose();
    informer.dispose();
    demo.dispose();
    await clock.settle();
    assert.equal(clock.pendingTimers, 0);
  }).timeout(20_000);
});
