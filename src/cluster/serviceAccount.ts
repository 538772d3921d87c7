import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { resolveContext, type ContextResolution } from './resolvedContext';

/** Where Kubernetes puts what a pod's service account has. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

const NAME = 'in-cluster';

/** The cluster that this process runs in, and who it is there. */
export interface ServiceAccount {
  readonly server: string;
  readonly tokenFile: string;
  readonly caFile: string;
}

/** As client-go finds it: by what every container is told of its API server, and files; undefined where this is no pod. */
export function findServiceAccount(
  environment: Readonly<Record<string, string | undefined>>,
  folder = SERVICE_ACCOUNT_FOLDER,
): ServiceAccount | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'];
  const tokenFile = join(folder, 'token');
  if (host === undefined || host === '' || port === undefined || port === '' || !existsSync(tokenFile)) {
    return undefined;
  }
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tokenFile,
    caFile: join(folder, 'ca.crt'),
  };
}

/** As a context that names its files: they are read again every minute, since the token is replaced before it expires. */
export function resolveServiceAccount({ server, tokenFile, caFile }: ServiceAccount): ContextResolution {
  const entry = (value: unknown) => ({ value, path: tokenFile });
  return resolveContext(
    {
      contexts: new Map([[NAME, entry({ context: { cluster: NAME, user: NAME } })]]),
      clusters: new Map([[NAME, entry({ cluster: { server, 'certificate-authority': caFile } })]]),
      users: new Map([[NAME, entry({ user: { tokenFile } })]]),
    },
    NAME,
  );
}
