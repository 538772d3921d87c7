import { writeFileSync } from 'node:fs';

export type Credentials =
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'clientCertificate'; readonly certificateFile: string; readonly keyFile: string }
  | { readonly type: 'none' };

export interface KubeconfigContext {
  /** Name of the context, and of the cluster and user it joins. */
  readonly name: string;
  readonly server: string;
  readonly caFile: string;
  readonly credentials: Credentials;
  readonly namespace?: string;
}

function userOf(credentials: Credentials): Record<string, string> {
  switch (credentials.type) {
    case 'token':
      return { token: credentials.token };
    case 'clientCertificate':
      return { 'client-certificate': credentials.certificateFile, 'client-key': credentials.keyFile };
    case 'none':
      return {};
    default:
      return credentials satisfies never;
  }
}

/**
 * Writes a kubeconfig with one cluster and one user per context, the first context being the current one.
 * It is JSON, which is YAML too. Returns `file`.
 */
export function writeKubeconfig(file: string, contexts: readonly KubeconfigContext[]): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contexts[0]?.name ?? '',
    clusters: contexts.map(({ name, server, caFile }) => ({
      name,
      cluster: { server, 'certificate-authority': caFile },
    })),
    users: contexts.map(({ name, credentials }) => ({ name, user: userOf(credentials) })),
    contexts: contexts.map(({ name, namespace }) => ({
      name,
      context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) },
    })),
  };
  writeFileSync(file, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
  return file;
}
