import assert from 'node:assert/strict';
import { proof, type Rule } from '../rule';
import type { RuleRun } from '../ruleRun';

/** One more than a page. */
const OBJECTS = 501;
/** Written at the same time. */
const WRITERS = 20;

async function fill({ cluster }: RuleRun): Promise<void> {
  for (let from = 0; from < OBJECTS; from += WRITERS) {
    const indices = Array.from({ length: Math.min(WRITERS, OBJECTS - from) }, (_, index) => from + index);
    await Promise.all(indices.map((index) => cluster.put(`persona-${String(index).padStart(5, '0')}`, 'x')));
  }
}

function pagesAsked({ requests }: RuleRun): string[] {
  return requests
    .of('list')
    .map((query) => `${query.get('limit') ?? 'all'}${query.has('continue') ? ' continued' : ''}`);
}

export const rule1: Rule = {
  number: 1,
  title: 'the initial state',
  proofs: [
    proof(
      'comes in pages of 500 at no particular resourceVersion, unindented, and is had whole before it is live',
      [],
      async (run) => {
        await fill(run);
        const { followed, requests, informer } = run;
        informer.start();
        await run.reach('live');
        assert.deepEqual(pagesAsked(run), ['500', '500 continued']);
        for (const query of requests.of('list')) {
          assert.equal(query.get('pretty'), 'false');
          assert.equal(query.has('resourceVersion'), false);
        }
        assert.deepEqual([...new Set(followed.takeStates())], ['connecting', 'syncing', 'live']);
        assert.equal(informer.store.size, OBJECTS);
        assert.equal(informer.generation, 1);
        await run.inSync();
      },
    ),
    proof('is watched from the version of the list, not from that of an item', [], async (run) => {
      const { cluster, requests } = run;
      await cluster.put('a', 'one');
      await cluster.put('b', 'one');
      await cluster.delete('b');
      await run.goLive();
      const from = requests.of('watch').at(0)?.get('resourceVersion') ?? assert.fail('no version');
      assert.notEqual(from, '0');
      assert.ok(!(await cluster.held()).some((each) => each.endsWith(`@${from}`)), `from an item's: ${from}`);
      await run.inSync();
    }),
    proof(
      'is listed anew once when a continue token has expired, and then unpaged',
      ['expireContinueTokens'],
      async (run, faults) => {
        await fill(run);
        await faults.expireContinueTokens(2);
        await run.goLive();
        assert.deepEqual(pagesAsked(run), ['500', '500 continued', '500', '500 continued', 'all']);
        assert.equal(run.informer.store.size, OBJECTS);
        await run.inSync();
      },
    ),
  ],
};
