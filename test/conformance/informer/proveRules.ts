import type { Random } from '../../../src/base/random';
import type { ServerUnderTest } from './clusterUnderTest';
import { whyNot } from './rule';
import { RuleRun } from './ruleRun';
import { RULES } from './rules/rules';

/** Defines a test for each sentence that can be shown on the server, under the name of its rule. */
export function proveRules(server: ServerUnderTest, random?: Random): void {
  for (const { number, title, proofs } of RULES) {
    const possible = proofs.filter((each) => whyNot(server, each) === undefined);
    if (possible.length === 0) {
      continue;
    }
    describe(`rule ${number}: ${title}`, () => {
      for (const { sentence, needs, prove } of possible) {
        it(sentence, async () => {
          const cluster = await server.start(needs);
          try {
            const run = new RuleRun(cluster, random);
            try {
              await prove(run);
              await run.finish();
            } finally {
              run.followed.subscriptions.dispose();
            }
          } finally {
            await cluster.stop();
          }
        });
      }
    });
  }
}
