import type { RequestOptions } from 'node:https';
import { KubeConfig, type User } from '@kubernetes/client-node';
import { KubeTransportError } from '../base/kubeFetch';
import { impersonationHeaders, type CredentialFiles, type Credentials } from './credentials';
import type { ExecCredential } from './execCredential';
import { redact } from '../base/redact';
import type { ResolvedContext } from './resolvedContext';

const MAX_SHOWN_CHARS = 200;

/**
 * Lets KubeConfig turn a context into TLS options and headers. Everything that takes time is done before: files are read,
 * `token` and `plugin` are what a login or program gave; with those KubeConfig neither reads, runs nor asks anything. Rejects
 * with {@link KubeTransportError} `credentials`.
 */
export async function makeCredentials(
  context: ResolvedContext,
  files: CredentialFiles,
  plugin?: ExecCredential,
): Promise<Credentials> {
  const { cluster, server, user } = context;
  const token = plugin?.token ?? (user.username === undefined ? files.token : undefined);
  const cert = plugin?.certificate ?? files.cert;
  const key = plugin?.key ?? files.key;
  const given: User = {
    name: 'user',
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined ? {} : { certData: toBase64(cert) }),
    ...(key === undefined ? {} : { keyData: toBase64(key) }),
    ...(user.username === undefined ? {} : { username: user.username, password: user.password ?? '' }),
  };
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    {
      name: 'cluster',
      // Connections and proxies are made elsewhere: KubeConfig only has to accept the scheme.
      server: 'https://cluster.invalid',
      skipTLSVerify: cluster['insecure-skip-tls-verify'] === true,
      ...(files.ca === undefined ? {} : { caData: toBase64(files.ca) }),
      ...(cluster['tls-server-name'] === undefined ? {} : { tlsServerName: cluster['tls-server-name'] }),
    },
    given,
  );
  const options: RequestOptions = {};
  try {
    await kubeConfig.applyToHTTPSOptions(options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new KubeTransportError('credentials', redact(message, MAX_SHOWN_CHARS));
  }
  const authorization = authorizationOf(options);
  const { ca, cert: ownCert, key: ownKey } = options;
  return {
    identity: {
      server,
      ...(context.proxyUrl === undefined ? {} : { proxyUrl: context.proxyUrl }),
      ...(Buffer.isBuffer(ca) ? { ca: ca.toString('utf8') } : {}),
      ...(Buffer.isBuffer(ownCert) ? { cert: ownCert.toString('utf8') } : {}),
      ...(Buffer.isBuffer(ownKey) ? { key: ownKey.toString('utf8') } : {}),
      ...(options.servername === undefined ? {} : { tlsServerName: options.servername }),
      skipTlsVerify: options.rejectUnauthorized === false,
    },
    headers: {
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...impersonationHeaders(user),
    },
  };
}

/** The expiry in a JSON Web Token, in wall milliseconds; `undefined` when it cannot be read. */
export function tokenExpiry(token: string): number | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof payload === 'object' &&
      payload !== null &&
      'exp' in payload &&
      typeof payload.exp === 'number'
      ? payload.exp * 1000
      : undefined;
  } catch {
    return undefined;
  }
}

function authorizationOf(options: RequestOptions): string | undefined {
  if (typeof options.auth === 'string') {
    return `Basic ${Buffer.from(options.auth, 'utf8').toString('base64')}`;
  }
  const authorization = Object.entries(options.headers ?? {}).find(([name]) => name === 'Authorization')?.[1];
  return typeof authorization === 'string' ? authorization : undefined;
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
