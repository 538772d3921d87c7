import assert from 'node:assert/strict';
import { proof, type Rule } from '../rule';

/** The probe of a hidden source, and a retry. */
const FOUND_MS = 120_000;

export const rule5: Rule = {
  number: 5,
  title: 'a watch from a version that the server has not reached',
  proofs: [
    proof(
      'is found out when a backup of the same cluster was restored',
      ['takeBackup'],
      async (run, faults) => {
        const { cluster, followed, informer } = run;
        const restore = await faults.takeBackup();
        await run.goLive();
        await cluster.put('lost', 'one');
        await cluster.put('lost', 'two');
        await run.until('the events came', () => followed.told.includes('updated lost'));
        followed.takeTold();
        await restore();
        await run.until('the object is gone', () => informer.store.size === 0, FOUND_MS);
        await run.reach('live');
        await run.inSync();
        assert.deepEqual(followed.told, ['deleted lost inferred'], 'the cluster is the same one');
        assert.equal(informer.generation, 2);
        await cluster.put('next', 'one');
        await run.inSync();
      },
    ),
  ],
};
