import assert from 'node:assert/strict';
import { proof, type Rule } from '../rule';

const PROBES = 8;
/** What is asked beside a watch: a page of a list and the question who answers at the same time, later a probe. */
const BESIDE_WATCHES = 2;

export const rule12: Rule = {
  number: 12,
  title: 'agents',
  proofs: [
    proof('keep connections alive from request to request', ['countConnections'], async (run, faults) => {
      const { informer, requests, followed } = run;
      await run.goLive();
      for (let probe = 1; probe <= PROBES; probe += 1) {
        const proofs = followed.proofs;
        informer.retryNow();
        await run.until('it was proven', () => followed.proofs > proofs);
      }
      assert.ok(requests.count() > PROBES);
      const connections = await faults.countConnections();
      // A watch that is given up takes its connection with it.
      const atMost = requests.count('watch') + BESIDE_WATCHES;
      assert.ok(connections <= atMost, `${connections} connections for ${requests.count()} requests`);
    }),
  ],
};
