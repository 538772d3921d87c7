import type { IncomingHttpHeaders } from 'node:http';
import { isBearerToken } from '../transport/isBearerToken';
import { isLoopback } from './serverArguments';

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 400 | 401 | 403;
  readonly detail: string;
}

export interface GuardedRequest {
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface RequestGuardOptions {
  /** Whether only this machine can reach the server. */
  readonly isLoopback: boolean;
  readonly allowedOrigins: readonly string[];
}

/** A query ends up in histories and logs of proxies. */
const CREDENTIAL_PARAMETER =
  /(?:token|secret|passw(?:or)?d|(?:api|access)[_-]?key)$|^(?:auth|authorization|bearer|ticket|jwt|credentials?)$/i;

/**
 * Refuses what a web page from elsewhere may have made a browser send, and credentials in a URL. A server on a loopback address
 * is reached by every program of its machine, a browser among them: that one says which page asks (`Origin`), and by which
 * name a page from elsewhere has come to this address (`Host`).
 */
export class RequestGuard {
  readonly #options: RequestGuardOptions;
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #allowedHosts: ReadonlySet<string>;

  constructor(options: RequestGuardOptions) {
    this.#options = options;
    this.#allowedOrigins = new Set(options.allowedOrigins);
    this.#allowedHosts = new Set(options.allowedOrigins.map((origin) => new URL(origin).host));
  }

  /** `undefined` for a request that may be looked at. */
  refuse({ url, headers }: GuardedRequest): Refusal | undefined {
    if (hasCredential(url)) {
      return {
        status: 400,
        detail:
          'a credential in a URL ends up in logs: send it as "Authorization: Bearer", or as the message auth',
      };
    }
    const { host = '', origin } = headers;
    if (this.#options.isLoopback && !this.#isOwnHost(host)) {
      return {
        status: 403,
        detail:
          'the Host header names another machine: use 127.0.0.1 or localhost, or name its origin by --allowed-origin',
      };
    }
    if (origin !== undefined && !this.isAllowedOrigin(origin, host)) {
      return { status: 403, detail: 'this origin may not ask: name it by --allowed-origin' };
    }
    return undefined;
  }

  /**
   * Whether a page of `origin` may ask; one that came from the server itself may. A proxy may stand between that ends TLS, so
   * that only the host is compared.
   */
  isAllowedOrigin(origin: string, host: string): boolean {
    const own = URL.parse(origin)?.host;
    return (own !== undefined && own === host.toLowerCase()) || this.#allowedOrigins.has(origin);
  }

  #isOwnHost(host: string): boolean {
    if (this.#allowedHosts.has(host)) {
      return true;
    }
    const name = URL.parse(`http://${host}`)?.hostname ?? '';
    return isLoopback(name.replace(/^\[|\]$/g, ''));
  }
}

/** The token of `Authorization: Bearer`; undefined where there is none. */
export function bearerToken({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return token !== undefined && isBearerToken(token) ? token : undefined;
}

function hasCredential(url: string): boolean {
  const query = url.indexOf('?');
  if (query < 0) {
    return false;
  }
  return [...new URLSearchParams(url.slice(query + 1)).keys()].some((name) =>
    CREDENTIAL_PARAMETER.test(name),
  );
}
