import assert from 'node:assert/strict';
import { isKubeTransportError } from '../../../src/base/kubeFetch';
import { systemClock } from '../../../src/base/clock';
import { systemRandom } from '../../../src/base/random';
import { listPods } from '../../../src/kube/listPods';
import { readNodeMetrics } from '../../../src/kube/nodeMetrics';
import { FollowedLog } from '../../support/followedLog';
import { until } from '../../support/testbed/until';
import { scriptedKube, ScriptedBody } from '../kube/scriptedKube';
import { next, RemoteFixture } from './remoteFixture';

const second = (n: number): string => `2026-01-01T00:00:${String(n).padStart(2, '0')}Z`;
const { signal } = new AbortController();
const soon = { deadlineMs: 10_000, pollMs: 20 };

/** Over real sockets: the hub server, and whoever follows it. */
describe('What a hub hands on of its cluster', () => {
  let remote: RemoteFixture;

  beforeEach(async () => {
    remote = await RemoteFixture.start('a');
  });

  afterEach(() => remote.end());

  it('is its pods, asked as of any cluster', async () => {
    const source = await remote.live();
    const item = { metadata: { name: 'cart' }, spec: { containers: [{ name: 'main' }] } };
    const { fetch, asked } = scriptedKube(JSON.stringify({ metadata: {}, items: [item] }));
    remote.beside.fetch = fetch;
    assert.deepEqual(await listPods(source.fetch(), 'shop', signal), [
      { namespace: 'shop', name: 'cart', phase: 'Unknown', containers: ['main'] },
    ]);
    assert.equal(asked[0]?.path, '/api/v1/namespaces/shop/pods');
  });

  it('is what its nodes use', async () => {
    const source = await remote.live();
    const items = [{ metadata: { name: 'n' }, timestamp: second(1), usage: { cpu: '1', memory: '2Ki' } }];
    remote.beside.fetch = scriptedKube(JSON.stringify({ items })).fetch;
    const answer = await readNodeMetrics(await source.fetch()('/apis/metrics.k8s.io/v1beta1/nodes'));
    assert.deepEqual(answer, {
      type: 'measured',
      nodes: [{ name: 'n', timestamp: second(1), cpu: '1', memory: '2Ki' }],
    });
  });

  it('is the log of a container, which goes on where it was when the hub was gone in between', async () => {
    const source = await remote.live();
    const before = new ScriptedBody();
    // It may be taken up more than once.
    const after = Array.from({ length: 20 }, () =>
      new ScriptedBody().write(`${second(1)} one\n${second(2)} zwei – двa\n${second(3)} three\n`),
    );
    const { fetch, asked } = scriptedKube(before, ...after);
    remote.beside.fetch = fetch;
    const log = remote.owned.add(
      new FollowedLog({
        fetch: async (path, request) => source.fetch()(path, request),
        target: { namespace: 'shop', pod: 'cart', container: 'main' },
        clock: systemClock,
        random: systemRandom,
        tailLines: 10,
      }),
    );
    const has = (...lines: readonly string[]): Promise<unknown> =>
      until('the log goes on', () => JSON.stringify(log.texts()) === JSON.stringify(lines), soon);
    before.write(`${second(1)} one\n${second(2)} zwei – двa\n`);
    await has('one', 'zwei – двa');
    await remote.stopServer();
    await until('the log is interrupted', () => log.state.type === 'failed', soon);
    const live = next(source.onStateChanged, ({ type }) => type === 'live');
    await remote.startServer();
    source.retryNow();
    await live;
    log.log.reopen();
    await has('one', 'zwei – двa', 'three');
    assert.equal(asked[0]?.query.get('tailLines'), '10');
    // From the first of the lines that it compares by, all of the log being fewer than those.
    assert.equal(asked[1]?.query.get('sinceTime')?.slice(0, 19), second(1).slice(0, 19));
  }).timeout(20_000);

  it('ends at the cluster as soon as nobody here wants it', async () => {
    const source = await remote.live();
    const { fetch, asked } = scriptedKube(new ScriptedBody(), new ScriptedBody().write('one'));
    remote.beside.fetch = fetch;
    const path = '/api/v1/namespaces/shop/pods/cart/log?follow=true';
    const abort = new AbortController();
    await source.fetch()(path, { signal: abort.signal });
    abort.abort();
    await untilAborted(asked[0]?.request?.signal);
    const { body } = await source.fetch()(path);
    for await (const piece of body) {
      assert.equal(new TextDecoder().decode(piece), 'one');
      break;
    }
    await untilAborted(asked[1]?.request?.signal);
  });

  it('is nothing that changes the cluster, and nothing while there is no connection', async () => {
    const source = await remote.live();
    await assert.rejects(source.fetch()('/api/v1/namespaces/shop/pods', { method: 'POST' }), /unsupported/);
    await assert.rejects(source.fetch()('/api/v1/namespaces/shop/secrets'), /forbidden/);
    const gone = next(source.onStateChanged, ({ type }) => type === 'reconnecting');
    await remote.stopServer();
    await gone;
    await assert.rejects(
      source.fetch()('/api/v1/namespaces/shop/pods'),
      (error) => isKubeTransportError(error) && error.code === 'unreachable',
    );
  });
});

function untilAborted(signal: AbortSignal | null | undefined): Promise<void> {
  assert.ok(signal instanceof AbortSignal);
  return signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
