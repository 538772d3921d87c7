import { systemClock } from '../../../src/base/clock';
import { nullLogger } from '../../../src/base/logger';
import { readKubeconfigs, type KubeconfigContext } from '../../../src/cluster/kubeconfigContexts';
import type { ClusterConnection } from '../../../src/cluster/clusterConnection';
import { openClusterConnection } from '../../../src/cluster/kubeconfigFetch';

/** Every context of a kubeconfig, the production way. */
export async function contextsOf(kubeconfig: string): Promise<readonly KubeconfigContext[]> {
  return (await readKubeconfigs([kubeconfig])).contexts;
}

/** Opens a context as the extension does. */
export function openContext(context: KubeconfigContext): Promise<ClusterConnection> {
  return openClusterConnection({
    context,
    clock: systemClock,
    logger: nullLogger,
    mayRun: () => Promise.resolve(false),
    userAgent: 'clusterpersona-bench/1',
  });
}

/** Opens the first context of a kubeconfig. */
export async function openKubeconfig(kubeconfig: string): Promise<ClusterConnection> {
  const [context] = await contextsOf(kubeconfig);
  if (context === undefined) {
    throw new Error(`${kubeconfig} names no context`);
  }
  return openContext(context);
}
