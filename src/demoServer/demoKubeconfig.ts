import { readFileSync } from 'node:fs';
import { isRecord } from '../base/jsonRecord';
import { writeKubeconfig } from './kubeconfigFile';

/** The demo cluster's built-in users, each with the token it signs in with. */
type DemoTokens = Readonly<Record<'admin' | 'viewer' | 'nobody', string>>;

export interface DemoKubeconfig {
  /** Where the server listens. */
  readonly url: string;
  /** PEM, of the authority that signed the server's certificate; absent for plain HTTP. */
  readonly caCertificate?: string;
  /** Absent for plain HTTP: kubectl sends no token over it, so there is one user only. */
  readonly tokens?: DemoTokens;
}

/** There is a file already, and it is not a demo cluster's: it may be somebody's way into their clusters. */
export class ForeignKubeconfigError extends Error {
  readonly code = 'foreignKubeconfig';
  readonly file: string;

  constructor(file: string) {
    super(`${file} exists and is not a demo cluster's kubeconfig; name another file, or remove it yourself`);
    this.name = 'ForeignKubeconfigError';
    this.file = file;
  }
}

const CLUSTER = 'demo';
const HEADING =
  '# The kubeconfig of a ClusterPersona demo cluster. It is replaced when the demo cluster starts.\n';

/**
 * Writes a kubeconfig with the contexts `demo` (admin), `demo-viewer` and `demo-nobody`, or `demo` alone where there are
 * no tokens. Returns the names of the contexts. Throws {@link ForeignKubeconfigError} rather than replace a file that
 * this function has not written, or that was changed since to hold other clusters.
 */
export function writeDemoKubeconfig(file: string, { url, caCertificate, tokens }: DemoKubeconfig): string[] {
  refuseForeignKubeconfig(file);
  const cluster = { cluster: CLUSTER, server: url, ...(caCertificate !== undefined && { caCertificate }) };
  const contexts =
    tokens === undefined
      ? [{ ...cluster, name: 'demo', credentials: { type: 'none' } as const }]
      : [
          { ...cluster, name: 'demo', credentials: { type: 'token', token: tokens.admin } as const },
          { ...cluster, name: 'demo-viewer', credentials: { type: 'token', token: tokens.viewer } as const },
          { ...cluster, name: 'demo-nobody', credentials: { type: 'token', token: tokens.nobody } as const },
        ];
  writeKubeconfig(file, contexts, HEADING);
  return contexts.map(({ name }) => name);
}

/** Throws {@link ForeignKubeconfigError} where {@link writeDemoKubeconfig} would. */
export function refuseForeignKubeconfig(file: string): void {
  if (!mayBeReplaced(file)) {
    throw new ForeignKubeconfigError(file);
  }
}

function mayBeReplaced(file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
  return text.startsWith(HEADING) && holdsOnlyDemo(text.slice(HEADING.length));
}

function holdsOnlyDemo(json: string): boolean {
  try {
    const config: unknown = JSON.parse(json);
    const clusters: unknown = isRecord(config) ? config.clusters : undefined;
    return (
      Array.isArray(clusters) &&
      clusters.every((cluster: unknown) => isRecord(cluster) && cluster.name === CLUSTER)
    );
  } catch {
    return false;
  }
}
