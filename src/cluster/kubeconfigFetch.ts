// First: it remembers what loading undici replaces.
import { openConnection, type ClusterConnection, type ConnectionOptions } from './clusterConnection';
import type { KubeconfigContext } from './kubeconfigContexts';
import { resolveFromFiles } from './resolveFromFiles';

export interface ClusterConnectionOptions extends ConnectionOptions {
  readonly context: KubeconfigContext;
}

/**
 * Opens a context without sending anything yet: credentials are made with the first request. Rejects with
 * {@link ProblemError}: `kubeconfig` when the context cannot be used as it stands in its file now, `consent` when its
 * program may not be run; and with the signal's reason.
 */
export function openClusterConnection(options: ClusterConnectionOptions): Promise<ClusterConnection> {
  return openConnection(() => resolveFromFiles(options.context), options);
}
