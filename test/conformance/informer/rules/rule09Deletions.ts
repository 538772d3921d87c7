import assert from 'node:assert/strict';
import { proof, type Proof, type Rule } from '../rule';

function recreatedUnseen(how: string, fault: 'expireByStatus' | 'restart'): Proof {
  return proof(
    `of what a relist does not find carry the last known state, and a new uid is a deletion and an addition, ${how}`,
    [fault],
    async (run, faults) => {
      const { cluster, followed, informer } = run;
      await cluster.put('again', 'one');
      await cluster.put('gone', 'one');
      await run.goLive();
      const tombstones: unknown[] = [];
      const before = [informer.store.get('again'), informer.store.get('gone')];
      followed.subscriptions.add(
        informer.addHandler({ added() {}, updated() {}, deleted: (last) => tombstones.push(last) }),
      );
      await faults[fault](async () => {
        await cluster.delete('again');
        await cluster.put('again', 'two');
        await cluster.delete('gone');
      });
      await run.inSync();
      const told = followed.takeTold();
      assert.deepEqual(told.toSorted(), ['added again', 'deleted again inferred', 'deleted gone inferred']);
      assert.ok(told.indexOf('deleted again inferred') < told.indexOf('added again'));
      assert.deepEqual(new Set(tombstones), new Set(before));
      assert.notEqual(informer.store.get('again')?.metadata.uid, before[0]?.metadata.uid);
    },
  );
}

export const rule9: Rule = {
  number: 9,
  title: 'deletions, and another cluster',
  proofs: [
    proof('of an object that is created again come before its addition', [], async (run) => {
      const { cluster, followed } = run;
      await cluster.put('a', 'one');
      await run.goLive();
      await cluster.delete('a');
      await cluster.put('a', 'two');
      await run.inSync();
      assert.deepEqual(followed.told, ['deleted a observed', 'added a']);
    }),
    recreatedUnseen('after a refused watch', 'expireByStatus'),
    recreatedUnseen('after a restart', 'restart'),
    proof(
      'another cluster at the same address: everything is dropped, and said so once',
      ['switchCluster'],
      async (run, faults) => {
        const { cluster, followed, informer } = run;
        await cluster.put('a', 'one');
        await run.goLive();
        await cluster.pass(2_000);
        const dropped: string[] = [];
        followed.subscriptions.add(
          informer.addHandler({
            added() {},
            updated() {},
            deleted: (last, how) => dropped.push(`${last.metadata.name} ${how}`),
          }),
        );
        await faults.switchCluster();
        await run.until('it is told', () => followed.told.includes('added other'));
        await run.reach('live');
        await run.inSync();
        assert.deepEqual(followed.told, ['replaced', 'added other']);
        assert.deepEqual(dropped, ['a inferred'], 'for who does not know of replacements');
        assert.equal(followed.heldNames.includes('a'), false);
      },
    ),
  ],
};
