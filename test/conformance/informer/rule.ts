import type { ClusterUnderTest, Fault, Faults, ServerUnderTest } from './clusterUnderTest';
import type { RuleRun } from './ruleRun';

/** Shows on one cluster that a sentence is true. */
export interface Proof {
  readonly sentence: string;
  /** Faults without which it cannot be shown. */
  readonly needs: readonly Fault[];
  readonly prove: (run: RuleRun) => Promise<void>;
}

/** What the Reflector and the Informer must do, by its number among the rules. */
export interface Rule {
  readonly number: number;
  readonly title: string;
  readonly proofs: readonly Proof[];
}

/** `prove` is given the faults that it needs. */
export function proof<F extends Fault>(
  sentence: string,
  needs: readonly F[],
  prove: (run: RuleRun, faults: Pick<Faults, F>) => Promise<void>,
): Proof {
  return {
    sentence,
    needs,
    prove: (run) => {
      const { faults } = run.cluster;
      if (!hasAll(faults, needs)) {
        throw new TypeError(`this cluster lacks one of ${needs.join(', ')}`);
      }
      return prove(run, faults);
    },
  };
}

function hasAll<F extends Fault>(
  faults: ClusterUnderTest['faults'],
  needs: readonly F[],
): faults is ClusterUnderTest['faults'] & Pick<Faults, F> {
  return needs.every((fault) => faults[fault] !== undefined);
}

/** Why a server cannot show it; undefined where it can. */
export function whyNot(server: ServerUnderTest, { needs }: Proof): string | undefined {
  return needs.map((fault) => server.cannot[fault]).find((reason) => reason !== undefined);
}
