import { systemClock } from '../../../src/base/clock';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { Informer } from '../../../src/informer/informer';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { openKubeconfig } from '../clusters/openFetch';
import { serveSync } from './serveSync';
import { untilLive } from '../clusters/untilLive';

/** Ours: the production transport and Informer. */
serveSync(async (kubeconfig) => {
  const { fetch } = await openKubeconfig(kubeconfig);
  const informer = new Informer({
    fetch,
    path: CLUSTER_PERSONA.path,
    clock: systemClock,
    random: systemRandom,
    logger: nullLogger,
  });
  return async () => {
    await untilLive(informer);
    return { objects: informer.store.size };
  };
});
