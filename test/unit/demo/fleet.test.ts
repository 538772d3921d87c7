import assert from 'node:assert/strict';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { capacityOf } from '../../../src/persona/capacity';
import { decodePersona, type ClusterPersona } from '../../../src/persona/clusterPersona';
import { personaHealth } from '../../../src/persona/health';
import { countNodes } from '../../../src/persona/nodeCounts';
import { MAX_ROW_BYTES, toSummaryRow } from '../../../src/persona/summaryRow';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { getJson, getText, listPersonas, PERSONAS_PATH, StreamReader } from './demoReader';

const HOUR_MS = 60 * 60_000;

describe('the demo cluster', () => {
  trackLeaks();

  describe('holds a fleet that', () => {
    let demos: DemoCluster[];

    beforeEach(() => {
      demos = [];
    });

    afterEach(() => {
      for (const demo of demos) {
        demo.dispose();
      }
    });

    async function begin(seed = 1) {
      const clock = new FakeClock();
      const demo = createDemoCluster({ clock, seed });
      demos.push(demo);
      return { clock, demo, personas: await listPersonas(demo.fetch) };
    }

    /** What a watcher sees in `ms`, and what there is at the end. */
    async function play(seed: number, ms: number) {
      const { clock, demo } = await begin(seed);
      const { metadata } = await getJson(demo.fetch, PERSONAS_PATH);
      const watch = new StreamReader(
        demo.fetch,
        `${PERSONAS_PATH}?watch=true&resourceVersion=${metadata.resourceVersion}`,
      );
      demo.start();
      await clock.advance(ms);
      const list = (await getText(demo.fetch, PERSONAS_PATH)).text;
      const personas = await listPersonas(demo.fetch);
      demo.dispose();
      await clock.settle();
      return { lines: watch.lines, events: watch.events, list, personas };
    }

    function named(personas: readonly ClusterPersona[], name: string): ClusterPersona {
      const persona = personas.find((candidate) => candidate.name === name);
      assert.ok(persona !== undefined, name);
      return persona;
    }

    it('is a dozen clusters of all environments and many platforms, all of them readable', async () => {
      const { personas } = await begin();
      assert.equal(personas.length, 12);
      assert.ok(new Set(personas.map((persona) => persona.status?.platform)).size >= 6);
      assert.deepEqual(
        new Set(personas.map((persona) => persona.spec.environment)),
        new Set(['production', 'staging', 'development']),
      );
      assert.equal(new Set(personas.map((persona) => persona.metadata.uid)).size, 12);
      for (const { name, status } of personas) {
        assert.deepEqual(
          status?.unreadable ?? { nodes: 0, addons: 0, conditions: 0 },
          { nodes: 0, addons: 0, conditions: 0 },
          name,
        );
        const nodeNames = (status?.nodes ?? []).map((node) => node.name);
        assert.equal(new Set(nodeNames).size, nodeNames.length);
      }
    });

    it('has one cluster in trouble, one out of reach, one not discovered, and the rest well', async () => {
      const { personas } = await begin();
      const phases = Object.groupBy(personas, (persona) => persona.phase);
      assert.deepEqual(
        [phases.Degraded, phases.Unknown, phases.NotDiscovered, phases.Ready].map((group) => group?.length),
        [1, 1, 1, 9],
      );
      const degraded = named(personas, 'eu-west-1');
      assert.deepEqual(countNodes(degraded), { ready: 11, notReady: 1, unknown: 0, total: 12 });
      const unhealthy = degraded.status?.addons?.filter((addon) => addon.healthy === false);
      assert.deepEqual(
        unhealthy?.map((addon) => addon.name),
        ['ingress-nginx'],
      );
      assert.equal(named(personas, 'dev-ml').status, undefined);
      assert.deepEqual(new Set(phases.Ready?.map(personaHealth)), new Set(['ok']));
    });

    it('has exactly one cluster that reports what is used', async () => {
      const { personas } = await play(1, 60_000);
      const measured = personas.filter((persona) => capacityOf(persona).cpu.used !== undefined);
      assert.deepEqual(
        measured.map((persona) => persona.name),
        ['eu-west-1'],
      );
      const [persona] = measured;
      assert.ok(persona !== undefined);
      const { cpu, memory } = capacityOf(persona);
      assert.ok(cpu.utilizationPercent !== undefined && memory.utilizationPercent !== undefined);
      const computed = ((cpu.used ?? 0) / (cpu.allocatable ?? 1)) * 100;
      assert.ok(
        Math.abs(computed - cpu.utilizationPercent) <= 0.51,
        `${computed} is told as ${cpu.utilizationPercent}`,
      );
      for (const { status } of personas.filter((candidate) => candidate !== persona)) {
        const { usedCPU, usedMemory, cpuUtilization, memoryUtilization } = status?.resourceSummary ?? {};
        assert.deepEqual(
          [usedCPU, usedMemory, cpuUtilization, memoryUtilization],
          [undefined, undefined, undefined, undefined],
        );
      }
    });

    it('lists add-ons that are not installed and some that nobody checks', async () => {
      const { personas } = await begin();
      const addons = personas.flatMap((persona) => persona.status?.addons ?? []);
      assert.ok(addons.some((addon) => addon.installed === false && addon.version === undefined));
      assert.ok(addons.some((addon) => addon.installed === true && addon.healthy === undefined));
      assert.ok(addons.some((addon) => addon.healthy === true));
    });

    it('has totals that its nodes add up to', async () => {
      const { personas } = await begin();
      for (const persona of personas.filter((candidate) => candidate.status !== undefined)) {
        const { cpu, memory, pods } = capacityOf(persona);
        const {
          cpu: summed,
          memory: summedMemory,
          pods: summedPods,
        } = capacityOf({
          ...persona,
          ...(persona.status !== undefined && { status: { ...persona.status, resourceSummary: undefined } }),
        });
        assert.ok(Math.abs((cpu.allocatable ?? 0) - (summed.allocatable ?? -1)) < 1e-9, persona.name);
        assert.equal(memory.total, summedMemory.total);
        assert.equal(pods.total, summedPods.total);
      }
    });

    it('is as big as the real thing, managedFields included, and its rows are small', async () => {
      const { demo } = await begin();
      const { items } = await getJson(demo.fetch, PERSONAS_PATH);
      let bytes = 0;
      let managedBytes = 0;
      for (const item of items) {
        bytes += JSON.stringify(item).length;
        managedBytes += JSON.stringify(Object(item.metadata)['managedFields']).length;
        assert.ok(JSON.stringify(toSummaryRow('a1b2c3d4e5f6', decodePersona(item))).length <= MAX_ROW_BYTES);
      }
      const share = managedBytes / bytes;
      assert.ok(share > 0.12 && share < 0.27, `managedFields are ${Math.round(share * 100)} %`);
    });

    it('tells the same story for the same seed, and another for another', async () => {
      const first = await play(42, 200_000);
      const second = await play(42, 200_000);
      assert.ok(first.lines.length > 80);
      assert.deepEqual(second.lines, first.lines);
      assert.equal(second.list, first.list);
      const other = await play(43, 200_000);
      assert.notEqual(other.list, first.list);
    });

    it('changes something every one to three seconds', async () => {
      const { events } = await play(5, 120_000);
      assert.ok(events.length >= 40 && events.length <= 140, `${events.length} changes in two minutes`);
    });

    it('shows nodes that fail and recover, add-ons that are upgraded, and sandboxes that come and go', async () => {
      const { events } = await play(3, 15 * 60_000);
      const seen = new Map<string, ClusterPersona>();
      const sightings = new Set<string>();
      for (const { type, object } of events) {
        const persona = decodePersona(object);
        const before = seen.get(persona.name);
        if (persona.name.startsWith('sandbox-')) {
          sightings.add(`sandbox ${type} ${persona.phase}`);
        } else if (before !== undefined) {
          const readyBefore = countNodes(before)?.notReady ?? 0;
          const readyNow = countNodes(persona)?.notReady ?? 0;
          if (readyBefore !== readyNow) {
            sightings.add(readyNow > readyBefore ? 'node down' : 'node up');
            assert.equal(persona.phase, readyNow > 0 ? 'Degraded' : 'Ready', 'the phase follows the nodes');
          }
          const versions = (which: ClusterPersona) =>
            which.status?.addons?.map((addon) => addon.version).join();
          if (versions(before) !== versions(persona)) {
            sightings.add('add-on upgraded');
          }
        }
        seen.set(persona.name, persona);
      }
      for (const sighting of [
        'node down',
        'node up',
        'add-on upgraded',
        'sandbox ADDED NotDiscovered',
        'sandbox MODIFIED Ready',
        'sandbox DELETED Ready',
      ]) {
        assert.ok(sightings.has(sighting), `${sighting} among ${[...sightings].join(', ')}`);
      }
    });

    it('is no worse after six hours', async function () {
      this.timeout(20_000);
      const { personas } = await play(8, 6 * HOUR_MS);
      const permanent = personas.filter((persona) => !persona.name.startsWith('sandbox-'));
      assert.equal(permanent.length, 12);
      assert.ok(personas.length <= 13);
      const start = (await begin(8)).personas;
      for (const persona of permanent) {
        const then = named(start, persona.name);
        const running = persona.status?.resourceSummary?.runningPods ?? 0;
        const runningThen = then.status?.resourceSummary?.runningPods ?? 0;
        assert.ok(
          Math.abs(running - runningThen) <= runningThen * 0.25,
          `${persona.name}: ${running} of ${runningThen} pods`,
        );
        assert.ok(
          Math.abs((countNodes(persona)?.total ?? 0) - (countNodes(then)?.total ?? 0)) <= 1,
          persona.name,
        );
        for (const [index, addon] of (persona.status?.addons ?? []).entries()) {
          const head = (version: string | undefined) => version?.replace(/\.\d+$/, '');
          assert.equal(head(addon.version), head(then.status?.addons?.[index]?.version));
        }
      }
      const usage = capacityOf(named(permanent, 'eu-west-1')).cpu.utilizationPercent ?? 0;
      assert.ok(usage > 15 && usage < 50, `${usage} % CPU`);
      const bad = permanent.filter((persona) => ['warning', 'error'].includes(personaHealth(persona)));
      assert.ok(bad.length <= 4, `${bad.map((persona) => persona.name).join(', ')} are in trouble`);
    });

    it('stands still until it is started, and stops for good', async () => {
      const { clock, demo } = await begin();
      assert.equal(clock.pendingTimers, 0);
      demo.start();
      demo.start();
      assert.equal(clock.pendingTimers, 2, 'a second start starts nothing');
      await clock.advance(25_000);
      demo.dispose();
      assert.equal(clock.pendingTimers, 0);
      demo.start();
      assert.equal(clock.pendingTimers, 0);
    });
  });
});
