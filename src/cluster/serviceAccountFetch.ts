// First: it remembers what loading undici replaces.
import { openConnection, type ClusterConnection, type ConnectionOptions } from './clusterConnection';
import { resolveServiceAccount, type ServiceAccount } from './serviceAccount';

/** Opens the cluster that this process runs in, without sending anything yet. Rejects as {@link openConnection} does. */
export function openServiceAccountConnection(
  options: Omit<ConnectionOptions, 'mayRun'> & { readonly account: ServiceAccount },
): Promise<ClusterConnection> {
  const { account, ...others } = options;
  return openConnection(() => Promise.resolve(resolveServiceAccount(account)), {
    ...others,
    mayRun: () => Promise.resolve(false),
  });
}
