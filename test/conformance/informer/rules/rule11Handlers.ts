import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/base/kubeObject';
import { proof, type Rule } from '../rule';

function textOf(object: KubeObject | undefined): unknown {
  return Object.entries(object?.['spec'] ?? {}).find(([name]) => name === 'description')?.[1];
}

export const rule11: Rule = {
  number: 11,
  title: 'handlers, and the end',
  proofs: [
    proof('get old and new in order, whatever another handler throws, which is logged', [], async (run) => {
      const { cluster, followed, informer } = run;
      const fail = (): never => {
        throw new Error('handler trouble');
      };
      const told: unknown[] = [];
      followed.subscriptions.add(informer.addHandler({ added: fail, updated: fail, deleted: fail }));
      followed.subscriptions.add(
        informer.addHandler({
          added: (object) => told.push(['added', textOf(object)]),
          updated: (before, after) => told.push(['updated', textOf(before), textOf(after)]),
          deleted: (last) => told.push(['deleted', textOf(last)]),
        }),
      );
      await run.goLive();
      await cluster.put('a', 'one');
      await cluster.put('a', 'two');
      await cluster.put('a', 'three');
      await cluster.delete('a');
      await run.until('all was told', () => told.length === 4);
      assert.deepEqual(told, [
        ['added', 'one'],
        ['updated', 'one', 'two'],
        ['updated', 'two', 'three'],
        ['deleted', 'three'],
      ]);
      assert.equal(followed.logged.filter((line) => line.includes('handler trouble')).length, 4);
      followed.expectState('live');
    }),
    proof(
      'are told nothing after stop, nothing is asked any more, and what was open is closed',
      [],
      async (run) => {
        const { cluster, followed, informer, requests } = run;
        await run.goLive();
        informer.stop();
        const asked = requests.count();
        await cluster.put('a', 'one');
        await cluster.pass(1_000);
        assert.deepEqual(followed.told, []);
        assert.deepEqual(followed.takeStates(), ['idle']);
        assert.equal(requests.count(), asked);
        await cluster.release();
      },
    ),
  ],
};
