import { activateBench } from './activate/activateBench';
import { churnBench } from './churn/churnBench';
import { demoServerBench } from './demoServer/demoServerBench';
import { fanoutBench } from './fanout/fanoutBench';
import { logsBench } from './logs/logsBench';
import { latencyBench } from './latency/latencyBench';
import type { Bench } from './method/bench';
import { queueBench } from './queue/queueBench';
import { recoverBench } from './recover/recoverBench';
import { routerBench } from './router/routerBench';
import { sourcesBench } from './sources/sourcesBench';
import { syncBench } from './sync/syncBench';

/** In the order in which they are listed. */
export const BENCHES: readonly Bench[] = [
  syncBench,
  sourcesBench,
  latencyBench,
  churnBench,
  recoverBench,
  activateBench,
  demoServerBench,
  queueBench,
  routerBench,
  fanoutBench,
  logsBench,
];
