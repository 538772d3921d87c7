import assert from 'node:assert/strict';
import { requireKubernetes } from '../../support/testbed/requireTool';
import { type BothClusters, startBothClusters } from './bothClusters';
import type { Answer } from './kubectlSession';
import { kubectlScript } from './kubectlScript';
import { Normaliser } from './normalisation';
import type { Comparison } from './step';

/** One side's answers, as they are compared. */
class Transcript {
  readonly #normaliser = new Normaliser();

  entry({ exitCode, stdout, stderr }: Answer, step: number, comparison: Comparison = 'text'): string {
    const lines = `${stdout.split('\n').length - 1} lines`;
    const output = comparison === 'shape' ? lines : this.#normaliser.normalise(stdout, `${step}`);
    return `exit code ${exitCode}\n--- stdout\n${output}\n--- stderr\n${this.#normaliser.normalise(stderr, `${step}e`)}`;
  }
}

describe('kubectl gets the same from the demo cluster as from a real API server', function () {
  this.timeout(60_000);
  let clusters: BothClusters;
  const demoTranscript = new Transcript();
  const realTranscript = new Transcript();
  let number = 0;

  before(async function () {
    clusters = await startBothClusters(requireKubernetes(this));
  });

  after(() => clusters?.stop());

  for (const { title, steps } of kubectlScript) {
    describe(title, () => {
      for (const step of steps) {
        it(step.does, async () => {
          number += 1;
          const [demo, real] = await Promise.allSettled([clusters.demo.take(step), clusters.real.take(step)]);
          // The real one's trouble is the script's: it comes first.
          if (real.status === 'rejected') {
            throw real.reason;
          }
          if (real.value === undefined) {
            assert.equal(demo.status, 'fulfilled', demo.status === 'rejected' ? String(demo.reason) : '');
            return;
          }
          const expected = realTranscript.entry(real.value, number, step.compare);
          if (step.type === 'run') {
            assert.equal(real.value.exitCode, step.exit ?? 0, `The real API server: ${expected}`);
          }
          if (demo.status === 'rejected') {
            throw demo.reason;
          }
          assert.ok(demo.value);
          assert.equal(demoTranscript.entry(demo.value, number, step.compare), expected);
        });
      }
    });
  }
});
