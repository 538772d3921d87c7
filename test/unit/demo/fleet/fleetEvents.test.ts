import assert from 'node:assert/strict';
import { createDemoCluster } from '../../../../src/demo/demoCluster';
import { DEMO_SCENES, type DemoScene } from '../../../../src/demo/demoScene';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, PERSONAS_PATH, type AnyObject } from '../demoReader';
import { failingLogger } from './failingLogger';
import { PromptClock } from './promptClock';

const MINUTE_MS = 60_000;

describe('events', () => {
  trackLeaks();

  async function eventsAfter(scene: DemoScene, ms: number) {
    const clock = new PromptClock();
    const demo = createDemoCluster({ clock, seed: 2, scene, logger: failingLogger });
    demo.start();
    clock.advance(ms);
    const paths = ['/api/v1/events', '/api/v1/pods', '/api/v1/nodes', PERSONAS_PATH];
    const lists = await Promise.all(paths.map(async (path) => (await getJson(demo.fetch, path)).items));
    demo.dispose();
    const [events = [], ...others] = lists;
    return { events, objects: others.flat(), nowMs: clock.now() };
  }

  function involved(event: AnyObject) {
    return Object(event['involvedObject']);
  }

  for (const scene of DEMO_SCENES) {
    it(`are about objects that exist, and of the last hour: ${scene}`, async () => {
      const { events, objects, nowMs } = await eventsAfter(scene, (scene === 'storm' ? 1 : 5) * MINUTE_MS);
      const known = new Map(objects.map((object) => [object.metadata.uid, object]));
      assert.ok(events.length > 3 && events.length <= 200, `${events.length} events`);
      for (const event of events) {
        const { uid, name, namespace, kind } = involved(event);
        const about = known.get(uid);
        // Events outlive what they are about: a sandbox, a node that was there for a while.
        if (about === undefined) {
          assert.ok(kind === 'Node' || name.startsWith('sandbox-'), name);
        } else {
          assert.deepEqual([about.metadata.name, about.metadata.namespace], [name, namespace]);
        }
        assert.equal(event.metadata.namespace, namespace ?? 'default');
        const lastMs = Date.parse(String(event['lastTimestamp']));
        assert.ok(lastMs <= nowMs && lastMs > nowMs - 60 * MINUTE_MS);
        assert.ok(Date.parse(String(event['firstTimestamp'])) <= lastMs);
        assert.ok(Number(event['count']) >= 1);
      }
    });
  }

  it('tell an outage from its first node to its end', async () => {
    const { events } = await eventsAfter('incident', 10 * MINUTE_MS);
    const reasons = new Set(events.map((event) => event.reason));
    for (const reason of [
      'NodesNotReady',
      'NodeNotReady',
      'AddonUnhealthy',
      'NodeReady',
      'AllNodesReady',
      'AddonHealthy',
    ]) {
      assert.ok(reasons.has(reason), `${reason} among ${[...reasons].join(', ')}`);
    }
    const counted = events.filter((event) => event.reason === 'NodesNotReady').map((event) => event.message);
    assert.ok(counted.includes('3/4 nodes ready') || counted.length > 4, counted.join());
  });

  it('that were told before are counted up instead', async () => {
    const { events } = await eventsAfter('calm', 20 * MINUTE_MS);
    const says = events.map(
      (event) => `${involved(event).uid} ${String(event.reason)} ${String(event.message)}`,
    );
    assert.equal(new Set(says).size, says.length);
    assert.ok(events.some((event) => event.reason === 'Unhealthy' && Number(event['count']) > 118));
  });
});
