import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import type { KubeconfigContext } from '../../../src/cluster/kubeconfigContexts';
import { Informer } from '../../../src/informer/informer';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { contextsOf, openContext } from '../clusters/openFetch';
import { untilLive } from '../clusters/untilLive';
import { EventLoopDelay } from '../method/eventLoopDelay';
import { memoryAfterCollection } from '../method/memory';
import { serveProgram } from '../method/serveProgram';

const delay = new EventLoopDelay();
const informers: Informer[] = [];
let contexts: readonly KubeconfigContext[] = [];

async function follow(context: KubeconfigContext): Promise<void> {
  const { fetch } = await openContext(context);
  const informer = new Informer({
    fetch,
    path: CLUSTER_PERSONA.path,
    clock: systemClock,
    random: systemRandom,
    logger: nullLogger,
  });
  informers.push(informer);
  await untilLive(informer);
}

serveProgram({
  prepare: async (kubeconfig) => {
    contexts = await contextsOf(v.parse(v.string(), kubeconfig));
  },
  measure: async () => {
    const cpu = process.cpuUsage();
    delay.begin();
    const startedMs = performance.now();
    await Promise.all(contexts.map(follow));
    const wallMs = performance.now() - startedMs;
    const { user, system } = process.cpuUsage(cpu);
    return {
      wallMs,
      cpuMs: (user + system) / 1000,
      objects: informers.reduce((sum, { store }) => sum + store.size, 0),
      longestDelayMs: delay.end(),
    };
  },
  memory: () => memoryAfterCollection(),
});
