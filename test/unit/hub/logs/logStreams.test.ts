import assert from 'node:assert/strict';
import type { KubeFetch } from '../../../../src/base/kubeFetch';
import { LogStreams } from '../../../../src/hub/logs/logStreams';
import { listPods } from '../../../../src/kube/listPods';
import type { HubEvent } from '../../../../src/protocol/hubEvent';
import type { LogState } from '../../../../src/protocol/podLog';
import { ProblemError } from '../../../../src/protocol/problem';
import type { RequestParams } from '../../../../src/protocol/requests';
import { logTopic } from '../../../../src/protocol/topics';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { ScriptedBody, scriptedKube, type Answer } from '../../kube/scriptedKube';
import { withHub, type HubFixture } from '../hubFixture';

type Target = RequestParams<'logs.open'>;
const TARGET: Target = { source: 's', namespace: 'shop', pod: 'cart', container: 'main' };

function makeLogs({ hub, clock, random, logger, owned }: HubFixture) {
  const told: HubEvent[] = [];
  const logs = owned.add(
    new LogStreams({
      hub,
      clock,
      random,
      logger,
      tailLines: () => 5,
      onAppended: (event) => told.push(event),
    }),
  );
  const stateOf = (id: string): LogState => logs.read(id, 0, 1).state;
  return { logs, told, stateOf };
}

/** What a stream is doing, e.g. `following`, `failed closed, again`, `failed notFound`. */
function inWords(state: LogState): string {
  return state.type === 'failed'
    ? `failed ${state.problem.code}${state.retryAt === undefined ? '' : ', again'}`
    : state.type;
}

/** A container of the demo cluster that writes. */
async function demoTarget({ hub }: HubFixture): Promise<Target> {
  const fetch = hub.source('demo')?.fetch() ?? assert.fail();
  const [pod] = await listPods(fetch, 'argocd', new AbortController().signal);
  assert.ok(pod?.containers[0] !== undefined);
  return { source: 'demo', namespace: pod.namespace, pod: pod.name, container: pod.containers[0] };
}

/** A live source whose cluster answers for personas, and as told for logs. */
async function liveWithLogs(fixture: HubFixture, ...answers: Answer[]) {
  const server = new FaultServer();
  const { fetch: fetchLog, asked } = scriptedKube(...answers);
  const fetch: KubeFetch = (path, request) =>
    path.includes('/log?') && !server.isFrozen ? fetchLog(path, request) : server.fetch(path, request);
  const source = fixture.addServer(server, 's', fetch);
  await fixture.goLive(source);
  return { server, source, asked };
}

