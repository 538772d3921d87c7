import assert from 'node:assert/strict';
import type { KubeFetch } from '../../../../src/base/kubeFetch';
import { KubeTransportError } from '../../../../src/base/kubeFetch';
import { FakeClock } from '../../../support/fakeClock';
import { FollowedLog, type FollowedLogOptions } from '../../../support/followedLog';
import { ScriptedBody, scriptedKube } from '../../kube/scriptedKube';

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

describe('a container’s log', () => {
  const clock = new FakeClock();
  let stream: FollowedLog;

  afterEach(() => {
    stream.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  function open(fetch: KubeFetch, options: Partial<FollowedLogOptions> = {}): FollowedLog {
    stream = new FollowedLog({
      fetch,
      target: { namespace: 'shop', pod: 'cart', container: 'main' },
      clock,
      random: patient,
      tailLines: 100,
      ...options,
    });
    return stream;
  }
  const texts = (): string[] => stream.texts();

  it('numbers lines from 0 and gives them with their times', async () => {
    const body = new ScriptedBody();
    open(scriptedKube(body).fetch);
    assert.deepEqual(stream.rows(), []);
    assert.deepEqual(stream.state, { type: 'connecting' });
    body.write(`${second(1)} one\n${second(2)} two\nthree\n`);
    await clock.settle();
    assert.deepEqual(stream.rows().slice(1), [
      { stream: 0, line: 1, time: second(2, '.000000000'), text: 'two' },
      { stream: 0, line: 2, text: 'three' },
    ]);
    assert.deepEqual(stream.state, { type: 'following' });
  });

  it('takes the log up again some lines before its end, and leaves out what it holds', async () => {
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
    assert.equal(asked[1]?.query.get('sinceTime'), second(1, '.000000000'));
    assert.equal(asked[1]?.query.has('tailLines'), false);
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
    stream.log.onChanged(() => (told += 1));
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
    stream.log.reopen();
    await clock.settle();
    assert.equal(asked.length, 4);
    assert.deepEqual(stream.state, {
      type: 'failed',
      problem: { code: 'closed', detail: 'cut' },
      retryAt: clock.now() + 799,
    });
    stream.log.reopen();
    await clock.settle();
    assert.deepEqual(stream.state, { type: 'following' });
  });

  it('opens a log that is read anew when told to, and says so until it is accepted', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n${second(1)} a\n`);
    const again = new ScriptedBody().write(`${second(1)} a\n${second(1)} a\n${second(2)} b\n`);
    const { fetch, asked } = scriptedKube(first, again);
    open(fetch);
    await clock.settle();
    stream.log.reopen();
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
    stream.log.reopen();
    await clock.advance(60_000);
    assert.deepEqual(stream.state, { type: 'connecting' });
    stream.log.reopen();
    await clock.settle();
    assert.equal(asked, 3, 'an attempt that hangs is given up for another');
  });

  it('asks again now and then while there is no answer, as before the first line', async () => {
    let asked = 0;
    open((_, request) => {
      asked += 1;
      return untilAborted(request?.signal);
    });
    await clock.advance(71_000);
    assert.equal(asked, 2);
    await clock.advance(71_000);
    assert.equal(asked, 3);
    assert.deepEqual(stream.state, { type: 'connecting' });
  });

  it('gives up its connection when it is interrupted, and asks for nothing before it is told to', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n`);
    const again = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n`);
    const { fetch, asked } = scriptedKube(first, again);
    open(fetch);
    await clock.settle();
    const problem = { code: 'unreachable', detail: 'no sign of life' } as const;
    stream.log.interrupt(problem);
    await clock.settle();
    assert.equal(asked[0]?.request?.signal?.aborted, true);
    assert.deepEqual(stream.state, { type: 'failed', problem });
    stream.log.interrupt({ code: 'closed', detail: 'later' });
    await clock.advance(3_600_000);
    assert.deepEqual(stream.state, { type: 'failed', problem });
    assert.equal(asked.length, 1);
    stream.log.reopen();
    await clock.settle();
    assert.deepEqual(stream.state, { type: 'following' });
    assert.deepEqual(texts(), ['a', 'b']);
  });

  it('has ended for good, whatever becomes of its cluster', async () => {
    const { fetch, asked } = scriptedKube(`${second(1)} a\n`, `${second(1)} a\n`);
    open(fetch);
    await clock.advance(1000);
    stream.log.interrupt({ code: 'closed', detail: 'gone' });
    stream.log.reopen();
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
    stream.log.reopen();
    await clock.settle();
    assert.deepEqual(stream.state, { type: 'following' });
  });

  it('marks a gap with its times where the last line does not come again', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n`);
    const again = new ScriptedBody().write(`${second(9)} z\n`);
    const none = refused(400, 'previous terminated container "main" in pod "cart" not found');
    const { fetch, asked } = scriptedKube(first, again, none);
    open(fetch);
    await clock.settle();
    first.fail(broken());
    await clock.advance(1000);
    assert.deepEqual(texts(), ['a', 'b', '[gap]', 'z']);
    assert.deepEqual(stream.rows()[2]?.marker, {
      type: 'gap',
      from: second(2, '.000000000'),
      until: second(9, '.000000000'),
    });
    assert.equal(asked[2]?.query.get('previous'), 'true');
    assert.equal(stream.state.type, 'following');
  });

  it('reads the rest of the run before where only the container was started anew', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n`);
    const again = new ScriptedBody().write(`${second(9)} anew\n`);
    const { fetch, asked } = scriptedKube(first, again, `${second(2)} b\n${second(3)} last words\n`);
    open(fetch);
    await clock.settle();
    first.end();
    await clock.advance(1000);
    assert.deepEqual(texts(), ['a', 'b', 'last words', '[restarted]', 'anew']);
    assert.equal(asked[2]?.query.get('follow'), null);
    again.write(`${second(10)} goes on\n`);
    await clock.settle();
    assert.deepEqual(texts().slice(-1), ['goes on']);
  });

  it('finds that out also where the new run says nothing yet', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n`);
    const again = new ScriptedBody();
    const { fetch } = scriptedKube(first, again, `${second(1)} a\n${second(2)} last words`);
    open(fetch);
    await clock.settle();
    first.end();
    await clock.advance(1000);
    assert.deepEqual(texts(), ['a']);
    await clock.advance(5_000);
    assert.deepEqual(texts(), ['a', 'last words', '[restarted]']);
    again.write(`${second(3)} anew\n`);
    await clock.settle();
    assert.deepEqual(texts().slice(-1), ['anew']);
  });

  it('opens a connection anew on which nothing comes, without saying so and without a line twice', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n`);
    const again = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n`);
    const { fetch, asked } = scriptedKube(first, again);
    open(fetch);
    const states: string[] = [];
    stream.log.onChanged(() => states.push(stream.state.type));
    await clock.advance(70_000);
    assert.equal(asked.length, 2);
    assert.equal(asked[0]?.request?.signal?.aborted, true);
    assert.deepEqual(texts(), ['a', 'b']);
    assert.deepEqual(states, ['following']);
  });

  it('does not wait for lines of the overlap that will not come', async () => {
    const first = new ScriptedBody().write(`${second(1, '.1')} a\n${second(1, '.2')} b\n`);
    const again = new ScriptedBody().write(`${second(1, '.1')} a\n`);
    open(scriptedKube(first, again, refused(400, 'no run before')).fetch);
    await clock.settle();
    first.fail(broken());
    await clock.advance(1000);
    assert.deepEqual(texts(), ['a', 'b']);
    await clock.advance(5_000);
    // Whether this is the line that is held cannot be told any more: it is shown, behind the gap.
    assert.deepEqual(texts(), ['a', 'b', '[gap]', 'a']);
  });

  it('asks for all of a log that was empty when it was opened', async () => {
    const first = new ScriptedBody();
    const { fetch, asked } = scriptedKube(first, new ScriptedBody().write('a\nb\n'));
    open(fetch, { tailLines: 1 });
    await clock.advance(11_000);
    first.fail(broken());
    await clock.advance(1000);
    assert.equal(asked[1]?.query.has('tailLines'), false);
    assert.deepEqual(texts(), ['a', 'b']);
  });

  it('reads many lines of before at once, and follows behind them', async () => {
    const before = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n${second(2)} ha`).end();
    const follows = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n${second(2)} half\n`);
    const { fetch, asked } = scriptedKube(before, follows);
    open(fetch, { tailLines: 5_000 });
    await clock.settle();
    assert.deepEqual(
      asked.map(({ query }) => [query.get('follow'), query.get('tailLines'), query.get('sinceTime')]),
      [
        [null, '5000', null],
        ['true', null, second(1, '.000000000')],
      ],
    );
    assert.deepEqual(texts(), ['a', 'b', 'half']);
    follows.write(`${second(3)} c\n`);
    await clock.settle();
    assert.deepEqual(texts(), ['a', 'b', 'half', 'c']);
    assert.deepEqual(stream.state, { type: 'following' });
  });

  it('goes on reading them where the connection broke meanwhile', async () => {
    const first = new ScriptedBody().write(`${second(1)} a\n`).fail(broken());
    const rest = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n`).end();
    const follows = new ScriptedBody().write(`${second(1)} a\n${second(2)} b\n${second(3)} c\n`);
    const { fetch, asked } = scriptedKube(first, rest, follows);
    open(fetch, { tailLines: 1_000_000 });
    await clock.advance(1_000);
    assert.deepEqual(
      asked.map(({ query }) => query.get('follow')),
      [null, null, 'true'],
    );
    assert.deepEqual(texts(), ['a', 'b', 'c']);
  });

  it('begins with one line at least, so that there is something to go on from', async () => {
    const { fetch, asked } = scriptedKube(new ScriptedBody());
    open(fetch, { tailLines: 0 });
    await clock.settle();
    assert.equal(asked[0]?.query.get('tailLines'), '1');
  });

  it('reads the run before to its end and no further', async () => {
    const { fetch, asked } = scriptedKube(`${second(1)} a\n${second(2)} b`);
    open(fetch, { previous: true });
    await clock.advance(60_000);
    assert.deepEqual(texts(), ['a', 'b']);
    assert.deepEqual(stream.state, { type: 'ended' });
    assert.deepEqual(Object.fromEntries(asked[0]?.query ?? []), {
      timestamps: 'true',
      previous: 'true',
      container: 'main',
      tailLines: '100',
    });
  });

  it('goes on where it has ended, once its container runs again', async () => {
    const again = new ScriptedBody().write(`${second(5)} anew\n`);
    const run = `${second(1)} a\n`;
    const { fetch } = scriptedKube(run, run, again, run);
    open(fetch);
    await clock.advance(1_000);
    assert.deepEqual(stream.state, { type: 'ended' });
    stream.log.restart();
    await clock.settle();
    assert.deepEqual(texts(), ['a', '[restarted]', 'anew']);
  });
});
