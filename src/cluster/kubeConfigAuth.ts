import type { RequestOptions } from 'node:https';
import { KubeConfig, type User } from '@kubernetes/client-node';
import { KubeTransportError } from '../base/kubeFetch';
import type { CredentialFiles, Credentials } from './credentials';
import { impersonationHeaders } from './credentials';
import type { ExecCredential } from './execCredential';
import { redact } from './redact';
import type { UserEntry } from './kubeconfigEntries';
import type { ResolvedContext } from './resolvedContext';

/** Tokens of an OIDC login: those of the kubeconfig, or newer ones that the issuer gave for them. */
export interface OidcTokens {
  readonly idToken?: string;
  readonly refreshToken?: string;
}

/** What turned up on the way to the credentials. */
export interface MadeCredentials {
  readonly credentials: Credentials;
  /** Set when the issuer gave new ones. They are kept in memory: a kubeconfig is never written. */
  readonly oidc?: OidcTokens;
}

const MAX_SHOWN_CHARS = 200;

/**
 * Lets KubeConfig turn a context, with all its files read and its plugin run, into TLS options and headers. Only an OIDC
 * login whose token ran out goes over the network. Rejects with {@link KubeTransportError} `credentials`.
 */
export async function makeCredentials(
  context: ResolvedContext,
  files: CredentialFiles,
  plugin: ExecCredential | undefined,
  oidc: OidcTokens | undefined,
): Promise<MadeCredentials> {
  const { cluster, server, user } = context;
  const authProvider = oidc === undefined ? undefined : oidcProvider(user, files, oidc);
  const kubeConfig = new KubeConfig();
  const password = user.username === undefined ? undefined : (user.password ?? '');
  const token = plugin?.token ?? (password === undefined ? files.token : undefined);
  const cert = plugin?.certificate ?? files.cert;
  const key = plugin?.key ?? files.key;
  const given: User = {
    name: 'user',
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined ? {} : { certData: toBase64(cert) }),
    ...(key === undefined ? {} : { keyData: toBase64(key) }),
    ...(user.username === undefined ? {} : { username: user.username }),
    ...(password === undefined ? {} : { password }),
    ...(authProvider === undefined ? {} : { authProvider }),
  };
  kubeConfig.loadFromClusterAndUser(
    {
      name: 'cluster',
      // Connections and proxies are made here, not there: KubeConfig only has to accept the scheme.
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
    throw new KubeTransportError(
      'credentials',
      `sign-in failed: ${redact(messageOf(error), MAX_SHOWN_CHARS)}`,
    );
  }
  const authorization = authorizationOf(options);
  if (authProvider !== undefined && authorization === undefined) {
    throw new KubeTransportError(
      'credentials',
      'the OIDC token has expired and the kubeconfig has nothing to renew it with',
    );
  }
  const { ca, cert: ownCert, key: ownKey } = options;
  return {
    credentials: {
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
    },
    ...(authProvider === undefined ? {} : { oidc: tokensOf(authProvider) }),
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

interface OidcProvider {
  readonly name: 'oidc';
  /** KubeConfig writes the renewed tokens into it. */
  readonly config: Record<string, string | undefined>;
}

/** What KubeConfig takes for a token that ran out, so that it asks the issuer for another. */
const EXPIRED = 'expired';

function oidcProvider(user: UserEntry, files: CredentialFiles, tokens: OidcTokens): OidcProvider {
  const config: Record<string, string | undefined> = { ...user['auth-provider']?.config };
  delete config['idp-certificate-authority'];
  delete config['idp-certificate-authority-data'];
  return {
    name: 'oidc',
    config: {
      ...config,
      ...(files.issuerCa === undefined ? {} : { 'idp-certificate-authority-data': toBase64(files.issuerCa) }),
      'id-token': EXPIRED,
      'refresh-token': tokens.refreshToken,
    },
  };
}

function tokensOf({ config }: OidcProvider): OidcTokens {
  const idToken = config['id-token'];
  const refreshToken = config['refresh-token'];
  return {
    ...(idToken === undefined || idToken === EXPIRED ? {} : { idToken }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
