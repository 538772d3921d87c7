import type { BenchCluster, ClusterKind } from '../clusters/benchCluster';
import type { Outcome } from './outcome';

export interface BenchContext {
  readonly clusterKind: ClusterKind;
  /** Measures for longer, where a bench knows how. */
  readonly isLong: boolean;
  /** Tells whoever waits what goes on. */
  readonly say: (line: string) => void;
  /** The cluster with {@link PERSONAS} personas, started and filled when first asked for; shared by the benches. */
  cluster(): Promise<BenchCluster>;
  /** The timed part: says how long it took. Everything that is only preparation comes before it. */
  readonly measuring: <T>(measure: () => Promise<T>) => Promise<T>;
}

export interface Bench {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  run(context: BenchContext): Promise<Outcome>;
}

/** Ample for the fleet of a big company, and where what grows with the number shows. */
export const PERSONAS = 5_000;
