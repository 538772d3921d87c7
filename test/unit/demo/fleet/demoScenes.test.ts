import assert from 'node:assert/strict';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { DEMO_SCENES, type DemoScene } from '../../../../src/demo/demoScene';
import { decodePersona, type ClusterPersona } from '../../../../src/persona/clusterPersona';
import { countNodes } from '../../../../src/persona/nodeCounts';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { failingLogger } from './failingLogger';
import { PromptClock } from './promptClock';
import { getJson, getText, listPersonas, PERSONAS_PATH, StreamReader } from '../demoReader';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('a scene', () => {
  let demos: DemoCluster[];

  beforeEach(() => {
    demos = [];
  });

  afterEach(() => {
    for (const demo of demos) {
      demo.dispose();
    }
  });

  trackLeaks();

  function begin(scene: DemoScene, seed = 1) {
    const clock = new FakeClock();
    const demo = createDemoCluster({ clock, seed, scene });
    demos.push(demo);
    return { clock, demo };
  }

  function beginPrompt(scene: DemoScene, seed: number) {
    const clock = new PromptClock();
    const demo = createDemoCluster({ clock, seed, scene, logger: failingLogger });
    demos.push(demo);
    return { clock, demo };
  }

  /** The versions of all personas that a watcher sees in `ms`. */
  async function play(scene: DemoScene, ms: number, seed = 1) {
    const { clock, demo } = begin(scene, seed);
    const first = await listPersonas(demo.fetch);
    const { metadata } = await getJson(demo.fetch, PERSONAS_PATH);
    const query = `watch=true&resourceVersion=${metadata.resourceVersion}`;
    const watch = new StreamReader(demo.fetch, `${PERSONAS_PATH}?${query}`);
    demo.start();
    await clock.advance(ms);
    const personas = watch.events
      .filter((event) => event.type === 'MODIFIED')
      .map((event) => decodePersona(event.object));
    return { clock, demo, first, personas };
  }

  function notReady(persona: ClusterPersona): number {
    return countNodes(persona)?.notReady ?? 0;
  }

  for (const scene of DEMO_SCENES) {
    it(`is the same story for the same seed: ${scene}`, async function () {
      this.timeout(20_000);
      const stateAfter = async (ms: number, seed: number) => {
        const { clock, demo } = beginPrompt(scene, seed);
        demo.start();
        clock.advance(ms);
        const lists = ['/api/v1/nodes', '/api/v1/events', '/api/v1/pods', PERSONAS_PATH];
        return Promise.all(lists.map(async (path) => (await getText(demo.fetch, path)).text));
      };
      // About as many changes as an hour of a calm fleet brings.
      const ms = { calm: HOUR_MS, incident: 15 * MINUTE_MS, upgrade: 10 * MINUTE_MS, storm: MINUTE_MS }[
        scene
      ];
      assert.deepEqual(await stateAfter(ms, 9), await stateAfter(ms, 9));
      assert.notDeepEqual(await stateAfter(MINUTE_MS, 9), await stateAfter(MINUTE_MS, 10));
    });
  }

  it('named calm changes something every one to three seconds and loses few nodes', async () => {
    const { personas } = await play('calm', 10 * MINUTE_MS);
    assert.ok(personas.length > 200 && personas.length < 600, `${personas.length} changes`);
    assert.ok(personas.every((persona) => notReady(persona) <= 1));
  });

  it('named incident takes one cluster after another down step by step, and each comes back', async () => {
    const { demo, clock, personas } = await play('incident', 20 * MINUTE_MS);
    const worst = new Map<string, number>();
    const before = new Map<string, number>();
    let hadUnhealthyAddon = false;
    for (const persona of personas) {
      const now = notReady(persona);
      const change = Math.abs(now - (before.get(persona.name) ?? now));
      assert.ok(change <= 1, `${persona.name}: one node at a time`);
      before.set(persona.name, now);
      worst.set(persona.name, Math.max(worst.get(persona.name) ?? 0, now));
      hadUnhealthyAddon ||=
        now > 1 && persona.status?.addons?.some((addon) => addon.healthy === false) === true;
    }
    const hit = [...worst.values()].filter((count) => count >= 2).length;
    assert.ok(hit >= 5, `${hit} clusters lost two nodes or more`);
    assert.ok(hadUnhealthyAddon, 'add-ons follow');
    demo.setScene('calm');
    await clock.advance(4 * MINUTE_MS);
    for (const persona of await listPersonas(demo.fetch)) {
      assert.ok(notReady(persona) <= 1, `${persona.name} is back`);
    }
  });

  it('named upgrade goes node by node through one cluster after another', async () => {
    const { personas, first } = await play('upgrade', 10 * MINUTE_MS);
    const versions = new Map(first.map(({ name, status }) => [name, status?.kubernetesVersion]));
    const upgraded = new Set<string>();
    const isCordoned = (persona: ClusterPersona) =>
      persona.status?.nodes?.some((node) =>
        node.taints?.some((taint) => taint.startsWith('node.kubernetes.io/unschedulable')),
      ) === true;
    for (const persona of personas) {
      const version = persona.status?.kubernetesVersion;
      const begun = versions.get(persona.name);
      if (begun !== undefined && begun !== version) {
        const kubelets = new Set(persona.status?.nodes?.map((node) => node.kubeletVersion));
        if (kubelets.size === 1 && kubelets.has(version)) {
          upgraded.add(persona.name);
        }
      }
    }
    assert.ok(upgraded.size >= 6, `${upgraded.size} clusters were upgraded as a whole`);
    assert.ok(personas.some(isCordoned));
    assert.ok(personas.some((persona) => notReady(persona) > 0 && isCordoned(persona)));
  });

  it('named storm changes many things a second everywhere, and is over when another begins', async () => {
    const { demo, clock, personas } = await play('storm', MINUTE_MS);
    assert.ok(personas.length > 500, `${personas.length} changes in a minute`);
    assert.ok(new Set(personas.map((persona) => persona.name)).size >= 10);
    assert.ok(personas.some((persona) => persona.phase === 'Unknown' && persona.name !== 'edge-berlin'));
    demo.setScene('calm');
    assert.equal(demo.scene, 'calm');
    await clock.advance(MINUTE_MS);
    const now = await listPersonas(demo.fetch);
    const phases = Object.groupBy(now, (persona) => persona.phase);
    assert.equal(phases.Unknown?.length, 1);
    assert.ok((phases.Degraded?.length ?? 0) <= 3);
  });

  it('can be chosen before anything happens, and is calm by itself', async () => {
    const { clock, demo } = begin('calm');
    assert.equal(createAnother(demos, clock).scene, 'calm');
    demo.setScene('storm');
    assert.equal(demo.scene, 'storm');
    assert.equal(clock.pendingTimers, 0);
    const { metadata } = await getJson(demo.fetch, PERSONAS_PATH);
    demo.start();
    await clock.advance(10_000);
    const later = await getJson(demo.fetch, PERSONAS_PATH);
    assert.ok(Number(later.metadata.resourceVersion) - Number(metadata.resourceVersion) > 60);
  });

  for (const scene of DEMO_SCENES) {
    it(`leaves everything bounded: ${scene}`, async function () {
      this.timeout(30_000);
      const { clock, demo } = beginPrompt(scene, 5);
      demo.start();
      clock.advance(scene === 'storm' ? 3 * MINUTE_MS : HOUR_MS);
      const personas = await listPersonas(demo.fetch);
      assert.ok(personas.length <= 13);
      const started = await listPersonas(beginPrompt('calm', 5).demo.fetch);
      for (const { name, status } of started) {
        const now = personas.find((persona) => persona.name === name);
        assert.ok(now !== undefined, name);
        const pods = status?.resourceSummary?.runningPods ?? 0;
        const podsNow = now.status?.resourceSummary?.runningPods ?? 0;
        assert.ok(podsNow <= pods * 1.3 + 5 && podsNow >= pods * 0.4 - 5, `${name}: ${podsNow} of ${pods}`);
        assert.ok(
          Math.abs((countNodes(now)?.total ?? 0) - (status?.nodes?.length ?? 0)) <= 1,
          `${name} keeps its nodes`,
        );
      }
      const events = (await getJson(demo.fetch, '/api/v1/events')).items;
      assert.ok(events.length > 0 && events.length <= 200, `${events.length} events`);
      const pods = (await getJson(begin('calm', 5).demo.fetch, '/api/v1/pods')).items;
      assert.equal((await getJson(demo.fetch, '/api/v1/pods')).items.length, pods.length);
      assert.equal((await getJson(demo.fetch, '/api/v1/nodes')).items.length >= 12, true);
      assert.ok(clock.pendingTimers < 20, `${clock.pendingTimers} timers`);
      assert.equal(demo.openBodyCount, 0);
    });
  }
});

function createAnother(demos: DemoCluster[], clock: FakeClock): DemoCluster {
  const demo = createDemoCluster({ clock, seed: 1 });
  demos.push(demo);
  return demo;
}
