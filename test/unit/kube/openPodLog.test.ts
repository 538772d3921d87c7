import assert from 'node:assert/strict';
import { KubeTransportError } from '../../../src/base/kubeFetch';
import { openPodLog, type PodLogOptions } from '../../../src/kube/openPodLog';
import { ScriptedBody, scriptedKube, type Answer } from './scriptedKube';

const target = { namespace: 'shop', pod: 'cart-1', follow: true };

async function read(answer: Answer, options: PodLogOptions = target) {
  const { fetch, asked } = scriptedKube(answer);
  const chunks: Uint8Array[] = [];
  for await (const chunk of await openPodLog(fetch, options, new AbortController().signal)) {
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString(), asked };
}

describe('opening a pod’s log', () => {
  it('asks for the container, from where it is told, with time stamps, and hands on what comes', async () => {
    const { text, asked } = await read('2026-01-01T00:00:00Z a\n', {
      ...target,
      container: 'main',
      tailLines: 10,
      sinceTime: '2026-01-01T00:00:00.5+02:00',
    });
    assert.equal(text, '2026-01-01T00:00:00Z a\n');
    assert.equal(asked[0]?.path, '/api/v1/namespaces/shop/pods/cart-1/log');
    assert.deepEqual(Object.fromEntries(asked[0]?.query ?? []), {
      follow: 'true',
      timestamps: 'true',
      container: 'main',
      tailLines: '10',
      sinceTime: '2026-01-01T00:00:00.5+02:00',
    });
  });

  it('asks for the run before', async () => {
    const { asked } = await read('', { ...target, follow: false, previous: true });
    assert.deepEqual(Object.fromEntries(asked[0]?.query ?? []), { timestamps: 'true', previous: 'true' });
  });

  it('rejects with what the server said when it refuses, with its wish to be left alone', async () => {
    const body = JSON.stringify({ kind: 'Status', code: 429, message: 'too many' });
    await assert.rejects(read({ status: 429, body, headers: { 'retry-after': '7' } }), {
      name: 'ProblemError',
      problem: { code: 'throttled', detail: 'HTTP 429: too many' },
      retryAfterMs: 7000,
    });
  });

  it('throws when the connection breaks', async () => {
    const body = new ScriptedBody().write('one\ntw').fail(new KubeTransportError('closed', 'cut'));
    await assert.rejects(read(body), { code: 'closed' });
  });
});
