import assert from 'node:assert/strict';
import { createDemoCluster } from '../../../../src/demo/demoCluster';
import { withObjectFields } from '../../../../src/demo/registry/resourceSchema';
import { clusterPersonaCrd } from '../../../../src/demo/schema/clusterPersonaCrd';
import { withDefaults } from '../../../../src/demo/schema/defaulting';
import { prune } from '../../../../src/demo/schema/pruning';
import { validate } from '../../../../src/demo/schema/validation';
import { decodePersona } from '../../../../src/persona/clusterPersona';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, PERSONAS_PATH } from '../demoReader';

async function fleetOf(personas: number, seed = 3) {
  const demo = createDemoCluster({ clock: new FakeClock(), seed, personas });
  const { items } = await getJson(demo.fetch, PERSONAS_PATH);
  demo.dispose();
  return items;
}

describe('a fleet of another size', () => {
  trackLeaks();

  it('has so many personas, and of a few the first ones', async () => {
    const names = async (count: number) => (await fleetOf(count)).map((item) => item.metadata.name);
    assert.deepEqual(await names(0), []);
    assert.deepEqual(await names(1), ['eu-west-1']);
    assert.equal((await names(5)).length, 5);
    assert.equal((await names(13)).length, 13);
  });

  it('begins with the same clusters, whatever its size', async () => {
    const small = await fleetOf(40);
    const big = new Map((await fleetOf(300)).map((item) => [item.metadata.name, item['status']]));
    assert.equal(big.size, 300);
    for (const item of small) {
      assert.deepEqual(big.get(item.metadata.name), item['status'], item.metadata.name);
    }
  });

  it('is of believable mixture: most well, some in trouble, few out of reach or new', async () => {
    const personas = (await fleetOf(2000)).map((item) => decodePersona(item));
    const share = (phase: string) =>
      personas.filter((persona) => persona.phase === phase).length / personas.length;
    assert.ok(share('Ready') > 0.88 && share('Ready') < 0.96, `${share('Ready')} are ready`);
    for (const phase of ['Degraded', 'Unknown', 'NotDiscovered']) {
      assert.ok(share(phase) > 0.005 && share(phase) < 0.07, `${share(phase)} are ${phase}`);
    }
    assert.ok(new Set(personas.map((persona) => persona.status?.platform)).size >= 6);
    assert.equal(new Set(personas.map((persona) => persona.spec.environment)).size, 4);
    assert.ok(new Set(personas.map((persona) => persona.metadata.labels?.['team'])).size >= 10);
    assert.equal(new Set(personas.map((persona) => persona.metadata.uid)).size, 2000);
  });

  it('has objects of about 5.6 KB, eight nodes each', async () => {
    const items = await fleetOf(2000);
    const bytes = items.reduce((sum, item) => sum + JSON.stringify(item).length, 0) / items.length;
    assert.ok(bytes > 5000 && bytes < 6300, `${bytes} bytes on average`);
    const discovered = items.filter((item) => item['status'] !== undefined);
    const nodes = discovered.reduce((sum, item) => sum + Object(item['status']).nodes.length, 0);
    const average = nodes / discovered.length;
    assert.ok(average > 7 && average < 9, `${average} nodes on average`);
  });

  it('of 5,000 holds nothing that the resource definition refuses, prunes or adds to', async () => {
    const items = await fleetOf(5000);
    assert.equal(items.length, 5000);
    const schema = withObjectFields(clusterPersonaCrd().schema);
    for (const item of items) {
      assert.deepEqual(validate(item, schema), [], item.metadata.name);
      assert.deepEqual(prune({ ...item }, schema).unknownFields, [], item.metadata.name);
      assert.deepEqual(withDefaults({ ...item }, schema), item, item.metadata.name);
    }
  });

  it('of another seed is another one', async () => {
    const names = async (seed: number) => (await fleetOf(60, seed)).map((item) => item.metadata.name);
    assert.deepEqual(await names(1), await names(1));
    assert.notDeepEqual(await names(1), await names(2));
  });

  it('of no possible size is refused', () => {
    for (const personas of [-1, 1.5, 50_001, Number.NaN]) {
      assert.throws(() => createDemoCluster({ clock: new FakeClock(), seed: 1, personas }), RangeError);
    }
    for (const ratePerSecond of [-1, Number.NaN, Infinity]) {
      assert.throws(() => createDemoCluster({ clock: new FakeClock(), seed: 1, ratePerSecond }), RangeError);
    }
  });
});
