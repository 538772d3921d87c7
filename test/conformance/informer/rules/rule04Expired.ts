import assert from 'node:assert/strict';
import type { Writes } from '../clusterUnderTest';
import { proof, type Proof, type Rule } from '../rule';

/** What is expected of an informer that has missed writes and cannot be told of them. */
function relists(
  how: string,
  fault: 'expireByStatus' | 'expireByEvent' | 'expireOpenWatches' | 'restart',
): Proof {
  return proof(`what is held stays until it is replaced at once, ${how}`, [fault], async (run, faults) => {
    const { cluster, followed, informer, requests } = run;
    await cluster.put('changed', 'one');
    await cluster.put('gone', 'one');
    await run.goLive();
    const sizes = new Set<number>();
    followed.onNotification = () => sizes.add(informer.store.size);
    const missed: Writes = async () => {
      await cluster.put('changed', 'two');
      await cluster.put('new', 'one');
      await cluster.put('newer', 'one');
      await cluster.delete('gone');
    };
    await faults[fault](missed);
    assert.deepEqual(followed.told, []);
    assert.deepEqual(followed.heldNames, ['changed', 'gone']);
    await run.inSync();
    await run.reach('live');
    assert.deepEqual(followed.takeTold().toSorted(), [
      'added new',
      'added newer',
      'deleted gone inferred',
      'updated changed',
    ]);
    assert.deepEqual([...sizes], [3], 'the Store changed at once');
    assert.equal(informer.generation, 2);
    assert.equal(requests.count('list'), 2);
    assert.equal(requests.of('list').at(-1)?.has('resourceVersion'), false);
    assert.ok(!followed.takeStates().includes('syncing'), 'what is held is not hidden');
  });
}

export const rule4: Rule = {
  number: 4,
  title: '410 Gone and ResourceVersionTooLarge',
  proofs: [
    relists('when a watch is refused with status 410', 'expireByStatus'),
    relists('when a watch is told 410 by its first event', 'expireByEvent'),
    relists('when a watch is told 410 in mid-stream', 'expireOpenWatches'),
    relists('when the server was killed and started again', 'restart'),
  ],
};
