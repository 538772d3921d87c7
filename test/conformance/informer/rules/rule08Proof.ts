import assert from 'node:assert/strict';
import { proof, type Proof, type Rule } from '../rule';

const HOUR_MS = 3_600_000;
/** A back-off at its longest, and an answer. */
const BACK_MS = 45_000;

/** A visible view says so at the latest 20 s after its source died. */
function isNoticed(what: string, fault: 'goSilent' | 'swallowPackets'): Proof {
  return proof(
    `${what} shows a visible source as stale within 20 s, then as lost`,
    [fault],
    async (run, faults) => {
      const { cluster, followed, informer, requests } = run;
      informer.setVisible(true);
      await cluster.put('a', 'one');
      await run.goLive();
      const asOf = informer.asOf ?? assert.fail('not live');
      const { latenessMs } = cluster;
      const end = await faults[fault]();
      await run.reach('stale', 20_000 + latenessMs);
      assert.equal(followed.expectState('stale').since, asOf);
      await run.reach('reconnecting', 5_000 + latenessMs);
      assert.deepEqual(followed.heldNames, ['a']);
      assert.equal(informer.asOf, asOf);
      await end();
      await cluster.put('b', 'one');
      await run.reach('live', BACK_MS);
      await run.inSync();
      assert.deepEqual(followed.told, ['added b']);
      assert.equal(requests.count('list'), 1, 'nothing is listed after a mere silence');
    },
  );
}

export const rule8: Rule = {
  number: 8,
  title: 'live needs proof',
  proofs: [
    isNoticed('a server that is stopped', 'goSilent'),
    isNoticed('a network that swallows everything', 'swallowPackets'),
    proof(
      'a server that is stopped shows a hidden source as stale within 90 s',
      ['goSilent', 'passLong'],
      async (run, faults) => {
        const { followed, informer } = run;
        await run.goLive();
        const asOf = informer.asOf;
        await faults.goSilent();
        await faults.passLong(89_000);
        followed.expectState('live');
        await faults.passLong(1_000);
        assert.equal(followed.expectState('stale').since, asOf);
      },
    ),
    proof('a wall clock that jumps, as in sleep, makes it stale until it is proven', [], async (run) => {
      const { cluster, followed, informer, requests } = run;
      informer.setVisible(true);
      await cluster.put('a', 'one');
      await run.goLive();
      const { clock, latenessMs } = cluster;
      clock.jump(HOUR_MS);
      const isStale = (): boolean => followed.states.some(({ type }) => type === 'stale');
      await run.until('it is stale', isStale, 5_000 + latenessMs);
      await run.reach('live');
      assert.deepEqual(followed.takeStates(), ['stale', 'live']);
      assert.ok(requests.count('probe') > 0);
      assert.ok(clock.now() - (informer.asOf ?? 0) < 2_000);
      assert.equal(requests.count('list'), 1);
    }),
    proof(
      'a visible source is never called live by proof older than 20 s, and a quiet one does not flicker',
      ['passLong'],
      async (run, faults) => {
        const { cluster, followed, informer, requests } = run;
        informer.setVisible(true);
        await run.goLive();
        for (let second = 0; second < 600; second += 1) {
          await faults.passLong(1_000);
          const ageMs = cluster.clock.now() - (informer.asOf ?? 0);
          assert.ok(ageMs <= 20_000, `${ageMs} ms old after ${second} s`);
        }
        assert.deepEqual(followed.takeStates(), []);
        assert.ok(requests.count('probe') >= 20, `${requests.count('probe')} probes`);
        assert.equal(requests.count('list'), 1);
      },
    ),
  ],
};
