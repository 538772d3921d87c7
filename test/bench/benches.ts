import type { Bench } from './method/bench';
import { syncBench } from './sync/syncBench';

/** In the order in which they are listed. */
export const BENCHES: readonly Bench[] = [syncBench];
