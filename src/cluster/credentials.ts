import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { KubeTransportError } from '../base/kubeFetch';
import type { UserEntry } from './kubeconfigEntries';
import { readFileBounded, systemErrorCode, UnfitFileError } from './readFileBounded';
import type { ResolvedContext } from './resolvedContext';

/** All that decides over what a TLS connection to the cluster is: two that are equal may share one agent. */
export interface ConnectionIdentity {
  /** Without a trailing slash. */
  readonly server: string;
  readonly proxyUrl?: string;
  /** PEM; absent: the authorities that Node and the system trust. */
  readonly ca?: string;
  /** PEM. */
  readonly cert?: string;
  /** PEM. */
  readonly key?: string;
  readonly tlsServerName?: string;
  readonly skipTlsVerify: boolean;
}

/** What a request needs beside its path. `headers` carry secrets: they go to the cluster and nowhere else. */
export interface Credentials {
  readonly identity: ConnectionIdentity;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** The files that a context points to, read. Everything is PEM or text, whether it came from a file or inline. */
export interface CredentialFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  /** PEM of the OIDC issuer's own authority. */
  readonly issuerCa?: string;
}

/** A bundle of all public authorities is some 250 kB. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Reads the files a context names, relative ones from the folder of the file that names them. A file wins over data, as
 * with kubectl. Rejects with {@link KubeTransportError}: `tls` for the authority, `credentials` for the rest.
 */
export async function readCredentialFiles(context: ResolvedContext): Promise<CredentialFiles> {
  const { cluster, clusterPath, user, userPath } = context;
  const issuer = user['auth-provider']?.config ?? {};
  const [ca, cert, key, token, issuerCa] = await Promise.all([
    pem('tls', clusterPath, cluster['certificate-authority'], cluster['certificate-authority-data']),
    pem('credentials', userPath, user['client-certificate'], user['client-certificate-data']),
    pem('credentials', userPath, user['client-key'], user['client-key-data']),
    user.tokenFile === undefined ? user.token : readText('credentials', userPath, user.tokenFile),
    pem(
      'credentials',
      userPath,
      issuer['idp-certificate-authority'],
      issuer['idp-certificate-authority-data'],
    ),
  ]);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(token === undefined ? {} : { token: token.trim() }),
    ...(issuerCa === undefined ? {} : { issuerCa }),
  };
}

async function pem(
  code: 'tls' | 'credentials',
  from: string,
  file: string | undefined,
  data: string | undefined,
): Promise<string | undefined> {
  if (file !== undefined) {
    return readText(code, from, file);
  }
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
}

async function readText(code: 'tls' | 'credentials', from: string, file: string): Promise<string> {
  const absolute = path.resolve(path.dirname(from), file);
  try {
    return (await readFileBounded(absolute, MAX_FILE_BYTES)).toString('utf8');
  } catch (error) {
    const why = error instanceof UnfitFileError ? error.message : systemErrorCode(error);
    throw new KubeTransportError(code, `${absolute} cannot be read (${why})`);
  }
}

/** Equal for equal identities. A hash, so that no key lives on as the name of something. */
export function identityKey(identity: ConnectionIdentity): string {
  const { server, proxyUrl, ca, cert, key, tlsServerName, skipTlsVerify } = identity;
  return createHash('sha256')
    .update(JSON.stringify([server, proxyUrl, ca, cert, key, tlsServerName, skipTlsVerify]))
    .digest('base64');
}

/**
 * Whom to act as, beyond the user itself: KubeConfig knows only the user's name of these four, and to leave the others out
 * would be to act with other rights than the kubeconfig says.
 */
export function impersonationHeaders(user: UserEntry): Record<string, string | string[]> {
  if (user.as === undefined) {
    return {};
  }
  const headers: Record<string, string | string[]> = { 'Impersonate-User': headerValue(user.as) };
  if (user['as-uid'] !== undefined) {
    headers['Impersonate-Uid'] = headerValue(user['as-uid']);
  }
  if (user['as-groups'].length > 0) {
    headers['Impersonate-Group'] = user['as-groups'].map(headerValue);
  }
  for (const [key, values] of Object.entries(user['as-user-extra'])) {
    headers[`Impersonate-Extra-${encodeURIComponent(key.toLowerCase())}`] = values.map(headerValue);
  }
  return headers;
}

/** UTF-8 as a header carries it: one character a byte. */
function headerValue(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
