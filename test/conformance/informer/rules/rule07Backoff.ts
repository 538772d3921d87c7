import assert from 'node:assert/strict';
import { proof, type Rule } from '../rule';

export const rule7: Rule = {
  number: 7,
  title: 'back-off',
  proofs: [
    proof(
      'waits between attempts while a server is away, and none after waking or coming online',
      ['refuseConnections'],
      async (run, faults) => {
        const { cluster, informer, requests } = run;
        await run.goLive();
        const asked = requests.count();
        const end = await faults.refuseConnections();
        await cluster.pass(5_000);
        assert.equal(informer.state.type, 'reconnecting');
        // Full jitter of 0.8 s × 2ⁿ: a dozen where chance is unkind, thousands where nothing waits.
        assert.ok(requests.count() - asked < 40, `${requests.count() - asked} requests in 5 s`);
        await end();
        informer.retryNow();
        await run.reach('live', 2_000);
        assert.equal(requests.count('list'), 1);
      },
    ),
  ],
};
