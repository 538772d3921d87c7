import assert from 'node:assert/strict';
import { KubeTransportError } from '../../../src/base/kubeFetch';
import { followPodLog, type FollowPodLogOptions, type PodLogLine } from '../../../src/kube/followPodLog';
import { displayText } from '../../../webview/realtime/displayText';
import { ScriptedBody, scriptedKube, type Answer } from './scriptedKube';

const target = { namespace: 'shop', pod: 'cart-1' };

async function follow(answer: Answer, options: FollowPodLogOptions = target) {
  const { fetch, asked } = scriptedKube(answer);
  const lines: PodLogLine[] = [];
  for await (const batch of followPodLog(fetch, options, new AbortController().signal)) {
    lines.push(...batch.lines);
  }
  return { lines, asked };
}

describe('following a pod’s log', () => {
  it('asks for the container, from where it is told, with time stamps', async () => {
    const { asked } = await follow('', {
      ...target,
      container: 'main',
      tailLines: 10,
      sinceTime: '2026-01-01T00:00:00.5+02:00',
    });
    assert.equal(asked[0]?.path, '/api/v1/namespaces/shop/pods/cart-1/log');
    assert.deepEqual(Object.fromEntries(asked[0]?.query ?? []), {
      follow: 'true',
      timestamps: 'true',
      container: 'main',
      tailLines: '10',
      sinceTime: '2026-01-01T00:00:00.5+02:00',
    });
  });

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

  it('tells how much of a line is missing within what is shown of it', async () => {
    const content = 'x'.repeat(10_000_000);
    const body = new ScriptedBody().write('2026-01-01T00:00:00Z ');
    for (let at = 0; at < content.length; at += 65_536) {
      body.write(content.slice(at, at + 65_536));
    }
    const { lines } = await follow(body.write('\n2026-01-01T00:00:01Z next\n').end());
    const { text, hidden } = displayText(lines[0]?.text ?? '');
    assert.equal(hidden, 0, 'it was cut a second time');
    const [, shown = '', missing] = /^(x+) … \[\+(\d+)\]$/.exec(text) ?? assert.fail(text.slice(-40));
    assert.equal(shown.length + Number(missing), content.length);
    assert.ok(shown.length > 8_000, `${shown.length} are shown`);
    assert.equal(lines[1]?.text, 'next');
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
