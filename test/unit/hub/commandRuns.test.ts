import assert from 'node:assert/strict';
import type { CommandRun } from '../../../src/hub/commandRun';
import { CommandRuns } from '../../../src/hub/commandRuns';
import type { CommandStep } from '../../../src/protocol/commandProgress';
import { hubEventSchema } from '../../../src/protocol/hubEvent';
import { decode } from '../../../src/protocol/messages';
import { ProblemError } from '../../../src/protocol/problem';
import { commandTopic } from '../../../src/protocol/topics';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from './hubFixture';

/** Work that a test ends. */
class Work {
  readonly #ended = Promise.withResolvers<void>();

  readonly run = (): Promise<void> => this.#ended.promise;

  succeed(): void {
    this.#ended.resolve();
  }

  fail(error: unknown): void {
    this.#ended.reject(error);
  }
}

function runsOf({ hub, clock, logger, owned }: HubFixture): CommandRuns {
  return owned.add(new CommandRuns({ hub, clock, logger }));
}

/** What the hub told of commands since the last call; each of it is an event of the protocol. */
function takeSteps({ events }: HubFixture): CommandStep[] {
  return events.splice(0).flatMap((event) => {
    assert.ok(decode(hubEventSchema, event).ok, JSON.stringify(event));
    if (event.type !== 'command.progress') {
      return [];
    }
    assert.equal(event.priority, 'high');
    assert.equal(event.topic, commandTopic(event.data.id));
    return [event.data];
  });
}

function inShort(steps: readonly CommandStep[]): string[] {
  return steps.map(({ state, fraction, subject }) =>
    [state, fraction, subject].filter((part) => part !== undefined).join(' '),
  );
}

function startWork(runs: CommandRuns, target?: string): { readonly run: CommandRun; readonly work: Work } {
  const work = new Work();
  const run = runs.start({
    command: 'diagnose',
    ...(target === undefined ? {} : { target }),
    work: work.run,
  });
  return { run, work };
}

