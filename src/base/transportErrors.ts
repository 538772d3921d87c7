import { isKubeTransportError, KubeTransportError, type KubeTransportErrorCode } from './kubeFetch';
import { redact } from './redact';

const MAX_CAUSES = 8;
const MAX_MESSAGE_CHARS = 300;
/** Node's own remedy, which nobody can follow here: the system's authorities are trusted already. */
const FOR_PROGRAMMERS = /; if the root CA is installed locally.*$/s;

/** Where in the exchange it broke, and through what it went. */
export interface FailedExchange {
  readonly hadAnswer: boolean;
  readonly isProxied: boolean;
}

/**
 * What a failed exchange means. Decided by the codes of the error, the errors it was caused by, and those it bundles (Node
 * tries several addresses and reports them together); texts only ever become the message, redacted.
 */
export function toTransportError(error: unknown, exchange: FailedExchange): KubeTransportError {
  const chain = [...causesOf(error)];
  const known = chain.find((cause) => isKubeTransportError(cause));
  if (known !== undefined && isKubeTransportError(known)) {
    return known;
  }
  for (const cause of chain) {
    const code = errorCode(cause);
    const meaning = code === undefined ? undefined : meaningOf(code, exchange);
    if (meaning !== undefined) {
      return transportError(meaning, cause);
    }
  }
  const [first] = chain;
  return transportError(
    exchange.hadAnswer ? 'closed' : exchange.isProxied ? 'proxy' : 'unreachable',
    first ?? error,
  );
}

function transportError(code: KubeTransportErrorCode, cause: unknown): KubeTransportError {
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(FOR_PROGRAMMERS, '');
  const system = errorCode(cause);
  const shown = redact(message, MAX_MESSAGE_CHARS);
  // No cause is kept: errors of the HTTP client can hold the request with its headers.
  return new KubeTransportError(code, shown !== '' ? shown : (system ?? 'the connection failed'));
}

function meaningOf(
  code: string,
  { hadAnswer, isProxied }: FailedExchange,
): KubeTransportErrorCode | undefined {
  if (code.startsWith('EAI_') || code === 'ENOTFOUND') {
    return isProxied ? 'proxy' : 'dns';
  }
  if (isTlsCode(code)) {
    return 'tls';
  }
  if (code.startsWith('UND_ERR_PRX') || code.startsWith('UND_ERR_SOCKS5')) {
    return 'proxy';
  }
  if (UNREACHABLE.has(code)) {
    return hadAnswer ? 'closed' : isProxied ? 'proxy' : 'unreachable';
  }
  return undefined;
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** Node's codes for a handshake or certificate that failed, and OpenSSL's names for the reasons of the latter. */
function isTlsCode(code: string): boolean {
  return (
    code === 'EPROTO' ||
    /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|ERROR_IN_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH)/.test(
      code,
    )
  );
}

/** The code of a system, TLS or HTTP client error; `undefined` for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function* causesOf(error: unknown): Generator {
  const queue: unknown[] = [error];
  for (let seen = 0; queue.length > 0 && seen < MAX_CAUSES; seen += 1) {
    const next = queue.shift();
    yield next;
    if (next instanceof AggregateError) {
      queue.push(...next.errors.slice(0, MAX_CAUSES));
    }
    if (next instanceof Error && next.cause !== undefined) {
      queue.push(next.cause);
    }
  }
}
