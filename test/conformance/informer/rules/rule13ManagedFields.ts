import assert from 'node:assert/strict';
import { proof, type Rule } from '../rule';

export const rule13: Rule = {
  number: 13,
  title: 'managedFields',
  proofs: [
    proof(
      'are dropped, whether listed or watched, and no other field is',
      ['readMetadata'],
      async (run, faults) => {
        const { cluster, informer } = run;
        await cluster.put('listed', 'one');
        await run.goLive();
        await cluster.put('watched', 'one');
        await run.inSync();
        for (const name of ['listed', 'watched']) {
          const { managedFields, ...rest } = await faults.readMetadata(name);
          assert.ok(Array.isArray(managedFields), 'the server keeps them');
          assert.deepEqual(informer.store.get(name)?.metadata, rest);
        }
      },
    ),
  ],
};
