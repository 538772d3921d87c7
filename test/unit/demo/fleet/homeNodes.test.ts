import assert from 'node:assert/strict';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, PERSONAS_PATH, type AnyObject } from '../demoReader';
import { failingLogger } from './failingLogger';
import { PromptClock } from './promptClock';

const HOME = 'eu-west-1';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly lastHeartbeatTime: string;
}

describe('the Node objects', () => {
  let demo: DemoCluster;
  let clock: PromptClock;

  beforeEach(() => {
    clock = new PromptClock();
    demo = createDemoCluster({ clock, seed: 1, scene: 'incident', logger: failingLogger });
  });

  afterEach(() => demo.dispose());

  trackLeaks();

  async function nodes(): Promise<readonly AnyObject[]> {
    return (await getJson(demo.fetch, '/api/v1/nodes')).items;
  }

  function conditionOf(node: AnyObject, type: string): Condition {
    const conditions: readonly Condition[] = Object(node['status']).conditions;
    const found = conditions.find((condition) => condition.type === type);
    assert.ok(found !== undefined);
    return found;
  }

  /** What a persona says of nodes, and what they say themselves. */
  async function bothViews() {
    const persona = await getJson(demo.fetch, `${PERSONAS_PATH}/${HOME}`);
    const told = Object(persona['status']).nodes.map(
      (node: {
        name: string;
        ready: boolean;
        kubeletVersion: string;
        taints?: string[];
        capacity: object;
      }) => ({
        name: node.name,
        ready: node.ready,
        kubeletVersion: node.kubeletVersion,
        taints: node.taints ?? [],
        cpu: Object(node.capacity).cpu,
      }),
    );
    const stored = (await nodes()).map((node) => ({
      name: node.metadata.name,
      ready: conditionOf(node, 'Ready').status === 'True',
      kubeletVersion: Object(node['status']).nodeInfo.kubeletVersion,
      taints: (Object(node['spec']).taints ?? []).map(
        (taint: { key: string; value?: string; effect: string }) =>
          `${taint.key}=${taint.value ?? ''}:${taint.effect}`,
      ),
      cpu: Object(node['status']).capacity.cpu,
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    return { told: told.toSorted(byName), stored: stored.toSorted(byName) };
  }

  for (const scene of ['incident', 'upgrade', 'storm'] as const) {
    it(`agree with the persona of the cluster at any time: ${scene}`, async () => {
      demo.setScene(scene);
      demo.start();
      const states = new Set<string>();
      for (let check = 0; check < 150; check += 1) {
        clock.advance(scene === 'storm' ? 400 : 4000);
        const { told, stored } = await bothViews();
        assert.deepEqual(stored, told);
        states.add(JSON.stringify(stored));
      }
      assert.ok(states.size > 5, `${states.size} states`);
    });
  }

  it('say that a silent kubelet is silent, and what came of it', async () => {
    const silent = (await nodes()).filter((node) => conditionOf(node, 'Ready').status !== 'True');
    assert.equal(silent.length, 1);
    const [node] = silent;
    assert.ok(node !== undefined);
    assert.equal(conditionOf(node, 'Ready').status, 'Unknown');
    assert.equal(conditionOf(node, 'MemoryPressure').reason, 'NodeStatusUnknown');
    assert.deepEqual(
      Object(node['spec']).taints.map(
        (taint: { key: string; effect: string }) => `${taint.key}:${taint.effect}`,
      ),
      ['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute'],
    );
  });

  it('keep who they are, and have heartbeats that go on', async () => {
    const before = await nodes();
    demo.setScene('calm');
    demo.start();
    clock.advance(60 * 60_000);
    const after = await nodes();
    for (const node of before) {
      const now = after.find((candidate) => candidate.metadata.uid === node.metadata.uid);
      assert.ok(now !== undefined, node.metadata.name);
      assert.deepEqual(Object(now['status']).addresses, Object(node['status']).addresses);
      assert.deepEqual(Object(now['status']).nodeInfo.machineID, Object(node['status']).nodeInfo.machineID);
      if (conditionOf(now, 'Ready').status === 'True') {
        const ageMs = clock.now() - Date.parse(conditionOf(now, 'Ready').lastHeartbeatTime);
        assert.ok(ageMs < 10 * 60_000, `${ageMs} ms since the last heartbeat`);
      }
    }
  });
});
