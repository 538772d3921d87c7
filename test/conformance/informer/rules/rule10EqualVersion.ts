import assert from 'node:assert/strict';
import { proof, type Rule } from '../rule';

export const rule10: Rule = {
  number: 10,
  title: 'an equal resourceVersion',
  proofs: [
    proof('when listed anew updates how fresh the data is, and tells nobody', [], async (run) => {
      const { cluster, followed, informer, requests } = run;
      await cluster.put('a', 'one');
      await cluster.put('b', 'one');
      await run.goLive();
      const held = informer.store.get('a');
      const asOf = informer.asOf ?? assert.fail('not live');
      await cluster.pass(100);
      informer.stop();
      await cluster.put('b', 'two');
      informer.start();
      await run.reach('live');
      assert.equal(requests.count('list'), 2);
      assert.deepEqual(followed.told, ['updated b']);
      assert.equal(informer.store.get('a'), held, 'the same JavaScript object');
      assert.ok((informer.asOf ?? 0) > asOf);
      await run.inSync();
    }),
  ],
};