describe('a long command', () => {
  trackLeaks();

  it(
    'tells that it runs, how far it is, and that it is done',
    withHub(async (fixture) => {
      const { run, work } = startWork(runsOf(fixture));
      assert.deepEqual(takeSteps(fixture), [{ id: 'diagnose-1', command: 'diagnose', state: 'running' }]);
      await fixture.clock.advance(1_000);
      run.report({ done: 1, total: 4, subject: 'prod' });
      assert.deepEqual(takeSteps(fixture), [
        {
          id: 'diagnose-1',
          command: 'diagnose',
          state: 'running',
          fraction: 0.25,
          subject: 'prod',
          done: 1,
          total: 4,
        },
      ]);
      work.succeed();
      assert.deepEqual(await run.finished, { state: 'done' });
      assert.deepEqual(inShort(takeSteps(fixture)), ['done 1 prod']);
      await fixture.clock.advance(1_000);
      assert.deepEqual(takeSteps(fixture), []);
    }),
  );

  it(
    'is told at most ten times a second, the latest always, and the end at once',
    withHub(async (fixture) => {
      const { run, work } = startWork(runsOf(fixture));
      takeSteps(fixture);
      let told = 0;
      for (let step = 0; step < 1_000; step += 1) {
        run.report({ fraction: step / 2_000, subject: `step ${step}` });
        await fixture.clock.advance(1);
        told += takeSteps(fixture).length;
      }
      assert.equal(told, 10);
      run.report({ fraction: 0.6, subject: 'late' });
      await fixture.clock.advance(100);
      assert.deepEqual(inShort(takeSteps(fixture)), ['running 0.6 late']);
      run.report({ fraction: 0.7, subject: 'last' });
      work.succeed();
      await run.finished;
      assert.deepEqual(inShort(takeSteps(fixture)), ['done 1 last']);
    }),
  );

  it(
    'that fails says why, and how far it came',
    withHub(async (fixture) => {
      const { run, work } = startWork(runsOf(fixture));
      run.report({ fraction: 0.5 });
      const error = new ProblemError({ code: 'kubeconfig', detail: 'its context is gone' });
      work.fail(error);
      assert.deepEqual(await run.finished, { state: 'failed', problem: error.problem, error });
      const last = takeSteps(fixture).at(-1);
      assert.deepEqual(
        [last?.state, last?.fraction, last?.problem],
        ['failed', 0.5, { code: 'kubeconfig', detail: 'its context is gone' }],
      );
    }),
  );

  it(
    'that throws at once fails too',
    withHub(async (fixture) => {
      const run = runsOf(fixture).start({
        command: 'refresh',
        work: () => {
          throw new Error('broken');
        },
      });
      const end = await run.finished;
      assert.equal(end.state, 'failed');
      assert.deepEqual(inShort(takeSteps(fixture)), ['running', 'failed']);
    }),
  );

  it(
    'that is cancelled ends at once and once, whatever its work still does',
    withHub(async (fixture) => {
      for (const end of ['succeed', 'fail'] as const) {
        const runs = runsOf(fixture);
        const { run, work } = startWork(runs);
        takeSteps(fixture);
        assert.equal(run.signal.aborted, false);
        run.cancel();
        assert.equal(run.signal.aborted, true);
        assert.equal(runs.running('diagnose'), undefined);
        assert.deepEqual(inShort(takeSteps(fixture)), ['cancelled']);
        run.cancel();
        run.report({ fraction: 0.9 });
        work[end](new Error('too late'));
        assert.deepEqual(await run.finished, { state: 'cancelled' });
        await fixture.clock.advance(1_000);
        assert.deepEqual(takeSteps(fixture), []);
      }
    }),
  );

  it(
    'never goes back, and takes no number that is none',
    withHub(async (fixture) => {
      const { run, work } = startWork(runsOf(fixture));
      const fractions: (number | undefined)[] = [];
      for (const fraction of [NaN, 0.4, 0.2, NaN, -1, 7]) {
        run.report({ fraction });
        fractions.push(run.step.fraction);
      }
      run.report({ done: 0, total: 0 });
      assert.deepEqual([...fractions, run.step.fraction], [undefined, 0.4, 0.4, 0.4, 0.4, 1, 1]);
      work.succeed();
      await run.finished;
    }),
  );

  it(
    'cuts a name that is as long as a file',
    withHub(async (fixture) => {
      const { run, work } = startWork(runsOf(fixture));
      run.report({ subject: 'x'.repeat(100_000) });
      assert.equal(run.step.subject?.length, 200);
      work.succeed();
      await run.finished;
    }),
  );

  it(
    'is told to those who follow the one run, the end included',
    withHub(async (fixture) => {
      const runs = runsOf(fixture);
      const { run, work } = startWork(runs, 'a');
      const other = startWork(runs, 'b');
      const told: string[] = [];
      const following = run.onStep(({ state }) => told.push(state));
      other.run.cancel();
      await fixture.clock.advance(200);
      run.report({ fraction: 0.5 });
      work.succeed();
      await run.finished;
      following.dispose();
      assert.deepEqual(told, ['running', 'done']);
    }),
  );

  it(
    'goes on, and is told to the others, when one who follows it fails',
    withHub(async (fixture) => {
      const { run, work } = startWork(runsOf(fixture));
      const following = run.onStep(() => {
        throw new Error('a bad listener');
      });
      work.succeed();
      assert.deepEqual(await run.finished, { state: 'done' });
      following.dispose();
      assert.deepEqual(fixture.logged, ['A follower of a command failed: a bad listener']);
    }),
  );
});

describe('the runs of long commands', () => {
  trackLeaks();

  it(
    'are one at a time for a command and a target, and can be joined',
    withHub(async (fixture) => {
      const runs = runsOf(fixture);
      const { run, work } = startWork(runs, 'constructor');
      assert.equal(runs.running('diagnose', 'constructor'), run);
      assert.equal(runs.running('diagnose', '__proto__'), undefined);
      assert.equal(runs.running('diagnose'), undefined);
      assert.equal(runs.running('refresh', 'constructor'), undefined);
      assert.throws(() => startWork(runs, 'constructor'), ProblemError);
      work.succeed();
      await run.finished;
      assert.equal(runs.running('diagnose', 'constructor'), undefined);
      const again = startWork(runs, 'constructor');
      assert.notEqual(again.run.id, run.id);
      again.run.cancel();
    }),
  );

  it(
    'are bounded in number, and forgotten when they are over',
    withHub(async (fixture) => {
      const runs = runsOf(fixture);
      const started = Array.from({ length: 32 }, (_, index) => startWork(runs, `s${index}`));
      assert.throws(() => startWork(runs, 'one more'), ProblemError);
      started[0]?.work.succeed();
      await started[0]?.run.finished;
      startWork(runs, 'one more').run.cancel();
    }),
  );

  it(
    'are cancelled with those who hold them, and none is started afterwards',
    withHub(async (fixture) => {
      const runs = runsOf(fixture);
      const started = ['a', 'b', 'c'].map((target) => startWork(runs, target));
      takeSteps(fixture);
      runs.dispose();
      runs.dispose();
      assert.deepEqual(inShort(takeSteps(fixture)), ['cancelled', 'cancelled', 'cancelled']);
      assert.ok(started.every(({ run }) => run.signal.aborted));
      assert.throws(() => startWork(runs, 'd'), ProblemError);
      await fixture.clock.settle();
    }),
  );
});
