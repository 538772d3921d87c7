import assert from 'node:assert/strict';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { KubeTransportError } from '../../../src/base/kubeFetch';
import { nullLogger } from '../../../src/base/logger';
import { PodLogStream } from '../../../src/hub/podLogStream';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedBody, scriptedKube } from '../kube/scriptedKube';

/** The longest pause that chance allows. */
const patient = { next: () => 0.999 };
const second = (n: number, fraction = ''): string =>
  `2026-01-01T00:00:${String(n).padStart(2, '0')}${fraction}Z`;
const broken = (): KubeTransportError => new KubeTransportError('closed', 'cut');
const refused = (status: number, message: string) => ({
  status,
  body: JSON.stringify({ kind: 'Status', code: status, message }),
});
const untilAborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(broken())));

describe('a pod’s log stream', () => {
  const clock = new FakeClock();
  let stream: PodLogStream;

  afterEach(() => {
    stream.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  function open(fetch: KubeFetch, bounds: { maxLines?: number; maxBytes?: number } = {}): PodLogStream {
    stream = new PodLogStream({
      fetch,
      target: { source: 's', namespace: 'shop', pod: 'cart', container: 'main' },
      clock,
      random: patient,
      logger: nullLogger,
      tailLines: 100,
      ...bounds,
    });
    return stream;
  }
  const texts = (): string[] => stream.read(0, 10_000).lines.map(({ text }) => text);

  it('numbers lines from 0 and gives them with their times', async () => {
    const body = new ScriptedBody();
    open(scriptedKube(body).fetch);
    assert.deepEqual(stream.read(0, 10), { lines: [], first: 0, next: 0, state: { type: 'connecting' } });
    body.write(`${second(1)} one\n${second(2)} two\nthree\n`);
    await clock.settle();
    assert.deepEqual(stream.read(1, 10), {
      lines: [
        { seq: 1, time: second(2), text: 'two' },
        { seq: 2, text: 'three' },
      ],
      first: 0,
      next: 3,
      state: { type: 'following' },
    });
    assert.deepEqual(
      stream.read(0, 2).lines.map(({ seq }) => seq),
      [0, 1],
    );
    assert.deepEqual(stream.read(3, 10).lines, []);
  });

  it('gives up the oldest lines beyond its bounds, in number and in memory', async () => {
    const body = new ScriptedBody();
    open(scriptedKube(body).fetch, { maxLines: 3 });
    body.write(Array.from({ length: 5000 }, (_, index) => `line ${index}\n`).join(''));
    await clock.settle();
    assert.deepEqual(stream.range, { first: 4997, next: 5000 });
    assert.deepEqual(
      stream.read(0, 10).lines.map(({ seq, text }) => [seq, text]),
      [
        [4997, 'line 4997'],
        [4998, 'line 4998'],
        [4999, 'line 4999'],
      ],
    );
    stream.dispose();

    const heavy = new ScriptedBody();
    open(scriptedKube(heavy).fetch, { maxBytes: 10_000 });
    heavy.write(`${'x'.repeat(4000)}\n`.repeat(3));
    await clock.settle();
    assert.deepEqual(stream.range, { first: 2, next: 3 });
  });

  it('tells of changes at once, then no more than once a frame', async () => {
    const body = new ScriptedBody();
    open(scriptedKube(body).fetch);
    const told: number[] = [];
    stream.onChanged(() => told.push(stream.range.next));
    await clock.settle();
    assert.deepEqual(told, [0]);
    for (let line = 0; line < 100; line += 1) {
      body.write('x\n');
      await clock.settle();
    }
    assert.deepEqual(told, [0]);
    await clock.advance(50);
    assert.deepEqual(told, [0, 100]);
    await clock.advance(1000);
    assert.deepEqual(told, [0, 100]);
    body.write('x\n');
    await clock.settle();
    assert.deepEqual(told, [0, 100, 101]);
  });

  it('takes the log up again at the newest line’s second, and leaves out what it holds', async () => {
    const first = new ScriptedBody();
    const again = new ScriptedBody();
    const { fetch, asked } = scriptedKube(first, again);
    open(fetch);
    first.write(`${second(1)} a\n${second(2, '.1')} same\n${second(2, '.1')} same\n${second(2, '.2')} b\n`);
    await clock.settle();
    first.fail(broken());
    await clock.settle();
    assert.deepEqual(stream.state, {
      type: 'failed',
      problem: { code: 'closed', detail: 'cut' },
      retryAt: clock.now() + 799,
    });
    again.write(
      `${second(2, '.1')} same\n${second(2, '.1')} same\n${second(2, '.2')} b\n${second(2, '.2')} b\n${second(3)} c\n`,
    );
    await clock.advance(799);
    assert.deepEqual(texts(), ['a', 'same', 'same', 'b', 'b', 'c']);
    assert.equal(stream.state.type, 'following');
    assert.equal(asked[0]?.query.get('tailLines'), '100');
    assert.equal(asked[1]?.query.get('sinceTime'), second(2, '.2'));
    assert.equal(asked[1]?.query.has('tailLines'), false);
  });

  it('recognises lines of the second that it has given up already', async () => {
    const first = new ScriptedBody();
    const lines = ['.1', '.12', '.3', '.4'].map((fraction) => `${second(2, fraction)} at ${fraction}\n`);
    const again = new ScriptedBody().write([...lines, `${second(3)} new\n`].join(''));
    open(scriptedKube(first, again).fetch, { maxLines: 2 });
    first.write(lines.join(''));
    await clock.settle();
    first.fail(broken());
    await clock.advance(1000);
    assert.deepEqual(stream.range, { first: 3, next: 5 });
    assert.deepEqual(texts(), ['at .4', 'new']);
  });

  it('recognises lines of one instant of which it was given only the last', async () => {
    const at = second(2, '.5');
    const again = new ScriptedBody().write(`${at} never held\n${at} a\n${at} b\n${at} c\n`);
    const first = new ScriptedBody().write(`${at} a\n${at} b\n`);
    open(scriptedKube(first, again).fetch);
    await clock.settle();
    first.fail(broken());
    await clock.advance(1000);
    assert.deepEqual(texts(), ['a', 'b', 'c']);
  });

  it('takes lines without times up again by their sequence', async () => {
    const first = new ScriptedBody().write('a\nb\na\n');
    const again = new ScriptedBody().write('b\na\nc\n');
    const { fetch, asked } = scriptedKube(first, again);
    open(fetch);
    await clock.settle();
    first.fail(broken());
    await clock.advance(1000);
    assert.deepEqual(texts(), ['a', 'b', 'a', 'c']);
    assert.equal(asked[1]?.query.get('tailLines'), '3');
  });

  it('waits longer from failure to failure, and as long as the server asks', async () => {
    const throttled = { ...refused(429, 'busy'), headers: { 'retry-after': '9' } };
    const { fetch, asked } = scriptedKube(broken(), broken(), throttled, new ScriptedBody());
    open(fetch);
    await clock.settle();
    assert.equal(clock.nextTimerInMs, 799);
    await clock.advance(799);
    assert.equal(clock.nextTimerInMs, 1598);
    await clock.advance(1598);
    assert.equal(clock.nextTimerInMs, 9000);
    assert.equal(asked.length, 3);
    await clock.advance(9000);
    assert.equal(stream.state.type, 'following');
  });

  it('starts over with short pauses once lines have come', async () => {
    const body = new ScriptedBody().write('x\n').fail(broken());
    open(scriptedKube(broken(), broken(), body).fetch);
    await clock.advance(799);
    await clock.advance(1598);
    assert.equal(stream.state.type === 'failed' ? stream.state.retryAt : undefined, clock.now() + 799);
  });

  it('waits for a container that has not started', async () => {
    const waiting = refused(400, 'container "main" in pod "cart" is waiting to start: ContainerCreating');
    open(scriptedKube(waiting, new ScriptedBody().write('hello\n')).fetch);
    await clock.advance(799);
    assert.deepEqual(texts(), ['hello']);
  });

  for (const [status, code] of [
    [403, 'forbidden'],
    [404, 'notFound'],
  ] as const) {
    it(`fails for good on ${status}`, async () => {
      const { fetch, asked } = scriptedKube(refused(status, 'no'));
      open(fetch);
      await clock.advance(120_000);
      assert.deepEqual(stream.state, { type: 'failed', problem: { code, detail: `HTTP ${status}: no` } });
      assert.equal(asked.length, 1);
    });
  }

  it('has ended when nothing more comes after a clean end, with the line that was left open', async () => {
    const { fetch, asked } = scriptedKube(`${second(1)} a\n${second(2)} b`, `${second(1)} a\n${second(2)} b`);
    open(fetch);
    await clock.settle();
    assert.deepEqual(texts(), ['a']);
    assert.equal(stream.state.type, 'following');
    await clock.advance(1000);
    assert.deepEqual(texts(), ['a', 'b']);
    assert.deepEqual(stream.state, { type: 'ended' });
    await clock.advance(120_000);
    assert.equal(asked.length, 2);
  });

  it('goes on after a clean end that was not the container’s', async () => {
    const goesOn = new ScriptedBody().write(`${second(1)} a\n${second(2)} b, whole\n`);
    open(scriptedKube(`${second(1)} a\n${second(2)} b, wh`, goesOn).fetch);
    await clock.advance(1000);
    assert.deepEqual(texts(), ['a', 'b, whole']);
    assert.equal(stream.state.type, 'following');
  });

  it('says nothing and asks nothing more once disposed', async () => {
    const body = new ScriptedBody().write('one\n');
    const { fetch, asked } = scriptedKube(body);
    open(fetch);
    let told = 0;
    stream.onChanged(() => (told += 1));
    await clock.settle();
    stream.dispose();
    const before = told;
    assert.equal(asked[0]?.request?.signal?.aborted, true);
    body.write('two\n');
    await clock.advance(120_000);
    assert.equal(told, before);
    assert.equal(asked.length, 1);
    assert.deepEqual(texts(), ['one']);
  });

  it('tries again at once when told to, with pauses that begin anew', async () => {
    const body = new ScriptedBody();
    const { fetch, asked } = scriptedKube(broken(), broken(), broken(), broken(), body);
    open(fetch);
    await clock.advance(800 + 1600);
    assert.equal(asked.length, 3);
    stream.reopen();
    await clock.settle();
    assert.equal(asked.length, 4);
    assert.deepEqual(stream.state, {
      type: 'failed',
      problem: { code: 'closed', detail: 'cut' },
      retryAt: clock.now() + 799,
    });
    stream.reopen();
    await clock.settle();
    assert.deepEqual(stream.state, { type: 'following' });
  });

  it('opens a log that is read anew when told to, and says so until it is accepted', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n${second(1)} a\n`);
    const again = new ScriptedBody().write(`${second(1)} a\n${second(1)} a\n${second(2)} b\n`);
    const { fetch, asked } = scriptedKube(first, again);
    open(fetch);
    await clock.settle();
    stream.reopen();
    assert.equal(asked[0]?.request?.signal?.aborted, true);
    await clock.settle();
    assert.equal(asked.length, 2);
    assert.deepEqual(texts(), ['a', 'a', 'b']);
    assert.deepEqual(stream.state, { type: 'following' });
  });

  it('does not say that it follows while a log that is opened anew gets no answer', async () => {
    const body = new ScriptedBody();
    const { fetch } = scriptedKube(body);
    let asked = 0;
    open((path, request) => {
      asked += 1;
      return asked === 1 ? fetch(path, request) : untilAborted(request?.signal);
    });
    await clock.settle();
    stream.reopen();
    await clock.advance(60_000);
    assert.deepEqual(stream.state, { type: 'connecting' });
    stream.reopen();
    await clock.settle();
    assert.equal(asked, 3, 'an attempt that hangs is given up for another');
  });

  it('gives up its connection when it is interrupted, and asks for nothing before it is told to', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n`);
    const again = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n`);
    const { fetch, asked } = scriptedKube(first, again);
    open(fetch);
    await clock.settle();
    const problem = { code: 'unreachable', detail: 'no sign of life' } as const;
    stream.interrupt(problem);
    await clock.settle();
    assert.equal(asked[0]?.request?.signal?.aborted, true);
    assert.deepEqual(stream.state, { type: 'failed', problem });
    stream.interrupt({ code: 'closed', detail: 'later' });
    await clock.advance(3_600_000);
    assert.deepEqual(stream.state, { type: 'failed', problem });
    assert.equal(asked.length, 1);
    stream.reopen();
    await clock.settle();
    assert.deepEqual(stream.state, { type: 'following' });
    assert.deepEqual(texts(), ['a', 'b']);
  });

  it('has ended for good, whatever becomes of its cluster', async () => {
    const { fetch, asked } = scriptedKube(`${second(1)} a\n`, `${second(1)} a\n`);
    open(fetch);
    await clock.advance(1000);
    stream.interrupt({ code: 'closed', detail: 'gone' });
    stream.reopen();
    await clock.advance(60_000);
    assert.deepEqual(stream.state, { type: 'ended' });
    assert.equal(asked.length, 2);
  });

  it('asks again for what was refused for good only when told to', async () => {
    const body = new ScriptedBody();
    const { fetch, asked } = scriptedKube(refused(403, 'pods/log is forbidden'), body);
    open(fetch);
    await clock.advance(3_600_000);
    assert.equal(stream.state.type, 'failed');
    assert.equal(asked.length, 1);
    stream.reopen();
    await clock.settle();
    assert.deepEqual(stream.state, { type: 'following' });
  });
});
