import type { KubeconfigContext } from './kubeconfigContexts';
import { mergeKubeconfigs, readKubeconfigFile } from './kubeconfigFile';
import { resolveContext, type ContextResolution } from './resolvedContext';

/**
 * Looks a context up in what its files hold now. An unreadable file counts only where it is the one that defines the context.
 * Never rejects.
 */
export async function resolveFromFiles(context: KubeconfigContext): Promise<ContextResolution> {
  const readings = await Promise.all(
    (context.mergedPaths ?? [context.path]).map((file) => readKubeconfigFile(file)),
  );
  const own = readings.find((reading) => !reading.ok && reading.problem.path === context.path);
  if (own !== undefined && !own.ok) {
    return { ok: false, detail: `${own.problem.path} is ${own.problem.reason} (${own.problem.detail})` };
  }
  const kubeconfig = mergeKubeconfigs(
    readings.flatMap((reading) => (reading.ok ? [reading.kubeconfig] : [])),
  );
  return resolveContext(kubeconfig, context.context);
}