describe('the logs of a client', () => {
  trackLeaks();

  it(
    'are announced by the numbers of their lines, and read in pieces',
    withHub(async (fixture) => {
      await fixture.goLive(fixture.addDemo());
      const { logs, told } = makeLogs(fixture);
      const id = logs.open(await demoTarget(fixture));
      await fixture.clock.advance(10_000);
      const { lines, first, next, state } = logs.read(id, 0, 5_000);
      assert.equal(inWords(state), 'following');
      assert.ok(lines.length > 5, `${lines.length} lines`);
      assert.deepEqual([first, next], [0, lines.length]);
      const last = told.at(-1);
      assert.deepEqual(
        [last?.type, last?.topic, last?.data],
        ['log.appended', logTopic('demo', id), { source: 'demo', stream: id, first, next }],
      );
      assert.ok(!JSON.stringify(told).includes(lines[0]?.text ?? '?'));
      assert.deepEqual(logs.read(id, 2, 2).lines, lines.slice(2, 4));
    }),
  );

  it(
    'wait for a source that was removed, and go on with the one that comes in its place at once',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      await fixture.goLive(fixture.addDemo());
      const { logs, stateOf } = makeLogs(fixture);
      const id = logs.open(await demoTarget(fixture));
      await clock.advance(5_000);
      const { lines, next } = logs.read(id, 0, 5_000);
      hub.removeSource('demo');
      await clock.advance(60_000);
      assert.equal(inWords(stateOf(id)), 'failed closed');
      assert.deepEqual(logs.read(id, 0, 5_000), { lines, first: 0, next, state: stateOf(id) });
      fixture.addDemo().connect();
      await clock.advance(200);
      assert.equal(fixture.stateOf('demo'), 'live');
      assert.equal(inWords(stateOf(id)), 'following');
    }),
  );

  it(
    'go on at once when their source was disconnected and is connected again',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      const source = fixture.addDemo();
      await fixture.goLive(source);
      const { logs, stateOf } = makeLogs(fixture);
      const id = logs.open(await demoTarget(fixture));
      await clock.advance(5_000);
      hub.disconnect('demo');
      await clock.advance(60_000);
      assert.equal(inWords(stateOf(id)), 'failed closed');
      source.connect();
      await clock.advance(200);
      assert.equal(inWords(stateOf(id)), 'following');
    }),
  );

  it(
    'can be opened before their source is there',
    withHub(async (fixture) => {
      const { logs, stateOf } = makeLogs(fixture);
      const id = logs.open(TARGET);
      await fixture.clock.advance(60_000);
      assert.equal(inWords(stateOf(id)), 'failed closed, again');
      const { asked } = await liveWithLogs(fixture, new ScriptedBody());
      await fixture.clock.settle();
      assert.equal(asked.length, 1);
      assert.equal(inWords(stateOf(id)), 'following');
    }),
  );

  it(
    'are asked for again where the cluster had refused, when that cluster is back',
    withHub(async (fixture) => {
      const refusal = { status: 404, body: JSON.stringify({ kind: 'Status', code: 404, message: 'no pod' }) };
      const { source, asked } = await liveWithLogs(fixture, refusal, new ScriptedBody());
      const { logs, stateOf } = makeLogs(fixture);
      const id = logs.open(TARGET);
      await fixture.clock.advance(600_000);
      assert.equal(inWords(stateOf(id)), 'failed notFound');
      assert.equal(asked.length, 1);
      fixture.hub.disconnect('s');
      await fixture.goLive(source);
      assert.equal(inWords(stateOf(id)), 'following');
    }),
  );

  for (const [what, isVisible, type, untilMs] of [
    ['is stale', true, 'stale', 21_000],
    ['is lost', false, 'reconnecting', 96_000],
  ] as const) {
    it(
      `are not said to be followed while their source ${what}, and go on once it is live, without a line twice`,
      withHub(async (fixture) => {
        const { clock } = fixture;
        const line = (n: number): string => `2026-01-01T00:00:0${n}Z line ${n}\n`;
        const dead = new ScriptedBody().write(line(1) + line(1) + line(2));
        const again = new ScriptedBody().write(line(2) + line(3));
        const { server, source, asked } = await liveWithLogs(fixture, dead, again);
        const looking = isVisible ? source.look() : undefined;
        const { logs, stateOf } = makeLogs(fixture);
        const id = logs.open(TARGET);
        await clock.settle();
        server.isFrozen = true;
        await clock.advance(untilMs);
        assert.equal(fixture.stateOf('s'), type);
        assert.equal(inWords(stateOf(id)), 'failed unreachable');
        assert.equal(asked[0]?.request?.signal?.aborted, true);
        server.isFrozen = false;
        source.retryNow();
        await clock.advance(30_000);
        assert.equal(fixture.stateOf('s'), 'live');
        assert.equal(inWords(stateOf(id)), 'following');
        assert.deepEqual(
          logs.read(id, 0, 10).lines.map(({ text }) => text),
          ['line 1', 'line 1', 'line 2', 'line 3'],
        );
        looking?.dispose();
      }),
    );
  }

  it(
    'are opened anew when the user reconnects, though their source seems well',
    withHub(async (fixture) => {
      const { source, asked } = await liveWithLogs(fixture, new ScriptedBody(), new ScriptedBody());
      const { logs, stateOf } = makeLogs(fixture);
      const id = logs.open(TARGET);
      await fixture.clock.advance(5_000);
      source.retryNow();
      await fixture.clock.settle();
      assert.equal(asked.length, 2);
      assert.equal(asked[0]?.request?.signal?.aborted, true);
      assert.equal(inWords(stateOf(id)), 'following');
      assert.equal(fixture.stateOf('s'), 'live');
    }),
  );

  it(
    'keep their pauses while their source is live: proof of life is no news to them',
    withHub(async (fixture) => {
      const { server, asked } = await liveWithLogs(fixture, new Error('1'), new Error('2'), new Error('3'));
      const { logs } = makeLogs(fixture);
      logs.open(TARGET);
      for (let tenth = 0; tenth < 10; tenth += 1) {
        server.bookmark();
        await fixture.clock.advance(100);
      }
      assert.equal(asked.length, 2, 'the first pause is 400 ms, the second 800 ms');
    }),
  );

  it(
    'are as many as one client may need, and end when they are closed',
    withHub(async (fixture) => {
      await fixture.goLive(fixture.addDemo());
      const [demo] = fixture.demos;
      const before = demo?.openBodyCount ?? assert.fail();
      const { logs } = makeLogs(fixture);
      const target = await demoTarget(fixture);
      const ids = Array.from({ length: 32 }, () => logs.open(target));
      assert.equal(new Set(ids).size, 32);
      const isProblem = (code: string) => (error: unknown) =>
        error instanceof ProblemError && error.problem.code === code;
      assert.throws(() => logs.open(target), isProblem('badRequest'));
      await fixture.clock.advance(100);
      assert.equal(demo?.openBodyCount, before + 32);
      logs.close(ids[0] ?? '');
      assert.throws(() => logs.read(ids[0] ?? '', 0, 1), isProblem('closed'));
      logs.open(target);
      logs.closeAll();
      await fixture.clock.settle();
      assert.equal(demo?.openBodyCount, before);
    }),
  );
});
