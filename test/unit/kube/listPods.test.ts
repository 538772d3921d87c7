import assert from 'node:assert/strict';
import { listPods } from '../../../src/kube/listPods';
import { scriptedKube } from './scriptedKube';

const pod = (name: string, ...containers: string[]): object => ({
  metadata: { name, namespace: 'shop', labels: {} },
  spec: { containers: containers.map((container) => ({ name: container, image: 'x' })) },
  status: { phase: 'Running' },
});
const page = (items: object[], token?: string): string =>
  JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '1', continue: token }, items });
const { signal } = new AbortController();

describe('listing pods', () => {
  it('reads all pages and keeps their order', async () => {
    const { fetch, asked } = scriptedKube(
      page([pod('a', 'main', 'side')], 'next page/1'),
      page([pod('b', 'main')]),
    );
    assert.deepEqual(await listPods(fetch, 'shop', signal), [
      { namespace: 'shop', name: 'a', phase: 'Running', containers: ['main', 'side'] },
      { namespace: 'shop', name: 'b', phase: 'Running', containers: ['main'] },
    ]);
    assert.equal(asked[0]?.path, '/api/v1/namespaces/shop/pods');
    assert.equal(asked[0]?.query.has('continue'), false);
    assert.equal(asked[1]?.query.get('continue'), 'next page/1');
    assert.equal(asked[1]?.query.get('limit'), asked[0]?.query.get('limit'));
  });

  it('says Unknown for a pod without a status, and none for an empty namespace', async () => {
    const bare = JSON.stringify({ metadata: {}, items: [{ metadata: { name: 'a' } }] });
    const empty = JSON.stringify({ metadata: {}, items: null });
    const { fetch } = scriptedKube(bare, empty);
    assert.deepEqual(await listPods(fetch, 'shop', signal), [
      { namespace: 'shop', name: 'a', phase: 'Unknown', containers: [] },
    ]);
    assert.deepEqual(await listPods(fetch, 'shop', signal), []);
  });

  it('starts again, once, when the list expires in mid-way', async () => {
    const gone = { status: 410, body: JSON.stringify({ kind: 'Status', code: 410, reason: 'Expired' }) };
    const { fetch } = scriptedKube(page([pod('a')], 't'), gone, page([pod('a')], 't'), page([pod('b')]));
    assert.deepEqual(
      (await listPods(fetch, 'shop', signal)).map(({ name }) => name),
      ['a', 'b'],
    );
    const twice = scriptedKube(gone, gone);
    await assert.rejects(listPods(twice.fetch, 'shop', signal), {
      problem: { code: 'expired', detail: 'HTTP 410: Expired' },
    });
  });

  it('says what the server refused, and what is no list', async () => {
    const message = 'pods is forbidden: User "x" cannot list resource "pods"';
    const forbidden = { status: 403, body: JSON.stringify({ kind: 'Status', code: 403, message }) };
    const { fetch } = scriptedKube(forbidden, '<html>', '{"items":[{"metadata":{}}]}');
    await assert.rejects(listPods(fetch, 'shop', signal), {
      problem: { code: 'forbidden', detail: `HTTP 403: ${message}` },
    });
    await assert.rejects(listPods(fetch, 'shop', signal), /malformed: the list of pods is not JSON/);
    await assert.rejects(listPods(fetch, 'shop', signal), /not a list of pods/);
  });
});
