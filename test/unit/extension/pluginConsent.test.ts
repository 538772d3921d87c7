import assert from 'node:assert/strict';
import { nullLogger } from '../../../src/base/logger';
import { execLaunch, execPluginQuestion, type ExecPluginQuestion } from '../../../src/cluster/execPlugin';
import { PluginConsent } from '../../../src/extension/pluginConsent';
import { Hub } from '../../../src/hub/hub';
import type { SourceConnection } from '../../../src/hub/source';
import { ProblemError } from '../../../src/protocol/problem';
import { FakeClock } from '../../support/fakeClock';

const SECRET = 'hunter22';

function plugin(args: string[] = [`--client-secret=${SECRET}`], env: Record<string, string> = {}) {
  const entry = {
    apiVersion: undefined,
    command: './sign-in',
    args,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    interactiveMode: undefined,
    provideClusterInfo: false,
  };
  return execPluginQuestion(execLaunch(entry, '/home/me/.kube/config'));
}

describe('consent to sign-in programs', () => {
  let clock: FakeClock;
  let hub: Hub;
  let kept: Map<string, unknown>;
  let questions: { readonly plugin: ExecPluginQuestion; readonly label: string }[];
  let answer: () => Promise<boolean>;
  let consent: PluginConsent;
  /** What the source asks for while it opens. */
  let wanted: ExecPluginQuestion | undefined;
  let outcome: () => Promise<SourceConnection>;
  let answers: boolean[];

  function startConsent(): PluginConsent {
    return new PluginConsent({
      memory: {
        get: (key) => kept.get(key),
        update: (key, value) => {
          kept.set(key, value);
          return Promise.resolve();
        },
      },
      hub,
      clock,
      ask: (asked, label) => {
        questions.push({ plugin: asked, label });
        return answer();
      },
    });
  }

  beforeEach(() => {
    clock = new FakeClock();
    hub = new Hub({ clock, random: { next: () => 0.5 }, logger: nullLogger });
    kept = new Map();
    questions = [];
    answers = [];
    answer = () => Promise.resolve(true);
    wanted = plugin();
    outcome = () => Promise.reject(new ProblemError({ code: 'credentials', detail: 'a test' }));
    consent = startConsent();
    for (const id of ['a', 'b']) {
      hub.addSource({
        id,
        kind: 'kubeconfig',
        label: `context ${id}`,
        open: async () => {
          if (wanted !== undefined) {
            answers.push(await consent.mayRun(id, `context ${id}`, wanted));
          }
          return outcome();
        },
      });
    }
  });

  afterEach(() => {
    consent.dispose();
    hub.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  /** As the command does it. */
  async function userConnects(id: string): Promise<void> {
    consent.allowQuestion(id);
    const source = hub.requireSource(id);
    if (source.isConnected) {
      source.retryNow();
    } else {
      source.connect();
    }
    await clock.settle();
  }

  it('asks nothing and allows nothing by itself', async () => {
    assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
    assert.deepEqual(questions, []);
  });

  it('asks when the user connects, and remembers the answer for that source', async () => {
    await userConnects('a');
    assert.deepEqual(questions, [{ plugin: plugin(), label: 'context a' }]);
    assert.deepEqual(answers, [true]);
    consent.dispose();
    consent = startConsent();
    assert.equal(await consent.mayRun('a', 'context a', plugin()), true);
    assert.equal(await consent.mayRun('b', 'context b', plugin()), false);
    assert.equal(questions.length, 1);
  });

  it('keeps a fingerprint, and nothing of what is run', async () => {
    wanted = plugin(undefined, { KEY: `x${SECRET}` });
    await userConnects('a');
    const text = JSON.stringify([...kept]);
    assert.match(text, new RegExp(wanted.fingerprint));
    assert.doesNotMatch(text, /hunter22|sign-in|KEY/);
  });

  it('takes for consent only what it kept itself', async () => {
    await userConnects('a');
    const [[key]] = [...kept] as [[string, unknown]];
    for (const foreign of [{ a: plugin().commandLine }, { a: 1 }, 'x', null, [plugin().fingerprint]]) {
      kept.set(key, foreign);
      assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
    }
  });

  it('asks again for anything that was changed, and refuses it until the user acts', async () => {
    await userConnects('a');
    const changes = [plugin([]), plugin(undefined, { PATH: '/tmp' }), plugin([`--client-secret=${SECRET}2`])];
    for (const changed of changes) {
      assert.equal(await consent.mayRun('a', 'context a', changed), false);
    }
    assert.equal(questions.length, 1);
    [wanted] = changes;
    await userConnects('a');
    assert.equal(questions.at(-1)?.plugin, changes[0]);
    // One consent a source: what was allowed before is asked about again, too.
    assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
  });

  it('remembers no refusal', async () => {
    answer = () => Promise.resolve(false);
    await userConnects('a');
    await userConnects('a');
    assert.deepEqual(answers, [false, false]);
    assert.equal(questions.length, 2);
  });

  describe('the permission to ask', () => {
    it('is used up by one question', async () => {
      answer = () => Promise.resolve(false);
      consent.allowQuestion('a');
      assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
      assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
      assert.equal(questions.length, 1);
    });

    it('ends when the attempt failed without a question', async () => {
      wanted = undefined;
      await userConnects('a');
      assert.equal(hub.requireSource('a').status().state.type, 'failed');
      assert.equal(clock.pendingTimers, 0);
      assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
      assert.deepEqual(questions, []);
    });

    it('ends when the source is live', async () => {
      wanted = undefined;
      const { createDemoCluster } = await import('../../../src/demo/demoCluster');
      outcome = () => {
        const demo = createDemoCluster({ clock, seed: 7 });
        demo.start();
        return Promise.resolve(demo);
      };
      await userConnects('a');
      for (let ms = 0; ms < 2_000 && hub.requireSource('a').status().state.type !== 'live'; ms += 100) {
        await clock.advance(100);
      }
      assert.equal(hub.requireSource('a').status().state.type, 'live');
      assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
      // Reconnecting what is live changes no state: then time ends it.
      await userConnects('a');
      await clock.advance(30_000);
      assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
      assert.deepEqual(questions, []);
      hub.disconnect('a');
      await clock.settle();
    });

    it('lasts through the failure that is being retried', async () => {
      wanted = undefined;
      await userConnects('a');
      wanted = plugin();
      await userConnects('a');
      assert.equal(questions.length, 1);
    });

    it('ends after half a minute, whatever the attempt does', async () => {
      wanted = undefined;
      outcome = () => new Promise(() => {});
      await userConnects('a');
      await clock.advance(29_999);
      assert.equal(clock.pendingTimers, 1);
      await clock.advance(1);
      assert.equal(await consent.mayRun('a', 'context a', plugin()), false);
      assert.deepEqual(questions, []);
    });

    it('is for the one source that the user chose', async () => {
      consent.allowQuestion('a');
      assert.equal(await consent.mayRun('b', 'context b', plugin()), false);
      assert.deepEqual(questions, []);
    });

    it('is none for a source that is not there', async () => {
      consent.allowQuestion('gone');
      assert.equal(await consent.mayRun('gone', 'gone', plugin()), false);
      assert.deepEqual(questions, []);
    });
  });

  it('asks once where two want to know the same, however long the answer takes', async () => {
    const user = Promise.withResolvers<boolean>();
    answer = () => user.promise;
    consent.allowQuestion('a');
    const first = consent.mayRun('a', 'context a', plugin());
    const second = consent.mayRun('a', 'context a', plugin());
    const other = consent.mayRun('a', 'context a', plugin([]));
    await clock.advance(3_600_000);
    user.resolve(true);
    assert.deepEqual(await Promise.all([first, second, other]), [true, true, false]);
    assert.equal(questions.length, 1);
  });
});
