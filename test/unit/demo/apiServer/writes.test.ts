import assert from 'node:assert/strict';
import type { KubeFetch, KubeRequest } from '../../../../src/base/kubeFetch';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, getText, PERSONAS_PATH, type AnyObject } from '../demoReader';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const MERGE_PATCH = 'application/merge-patch+json';

function persona(name: string, metadata: object = {}): string {
  return JSON.stringify({
    apiVersion: 'dorgu.io/v1',
    kind: 'ClusterPersona',
    metadata: { name, ...metadata },
    spec: { name },
  });
}

describe('a write to the demo cluster', () => {
  let demo: DemoCluster;
  let fetch: KubeFetch;

  beforeEach(async () => {
    demo = createDemoCluster({ clock: new FakeClock(), seed: 1, personas: 0 });
    fetch = demo.fetch;
    await ask('POST', PERSONAS_PATH, { body: persona('alpha', { labels: { zone: 'a' } }) });
    await ask('POST', PERSONAS_PATH, { body: persona('bravo', { labels: { zone: 'b' } }) });
    await ask('POST', PERSONAS_PATH, {
      body: persona('held', { labels: { zone: 'b' }, finalizers: ['acme.example/hold'] }),
    });
  });

  afterEach(() => demo.dispose());

  trackLeaks();

  async function ask(
    method: NonNullable<KubeRequest['method']>,
    path: string,
    request: KubeRequest = {},
  ): Promise<{ readonly status: number; readonly object: AnyObject }> {
    const { status, text } = await getText(fetch, path, { ...request, method });
    return { status, object: JSON.parse(text) };
  }

  async function names(): Promise<readonly string[]> {
    const { items } = await getJson(fetch, PERSONAS_PATH);
    return items.map(({ metadata }) => metadata.name);
  }

  it('changes nothing where the client accepts no answer to it', async () => {
    const before = await getJson(fetch, PERSONAS_PATH);
    const headers = { accept: 'text/html' };
    const alpha = `${PERSONAS_PATH}/alpha`;
    for (const [method, path, request] of [
      ['POST', PERSONAS_PATH, { body: persona('new') }],
      ['PUT', alpha, { body: persona('alpha', { resourceVersion: '1' }) }],
      [
        'PATCH',
        alpha,
        { body: '{"metadata":{"labels":{"zone":"c"}}}', headers: { 'content-type': MERGE_PATCH } },
      ],
      ['DELETE', alpha, {}],
      ['DELETE', `${PERSONAS_PATH}/held`, {}],
      ['DELETE', PERSONAS_PATH, {}],
    ] as const) {
      const all = { ...('headers' in request && request.headers), ...headers };
      assert.equal((await ask(method, path, { ...request, headers: all })).status, 406, `${method} ${path}`);
    }
    assert.deepEqual(await getJson(fetch, PERSONAS_PATH), before);
  });

  it('with a table for an answer has one, also where an object is only marked as being deleted', async () => {
    const { status, object } = await ask('DELETE', `${PERSONAS_PATH}/held`, { headers: { accept: TABLE } });
    assert.deepEqual([status, object.kind], [200, 'Table']);
  });

  it('says with 202 that an object stays for its finalizers, where its dependents should go first', async () => {
    const { status, object } = await ask('DELETE', `${PERSONAS_PATH}/held?orphanDependents=false`);
    assert.equal(status, 202);
    assert.equal(object.metadata['deletionGracePeriodSeconds'], 0);
  });

  describe('that deletes a collection', () => {
    it('deletes what both selectors let through, and answers with it', async () => {
      const { status, object } = await ask('DELETE', `${PERSONAS_PATH}?labelSelector=zone%3Da`);
      assert.equal(status, 200);
      assert.deepEqual(
        object.items.map(({ metadata }) => metadata.name),
        ['alpha'],
      );
      await ask('DELETE', `${PERSONAS_PATH}?fieldSelector=metadata.name%3Dnobody`);
      assert.deepEqual(await names(), ['bravo', 'held']);
      await ask('DELETE', `${PERSONAS_PATH}?fieldSelector=metadata.name%3Dbravo`);
      assert.deepEqual(await names(), ['held']);
    });

    it('deletes no more than the page it is limited to, and goes on from there', async () => {
      const { object } = await ask('DELETE', `${PERSONAS_PATH}?limit=1`);
      assert.deepEqual(await names(), ['bravo', 'held']);
      const token = encodeURIComponent(object.metadata.continue ?? '');
      await ask('DELETE', `${PERSONAS_PATH}?limit=1&continue=${token}`);
      assert.deepEqual(await names(), ['held']);
    });

    it('deletes nothing in a dry run, asked for in either way', async () => {
      const before = await getJson(fetch, PERSONAS_PATH);
      assert.equal((await ask('DELETE', `${PERSONAS_PATH}?dryRun=All`)).object.items.length, 3);
      assert.equal((await ask('DELETE', PERSONAS_PATH, { body: '{"dryRun":["All"]}' })).status, 200);
      assert.equal((await ask('DELETE', `${PERSONAS_PATH}?dryRun=Some`)).status, 422);
      assert.deepEqual(await getJson(fetch, PERSONAS_PATH), before);
    });

    it('stops at an object that its preconditions do not let it delete', async () => {
      const { metadata } = await getJson(fetch, `${PERSONAS_PATH}/alpha`);
      const body = JSON.stringify({ preconditions: { uid: metadata.uid } });
      assert.equal((await ask('DELETE', PERSONAS_PATH, { body })).status, 409);
      assert.deepEqual(await names(), ['bravo', 'held']);
    });

    it('does not mind that what it listed is gone', async () => {
      const { metadata } = await getJson(fetch, PERSONAS_PATH);
      await ask('DELETE', `${PERSONAS_PATH}/alpha`);
      const past = `resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`;
      assert.equal((await ask('DELETE', `${PERSONAS_PATH}?${past}`)).object.items.length, 3);
      assert.deepEqual(await names(), ['held']);
    });
  });

  describe('that patches', () => {
    const patch = (name: string, body: string, contentType: string, query = '') =>
      ask('PATCH', `${PERSONAS_PATH}/${name}${query}`, { body, headers: { 'content-type': contentType } });

    it('is judged by its form, its options and its object before its body', async () => {
      assert.equal((await patch('nobody', '{', 'text/xml')).status, 415);
      assert.equal((await patch('nobody', '{', MERGE_PATCH, '?dryRun=Some')).status, 422);
      assert.equal((await patch('nobody', '{', 'application/apply-patch+yaml')).status, 422);
      assert.equal((await patch('nobody', '{', MERGE_PATCH)).status, 404);
      assert.equal((await patch('alpha', '{', MERGE_PATCH)).status, 400);
    });

    it('cannot name its manager at length, or without print', async () => {
      for (const [manager, message] of [
        ['x'.repeat(129), 'Too long: may not be more than 128 bytes'],
        ['%E4%B8%AD'.repeat(43), 'Too long: may not be more than 128 bytes'],
        ['a%00b', 'Invalid value: "a\\u0000b": invalid character U+0000 (at position 1)'],
      ] as const) {
        const { status, object } = await patch('alpha', '{}', MERGE_PATCH, `?fieldManager=${manager}`);
        assert.deepEqual(
          [status, object.message],
          [422, `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${message}`],
        );
      }
    });

    it('takes null for the empty text where a label is', async () => {
      const operation = '[{"op":"add","path":"/metadata/labels/empty"}]';
      const { object } = await patch('alpha', operation, 'application/json-patch+json');
      assert.deepEqual(object.metadata.labels, { empty: '', zone: 'a' });
    });
  });

  it('is no larger than etcd takes, unless it is a dry run', async () => {
    const { metadata } = await getJson(fetch, `${PERSONAS_PATH}/alpha`);
    const body = JSON.stringify({ spec: { description: 'x'.repeat(1.5 * 2 ** 20) } });
    const headers = { 'content-type': MERGE_PATCH };
    const refused = await ask('PATCH', `${PERSONAS_PATH}/alpha`, { body, headers });
    assert.deepEqual([refused.status, refused.object.message], [500, 'etcdserver: request is too large']);
    assert.equal((await ask('PATCH', `${PERSONAS_PATH}/alpha?dryRun=All`, { body, headers })).status, 200);
    assert.deepEqual((await getJson(fetch, `${PERSONAS_PATH}/alpha`)).metadata, metadata);
  });

  it('shows no more than the beginning of a body that it cannot read', async () => {
    for (const [body, shown] of [
      ['', '<empty>'],
      [`{${'x'.repeat(1000)}`, `{${'x'.repeat(29)} ...`],
      ['x'.repeat(31), `${'78'.repeat(30)} ...`],
    ] as const) {
      const { status, object } = await ask('POST', PERSONAS_PATH, { body });
      assert.equal(status, 400);
      assert.ok(object.message?.endsWith(` (${shown})`), object.message);
      assert.ok((object.message?.length ?? 0) < 400);
    }
  });

  it('keeps names that mean something to JavaScript as data', async () => {
    const labels = { constructor: 'a', toString: 'b', hasOwnProperty: 'c' };
    const { status, object } = await ask('POST', PERSONAS_PATH, { body: persona('odd', { labels }) });
    assert.equal(status, 201);
    assert.deepEqual(object.metadata.labels, labels);
    const selected = async (selector: string) =>
      (await getJson(fetch, `${PERSONAS_PATH}?labelSelector=${encodeURIComponent(selector)}`)).items.length;
    assert.equal(await selected('toString in (b),constructor=a'), 1);
    assert.equal(await selected('valueOf'), 0);
    const body = '{"metadata":{"annotations":{"__proto__":"x"}},"__proto__":{"polluted":1}}';
    const refused = await ask('PATCH', `${PERSONAS_PATH}/odd`, {
      body,
      headers: { 'content-type': MERGE_PATCH },
    });
    assert.equal(refused.status, 422);
    assert.match(refused.object.message ?? '', /metadata.annotations: Invalid value: "__proto__"/);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });
});
