import assert from 'node:assert/strict';
import { proof, type Rule } from '../rule';

export const rule3: Rule = {
  number: 3,
  title: 'every watch',
  proofs: [
    proof('asks for bookmarks, and for an end after 300 to 600 s', [], async (run) => {
      await run.goLive();
      const watches = run.requests.of('watch');
      assert.ok(watches.length > 0);
      for (const query of watches) {
        assert.equal(query.get('allowWatchBookmarks'), 'true');
        const seconds = Number(query.get('timeoutSeconds'));
        assert.ok(Number.isInteger(seconds) && seconds >= 300 && seconds <= 600, `${seconds} s`);
      }
    }),
    proof(
      'begins where the one before it was: at the version of its last event',
      ['cutConnections'],
      async (run, faults) => {
        const { cluster, followed, informer, requests } = run;
        await run.goLive();
        await cluster.put('a', 'one');
        await run.until('the event came', () => followed.told.includes('added a'));
        const version = informer.store.get('a')?.metadata.resourceVersion;
        assert.equal(informer.resourceVersion, version);
        const watches = requests.count('watch');
        await faults.cutConnections();
        await run.until('the next watch was asked for', () => requests.count('watch') > watches);
        assert.equal(requests.of('watch').at(watches)?.get('resourceVersion'), version);
        await run.reach('live');
        await run.inSync();
        assert.deepEqual(followed.told, ['added a']);
      },
    ),
  ],
};
