import { errors } from 'undici';
import * as v from 'valibot';
import { KubeTransportError } from '../base/kubeFetch';
import { readText } from '../base/readBody';
import { redact } from '../base/redact';
import { createClusterAgent, type ClusterAgent } from './clusterAgent';
import { toTransportError } from '../base/transportErrors';

/** Tokens of an OIDC login: those of the kubeconfig, or newer ones that the issuer gave for them. */
export interface OidcTokens {
  readonly idToken?: string;
  readonly refreshToken?: string;
}

export interface OidcRefreshOptions {
  /** The kubeconfig's `auth-provider` configuration. */
  readonly config: Readonly<Record<string, string | undefined>>;
  readonly refreshToken: string;
  /** PEM of the issuer's own authority. */
  readonly issuerCa: string | undefined;
  readonly proxyFor: (server: string) => string | undefined;
  readonly signal: AbortSignal;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_SHOWN_CHARS = 200;

const discoverySchema = v.object({
  token_endpoint: v.string(),
  token_endpoint_auth_methods_supported: v.optional(v.array(v.string()), ['client_secret_basic']),
});
const tokensSchema = v.object({ id_token: v.string(), refresh_token: v.optional(v.string()) });
const refusalSchema = v.object({ error: v.string() });

/**
 * Trades a refresh token for a new ID token: OpenID Connect Discovery 1.0 and RFC 6749, section 6. The ID token is not
 * verified; it is the API server that has to. Rejects with {@link KubeTransportError} `credentials`, or with the signal's
 * reason.
 *
 * KubeConfig's own renewal fails with the openid-client that it comes with: it hands on the issuer as a text where a URL is
 * asked for, and for an issuer with its own authority an answer that is no Response.
 */
export async function refreshOidcTokens(options: OidcRefreshOptions): Promise<OidcTokens> {
  const { config, refreshToken, issuerCa, proxyFor, signal } = options;
  const issuer = config['idp-issuer-url'];
  const clientId = config['client-id'];
  if (issuer === undefined || clientId === undefined || !URL.canParse(issuer)) {
    throw refused('the kubeconfig names no OIDC issuer or client to renew the expired token with');
  }
  const server = new URL(issuer);
  if (server.protocol !== 'https:') {
    throw refused('the OIDC issuer is not an https address');
  }
  const exchange = new IssuerExchange(issuerCa, proxyFor, signal);
  try {
    const discovery = v.safeParse(
      discoverySchema,
      await exchange.json(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`),
    );
    if (!discovery.success || !discovery.output.token_endpoint.startsWith('https:')) {
      throw refused('the OIDC issuer does not say where tokens are to be had');
    }
    const { token_endpoint: endpoint, token_endpoint_auth_methods_supported: methods } = discovery.output;
    const secret = config['client-secret'];
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
    if (secret === undefined || methods.includes('client_secret_post')) {
      form.set('client_id', clientId);
      if (secret !== undefined) {
        form.set('client_secret', secret);
      }
    } else {
      const login = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
      headers.authorization = `Basic ${Buffer.from(login, 'utf8').toString('base64')}`;
    }
    const answer = await exchange.json(endpoint, { headers, body: form.toString() });
    const tokens = v.safeParse(tokensSchema, answer);
    if (!tokens.success) {
      throw refused('the OIDC issuer gave no ID token for the refresh token');
    }
    const { id_token: idToken, refresh_token: newer = refreshToken } = tokens.output;
    return { idToken, refreshToken: newer };
  } finally {
    exchange.end();
  }
}

/** Requests to one issuer; its endpoints may be on several hosts, behind one authority. */
class IssuerExchange {
  readonly #issuerCa: string | undefined;
  readonly #proxyFor: OidcRefreshOptions['proxyFor'];
  readonly #signal: AbortSignal;
  readonly #agents: ClusterAgent[] = [];

  constructor(issuerCa: string | undefined, proxyFor: OidcRefreshOptions['proxyFor'], signal: AbortSignal) {
    this.#issuerCa = issuerCa;
    this.#proxyFor = proxyFor;
    this.#signal = signal;
  }

  async json(
    address: string,
    post?: { readonly headers: Record<string, string>; readonly body: string },
  ): Promise<unknown> {
    const signal = this.#signal;
    const { origin, pathname, search } = new URL(address);
    const proxyUrl = this.#proxyFor(origin);
    const identity = {
      server: origin,
      skipTlsVerify: false,
      ...(this.#issuerCa === undefined ? {} : { ca: this.#issuerCa }),
    };
    const agent = createClusterAgent(identity, proxyUrl);
    this.#agents.push(agent);
    let status: number;
    let text: string;
    try {
      const response = await agent.request({
        origin,
        path: `${pathname}${search}`,
        method: post === undefined ? 'GET' : 'POST',
        headers: { accept: 'application/json', ...post?.headers },
        body: post?.body ?? null,
        signal,
      });
      status = response.statusCode;
      text = await readText(response.body, MAX_ANSWER_BYTES);
    } catch (error) {
      signal.throwIfAborted();
      const { message } = toTransportError(error, { hadAnswer: false, isProxied: proxyUrl !== undefined });
      throw refused(`the OIDC issuer cannot be asked: ${message}`);
    }
    const parsed = parseJson(text);
    if (status !== 200) {
      const refusal = v.safeParse(refusalSchema, parsed);
      const why = refusal.success ? `: ${redact(refusal.output.error, MAX_SHOWN_CHARS)}` : '';
      throw refused(`the OIDC issuer answered HTTP ${status}${why}`);
    }
    return parsed;
  }

  end(): void {
    for (const agent of this.#agents.splice(0)) {
      agent.destroy(new errors.ClientDestroyedError()).catch(() => undefined);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(message: string): KubeTransportError {
  return new KubeTransportError('credentials', message);
}
