import assert from 'node:assert/strict';
import { proof, type Rule } from '../rule';
import { SLOW_RETRY_MS, type RuleRun } from '../ruleRun';

/** The probe of a visible source, and what comes after it. */
const PROBED_MS = 30_000;
/** As long as a token may still be taken for good. */
const TOKEN_CACHE_MS = 12_000;

async function hears(run: RuleRun, text: string): Promise<void> {
  await run.until(`it is told: ${text}`, () => run.followed.told.includes(text));
}

export const rule6: Rule = {
  number: 6,
  title: 'other ends of a watch or a list',
  proofs: [
    proof(
      'a clean end: the watch goes on at its version, without a list and without a flicker',
      ['endWatches'],
      async (run, faults) => {
        const { cluster, followed, informer, requests } = run;
        await run.goLive();
        await cluster.put('a', 'one');
        await hears(run, 'added a');
        const version = informer.resourceVersion;
        await cluster.pass(2_000);
        await faults.endWatches();
        await run.until('it watches again', () => requests.count('watch') === 2);
        assert.equal(requests.of('watch').at(-1)?.get('resourceVersion'), version);
        await cluster.put('b', 'one');
        await run.inSync();
        assert.equal(requests.count('list'), 1);
        assert.deepEqual(followed.takeStates(), []);
      },
    ),
    proof('429: Retry-After is honoured', ['throttle'], async (run, faults) => {
      const { cluster, followed, informer, requests } = run;
      const end = await faults.throttle(20);
      informer.start();
      await run.reach('reconnecting');
      assert.equal(followed.expectState('reconnecting').problem.code, 'throttled');
      const asked = requests.count();
      await end();
      await cluster.pass(19_900);
      assert.equal(requests.count(), asked);
      await run.reach('live');
    }),
    proof('500: it is tried again with back-off', ['failInternally'], async (run, faults) => {
      const { followed, informer } = run;
      const end = await faults.failInternally();
      informer.start();
      await run.until(
        'it was tried three times',
        () => informer.state.type === 'reconnecting' && informer.state.attempt === 3,
      );
      assert.equal(followed.expectState('reconnecting').problem.code, 'serverError');
      await end();
      await run.reach('live');
    }),
    proof(
      'a refused connection: what is held stays, and afterwards the watch goes on without a list',
      ['refuseConnections'],
      async (run, faults) => {
        const { cluster, followed, requests } = run;
        await cluster.put('a', 'one');
        await run.goLive();
        const end = await faults.refuseConnections();
        await run.reach('reconnecting');
        await cluster.put('a', 'two');
        await cluster.put('b', 'one');
        await cluster.pass(2_000);
        followed.expectState('reconnecting');
        assert.deepEqual(followed.heldNames, ['a']);
        await end();
        await run.reach('live');
        await run.inSync();
        assert.deepEqual(followed.told, ['updated a', 'added b']);
        assert.equal(requests.count('list'), 1);
      },
    ),
    proof(
      '401: credentials are renewed once, and then it is unauthorized, while an open watch goes on',
      ['revokeCredentials'],
      async (run, faults) => {
        const { cluster, followed, informer } = run;
        await run.goLive();
        await faults.revokeCredentials();
        await cluster.pass(TOKEN_CACHE_MS);
        await cluster.put('a', 'one');
        await hears(run, 'added a');
        followed.expectState('live');
        informer.retryNow();
        await run.reach('unauthorized', PROBED_MS);
        assert.equal(followed.renewals, 1);
        assert.deepEqual(followed.heldNames, ['a']);
      },
    ),
    proof(
      '403: a permission taken away is noticed by the probe of an open watch, and its return by a slow retry',
      ['revokePermission'],
      async (run, faults) => {
        const { cluster, followed, informer, requests } = run;
        informer.setVisible(true);
        await cluster.put('a', 'one');
        await run.goLive();
        const end = await faults.revokePermission();
        await run.reach('forbidden', PROBED_MS);
        assert.deepEqual(followed.heldNames, ['a']);
        const asked = requests.count();
        await cluster.pass(5_000);
        assert.equal(requests.count(), asked, 'it is asked slowly');
        await end();
        await run.reach('live', SLOW_RETRY_MS);
        assert.deepEqual(followed.told, []);
        await cluster.put('b', 'one');
        await run.inSync();
      },
    ),
    proof(
      '404: deleting the CRD takes every object, it is not installed then, and its return is noticed',
      ['removeDefinition'],
      async (run, faults) => {
        const { cluster, followed, informer } = run;
        await cluster.put('a', 'one');
        await cluster.put('b', 'one');
        await run.goLive();
        const end = await faults.removeDefinition();
        await run.reach('notInstalled');
        assert.deepEqual(followed.takeTold().toSorted(), ['deleted a observed', 'deleted b observed']);
        assert.equal(informer.store.size, 0);
        await end();
        await cluster.put('c', 'one');
        await run.reach('live', SLOW_RETRY_MS);
        await run.inSync();
      },
    ),
    proof('a changed CRD: nothing flickers', ['updateDefinition'], async (run, faults) => {
      const { cluster, followed, requests } = run;
      await cluster.put('a', 'one');
      await run.goLive();
      await cluster.pass(2_000);
      const watches = requests.count('watch');
      await faults.updateDefinition();
      await run.until('the watch was opened again', () => requests.count('watch') > watches);
      await cluster.put('b', 'one');
      await run.inSync();
      assert.deepEqual(followed.takeStates(), []);
      assert.deepEqual(followed.told, ['added b']);
    }),
    proof(
      'a line that is no JSON: it is counted and reported, and everything is listed anew',
      ['sendGarbage'],
      async (run, faults) => {
        const { cluster, followed, informer, requests } = run;
        await run.goLive();
        await cluster.put('a', 'one');
        await hears(run, 'added a');
        await faults.sendGarbage();
        await run.reach('reconnecting');
        assert.equal(followed.expectState('reconnecting').problem.code, 'malformed');
        assert.equal(informer.counters.badLines, 1);
        assert.deepEqual(
          followed.problems.map(({ code }) => code),
          ['malformed'],
        );
        assert.ok(!followed.logged.join().includes('html'), 'what stands in it is not logged');
        await cluster.put('b', 'one');
        await run.reach('live');
        await run.inSync();
        assert.equal(requests.count('list'), 2);
      },
    ),
  ],
};
