import assert from 'node:assert/strict';
import { KubeTransportError } from '../../../src/base/kubeFetch';
import { followPodLog, type PodLogLine } from '../../../src/kube/followPodLog';
import { ScriptedBody, scriptedKube, type Answer } from './scriptedKube';

const target = { namespace: 'shop', pod: 'cart-1' };

async function follow(answer: Answer, options = target) {
  const { fetch, asked } = scriptedKube(answer);
  const lines: PodLogLine[] = [];
  for await (const batch of followPodLog(fetch, options, new AbortController().signal)) {
    lines.push(...batch.lines);
  }
  return { lines, asked };
}

describe('following a pod’s log', () => {
  it('separates the time from the text, where there is one', async () => {
    const { lines } = await follow(
      [
        '2026-01-01T00:00:00.123456789Z hello  world',
        '2026-01-01T00:00:01+01:00 ',
        '2026-01-01T00:00:02Z',
        'failed to read the log',
        '2026-01-01 is a date',
        '',
      ].join('\n'),
    );
    assert.deepEqual(lines, [
      { time: '2026-01-01T00:00:00.123456789Z', text: 'hello  world' },
      { time: '2026-01-01T00:00:01+01:00', text: '' },
      { time: '2026-01-01T00:00:02Z', text: '' },
      { text: 'failed to read the log' },
      { text: '2026-01-01 is a date' },
    ]);
  });

  it('says that the server accepted before the first line comes', async () => {
    const body = new ScriptedBody();
    const { fetch } = scriptedKube(body);
    const batches = followPodLog(fetch, target, new AbortController().signal);
    assert.deepEqual((await batches.next()).value, { lines: [], isUnterminated: false });
    await batches.return();
  });

  it('throws what the server said when it refuses, with its wish to be left alone', async () => {
    const body = JSON.stringify({ kind: 'Status', code: 429, message: 'too many' });
    await assert.rejects(follow({ status: 429, body, headers: { 'retry-after': '7' } }), {
      name: 'ProblemError',
      problem: { code: 'throttled', detail: 'HTTP 429: too many' },
      retryAfterMs: 7000,
    });
  });

  it('throws when the connection breaks, and keeps back the line that it broke', async () => {
    const body = new ScriptedBody().write('one\ntw').fail(new KubeTransportError('closed', 'cut'));
    const { fetch } = scriptedKube(body);
    const lines: string[] = [];
    await assert.rejects(
      async () => {
        for await (const batch of followPodLog(fetch, target, new AbortController().signal)) {
          lines.push(...batch.lines.map(({ text }) => text));
        }
      },
      { code: 'closed' },
    );
    assert.deepEqual(lines, ['one']);
  });
});
