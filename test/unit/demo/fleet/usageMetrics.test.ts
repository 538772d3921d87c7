import assert from 'node:assert/strict';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { parseQuantity } from '../../../../src/persona/quantity';
import { readText } from '../../../../src/base/readBody';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, getText, type AnyObject } from '../demoReader';
import { failingLogger } from './failingLogger';
import { PromptClock } from './promptClock';

const NODE_METRICS_PATH = '/apis/metrics.k8s.io/v1beta1/nodes';
const POD_METRICS_PATH = '/apis/metrics.k8s.io/v1beta1/pods';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

function amount(quantity: unknown): number {
  const value = parseQuantity(String(quantity));
  assert.ok(value !== undefined, String(quantity));
  return value;
}

describe('what is used', () => {
  let demo: DemoCluster;
  let clock: PromptClock;

  beforeEach(() => {
    clock = new PromptClock();
    demo = createDemoCluster({ clock, seed: 1, logger: failingLogger });
  });

  afterEach(() => demo.dispose());

  trackLeaks();

  async function items(path: string): Promise<readonly AnyObject[]> {
    return (await getJson(demo.fetch, path)).items;
  }

  async function tableRows(path: string): Promise<readonly { readonly cells: readonly unknown[] }[]> {
    const { body } = await demo.fetch(path, { headers: { Accept: TABLE } });
    const table = JSON.parse(await readText(body, 1_000_000));
    assert.equal(table.kind, 'Table');
    return table.rows;
  }

  it('is told of every node whose kubelet is heard, and is less than there is', async () => {
    const nodes = new Map((await items('/api/v1/nodes')).map((node) => [node.metadata.name, node]));
    const metrics = await items(NODE_METRICS_PATH);
    assert.equal(metrics.length, nodes.size - 1);
    for (const metric of metrics) {
      const allocatable = Object(nodes.get(metric.metadata.name)?.['status']).allocatable;
      const usage = Object(metric['usage']);
      assert.equal(metric.kind, 'NodeMetrics');
      for (const resource of ['cpu', 'memory']) {
        const share = amount(usage[resource]) / amount(allocatable[resource]);
        assert.ok(share > 0.05 && share < 0.98, `${metric.metadata.name} ${resource} ${share}`);
      }
    }
  });

  it('is told of every container that runs', async () => {
    const running = (await items('/api/v1/pods')).filter((pod) => Object(pod['status']).phase === 'Running');
    const metrics = await items(POD_METRICS_PATH);
    assert.deepEqual(
      metrics.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      running.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    );
    for (const [index, metric] of metrics.entries()) {
      const names = (containers: readonly { name: string }[]) => containers.map(({ name }) => name);
      assert.deepEqual(
        names(Object(metric['containers'])),
        names(Object(running[index]?.['spec']).containers),
      );
    }
  });

  it('can be asked for by name, and is not found where nothing runs', async () => {
    const [node] = await items(NODE_METRICS_PATH);
    const [pod] = await items(POD_METRICS_PATH);
    assert.ok(node !== undefined && pod !== undefined);
    assert.deepEqual(await getJson(demo.fetch, `${NODE_METRICS_PATH}/${node.metadata.name}`), node);
    const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${pod.metadata.namespace}/pods`;
    assert.deepEqual(await getJson(demo.fetch, `${path}/${pod.metadata.name}`), pod);
    assert.ok((await items(path)).every(({ metadata }) => metadata.namespace === pod.metadata.namespace));
    assert.equal((await getText(demo.fetch, `${NODE_METRICS_PATH}/none`)).status, 404);
    const silent = (await items('/api/v1/nodes')).find((candidate) =>
      JSON.stringify(candidate['spec']).includes('unreachable'),
    );
    assert.equal((await getText(demo.fetch, `${NODE_METRICS_PATH}/${silent?.metadata.name}`)).status, 404);
  });

  it('can be had as a table', async () => {
    for (const path of [NODE_METRICS_PATH, POD_METRICS_PATH]) {
      const listed = await items(path);
      const rows = await tableRows(path);
      assert.deepEqual(
        rows.map(({ cells }) => cells[0]),
        listed.map(({ metadata }) => metadata.name),
      );
    }
  });

  it('moves with every sample, and by little', async () => {
    demo.start();
    const before = await items(NODE_METRICS_PATH);
    clock.advance(15_000);
    const after = new Map((await items(NODE_METRICS_PATH)).map((metric) => [metric.metadata.name, metric]));
    let moved = 0;
    for (const metric of before) {
      const next = after.get(metric.metadata.name);
      if (next !== undefined) {
        const ratio = amount(Object(next['usage']).cpu) / amount(Object(metric['usage']).cpu);
        moved += ratio === 1 ? 0 : 1;
        assert.ok(ratio > 0.6 && ratio < 1.7, `${metric.metadata.name}: ${ratio}`);
        assert.ok(Date.parse(String(next['timestamp'])) > Date.parse(String(metric['timestamp'])));
      }
    }
    assert.ok(moved > 5);
  });
});
