import { renameSync, writeFileSync } from 'node:fs';

export type Credentials =
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'clientCertificate'; readonly certificateFile: string; readonly keyFile: string }
  | { readonly type: 'none' };

export interface KubeconfigContext {
  /** Name of the context, and of the user it joins with a cluster. */
  readonly name: string;
  /** Name of the cluster; defaults to that of the context. Those of equal names are taken to be the same. */
  readonly cluster?: string;
  readonly server: string;
  /** Of the authority that signed the server's certificate: a file … */
  readonly caFile?: string;
  /** … or its content, PEM. */
  readonly caCertificate?: string;
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

function clusterOf({ server, caFile, caCertificate }: KubeconfigContext): Record<string, string> {
  return {
    server,
    ...(caFile !== undefined && { 'certificate-authority': caFile }),
    ...(caCertificate !== undefined && {
      'certificate-authority-data': Buffer.from(caCertificate).toString('base64'),
    }),
  };
}

/**
 * Writes a kubeconfig that only its owner may read, with one user per context, the first context being the current one.
 * It is JSON, which is YAML too, below `heading`, a YAML comment. A file of that name is replaced in one step. Returns
 * `file`.
 */
export function writeKubeconfig(file: string, contexts: readonly KubeconfigContext[], heading = ''): string {
  const clusters = new Map(
    contexts.map((context) => [context.cluster ?? context.name, clusterOf(context)] as const),
  );
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contexts[0]?.name ?? '',
    clusters: [...clusters].map(([name, cluster]) => ({ name, cluster })),
    users: contexts.map(({ name, credentials }) => ({ name, user: userOf(credentials) })),
    contexts: contexts.map(({ name, cluster = name, namespace }) => ({
      name,
      context: { cluster, user: name, ...(namespace === undefined ? {} : { namespace }) },
    })),
  };
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${heading}${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return file;
}
