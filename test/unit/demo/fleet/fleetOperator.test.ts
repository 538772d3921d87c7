import assert from 'node:assert/strict';
import type { KubeRequest } from '../../../../src/base/kubeFetch';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, getText, PERSONAS_PATH, type AnyObject } from '../demoReader';
import { failingLogger } from './failingLogger';
import { PromptClock } from './promptClock';

const MINUTE_MS = 60_000;

/** In a calm fleet of so many nearly nothing happens to a given one by itself. */
const PERSONAS = 400;

describe("the fleet's operator", () => {
  let clock: PromptClock;
  let demo: DemoCluster;

  beforeEach(() => {
    clock = new PromptClock();
    demo = createDemoCluster({ clock, seed: 1, personas: PERSONAS, logger: failingLogger });
    demo.start();
  });

  afterEach(() => {
    demo.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  trackLeaks();

  async function send(
    method: NonNullable<KubeRequest['method']>,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ) {
    const { status, text } = await getText(demo.fetch, path, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'Content-Type': contentType },
      }),
    });
    assert.ok(status < 300, text);
  }

  function create(name: string, spec: object = {}) {
    return send('POST', PERSONAS_PATH, {
      apiVersion: 'dorgu.io/v1',
      kind: 'ClusterPersona',
      metadata: { name },
      spec: { name, environment: 'development', ...spec },
    });
  }

  function patch(name: string, change: object) {
    return send('PATCH', `${PERSONAS_PATH}/${name}`, change, 'application/merge-patch+json');
  }

  function persona(name: string): Promise<AnyObject> {
    return getJson(demo.fetch, `${PERSONAS_PATH}/${name}`);
  }

  function phaseOf(object: AnyObject): unknown {
    return Object(object['status']).phase;
  }

  function withStatus(after: AnyObject, of: AnyObject) {
    const { resourceVersion: _, managedFields: __, ...metadata } = after.metadata;
    const { resourceVersion: ___, managedFields: ____, ...metadataBefore } = of.metadata;
    return [
      { metadata, spec: after['spec'] },
      { metadata: metadataBefore, spec: of['spec'] },
    ];
  }

  /** How many versions of one persona there were in `ms`. */
  async function versionsIn(name: string, ms: number): Promise<number> {
    const versions = new Set<string>();
    for (let second = 0; second < ms / 1000; second += 1) {
      clock.advance(1000);
      versions.add((await persona(name)).metadata.resourceVersion);
    }
    return versions.size;
  }

  it('leaves labels and spec as people write them', async () => {
    const name = 'eu-west-1';
    await patch(name, {
      metadata: { labels: { 'acme.example/owner': 'me' } },
      spec: { environment: 'staging' },
    });
    const edited = await persona(name);
    clock.advance(10 * MINUTE_MS);
    const later = await persona(name);
    assert.notEqual(later.metadata.resourceVersion, edited.metadata.resourceVersion);
    const [now, then] = withStatus(later, edited);
    assert.deepEqual(now, then);
    assert.equal(later.metadata.labels?.['acme.example/owner'], 'me');
  });

  it('reports soon after an edit, once and no more', async () => {
    const { items } = await getJson(demo.fetch, PERSONAS_PATH);
    const { name } = items.find((item) => phaseOf(item) === 'Ready' && item.metadata.name.endsWith('-1'))
      ?.metadata ?? {
      name: '',
    };
    clock.advance(5000);
    await patch(name, { spec: { description: 'edited' } });
    const edited = await persona(name);
    clock.advance(1500);
    const reported = await persona(name);
    const { lastDiscovery } = Object(reported['status']);
    assert.notEqual(lastDiscovery, Object(edited['status']).lastDiscovery);
    assert.ok(Math.abs(Date.parse(lastDiscovery) - clock.now()) < 2000);
    assert.ok((await versionsIn(name, MINUTE_MS)) <= 2, 'no loop');
  });

  it('does not look again where only a status was written, or nothing was changed', async () => {
    const name = 'dev-ml';
    assert.equal((await persona(name))['status'], undefined);
    await send(
      'PATCH',
      `${PERSONAS_PATH}/${name}/status`,
      { status: { phase: 'Unknown' } },
      'application/merge-patch+json',
    );
    const { resourceVersion } = (await persona(name)).metadata;
    await patch(name, {});
    clock.advance(MINUTE_MS);
    assert.equal((await persona(name)).metadata.resourceVersion, resourceVersion);
  });

  it('never writes what was deleted', async () => {
    await send('DELETE', `${PERSONAS_PATH}/eu-west-1`);
    clock.advance(30 * MINUTE_MS);
    assert.equal((await getText(demo.fetch, `${PERSONAS_PATH}/eu-west-1`)).status, 404);
  });

  it('discovers what people make, some seconds later', async () => {
    await create('mine', { description: 'by hand' });
    assert.equal((await persona('mine'))['status'], undefined);
    clock.advance(2000);
    assert.equal((await persona('mine'))['status'], undefined);
    clock.advance(8000);
    const discovered = await persona('mine');
    assert.equal(phaseOf(discovered), 'Ready');
    assert.equal(Object(discovered['spec']).description, 'by hand');
    const managers = (await persona('mine')).metadata['managedFields'];
    assert.ok(JSON.stringify(managers).includes('"manager":"dorgu-operator"'));
    const { items } = await getJson(demo.fetch, '/api/v1/events');
    const about = items.filter((event) => Object(event['involvedObject']).uid === discovered.metadata.uid);
    assert.deepEqual(
      about.map((event) => event.reason),
      ['DiscoverySucceeded'],
    );
    assert.ok((await versionsIn('mine', MINUTE_MS)) <= 2, 'no loop');
  });

  it('discovers what is made again, as the cluster that it was', async () => {
    const before = Object((await persona('eu-central-1'))['status']);
    await send('DELETE', `${PERSONAS_PATH}/eu-central-1`);
    clock.advance(MINUTE_MS);
    await create('eu-central-1');
    assert.equal((await persona('eu-central-1'))['status'], undefined);
    clock.advance(10_000);
    const after = Object((await persona('eu-central-1'))['status']);
    assert.equal(after.platform, before.platform);
    assert.deepEqual(
      after.nodes.map((node: { name: string }) => node.name),
      before.nodes.map((node: { name: string }) => node.name),
    );
  });

  it('does not discover what is gone before it looked', async () => {
    await create('brief');
    clock.advance(3000);
    await send('DELETE', `${PERSONAS_PATH}/brief`);
    await create('brief');
    clock.advance(4000);
    assert.equal((await persona('brief'))['status'], undefined, 'the look was due for the one before');
    clock.advance(4000);
    assert.equal(phaseOf(await persona('brief')), 'Ready');
  });

  it('finds what was made before the story began', async () => {
    const early = createDemoCluster({ clock, seed: 1, personas: 0, logger: failingLogger });
    demo.dispose();
    demo = early;
    await create('early');
    clock.advance(MINUTE_MS);
    assert.equal((await persona('early'))['status'], undefined);
    demo.start();
    clock.advance(10_000);
    assert.equal(phaseOf(await persona('early')), 'Ready');
  });

  it('leaves alone what took the name of its sandbox', async () => {
    clock.advance(30_000);
    const { items } = await getJson(demo.fetch, PERSONAS_PATH);
    const sandbox = items.find((item) => item.metadata.name.startsWith('sandbox-pr-'));
    assert.ok(sandbox !== undefined);
    assert.equal(Object(sandbox['status']).platform, 'kind');
    const { name } = sandbox.metadata;
    await send('DELETE', `${PERSONAS_PATH}/${name}`);
    await create(name);
    clock.advance(5 * MINUTE_MS);
    assert.equal(phaseOf(await persona(name)), 'Ready');
  });
});
