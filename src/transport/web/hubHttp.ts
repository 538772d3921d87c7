import type * as v from 'valibot';
import type { Clock } from '../../base/clock';
import { isRecord } from '../../base/jsonRecord';
import { redactServerText } from '../../base/redact';
import { toTransportError } from '../../base/transportErrors';
import { closeReason, type CloseKind, type CloseReason } from '../../protocol/closeReason';
import { decode } from '../../protocol/messages';
import { ProblemError, problemSchema, type Problem } from '../../protocol/problem';
import { problemFromError } from '../../protocol/problemFromError';
import { askToken } from '../askToken';
import type { Credentials } from '../credentials';
import type { HttpAnswer, HttpFetch, HttpOptions } from './httpFetch';
import { isConfidential } from './isConfidential';

/** From asking to the last byte of the answer. */
export const ANSWER_DEADLINE_MS = 60_000;
/** Thousands of objects; whoever sends more is no hub. */
export const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
/** An error is told in one line. */
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_DETAIL_CHARS = 200;
/** No name of Kubernetes is half as long. */
const MAX_SEGMENT_CHARS = 1_000;
const MAX_RETRY_AFTER_S = 600;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const TOO_MANY = 429;
const UNAVAILABLE = 503;

export interface HubHttpOptions {
  /** `http:` or `https:` with the path that the hub's own are below; it holds no credential and ends without a slash. */
  readonly baseUrl: string;
  readonly fetch: HttpFetch;
  readonly clock: Clock;
  readonly credentials?: Credentials;
}

export interface HubRequest extends Pick<HttpOptions, 'method' | 'body'> {
  /** Begins with a slash. */
  readonly path: string;
  /** Beside those of every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Why a request to a hub came to nothing: `status` is that of its answer, undefined where there was none. */
export class HubHttpError extends ProblemError {
  readonly status: number | undefined;
  readonly reason: CloseReason;
  /** The hub gave the problem itself: whatever has not its own form of an answer may be something before it. */
  readonly isNamed: boolean;

  constructor(reason: CloseReason, status?: number, named?: Problem) {
    super(
      named ?? (status === NOT_FOUND ? { code: 'notFound', detail: reason.problem.detail } : reason.problem),
    );
    this.reason = reason;
    this.status = status;
    this.isNamed = named !== undefined;
  }
}

/**
 * Asks a hub over HTTP, where nothing else gets through. Each request ends within {@link ANSWER_DEADLINE_MS} and holds no more
 * than {@link MAX_ANSWER_BYTES}, whatever answers; a token is never sent unencrypted to another machine.
 */
export class HubHttp {
  readonly #options: HubHttpOptions;

  constructor(options: HubHttpOptions) {
    this.#options = options;
  }

  /**
   * The decoded answer to a GET of `path`, which begins with a slash. Rejects with a {@link HubHttpError}, or with the signal's
   * reason.
   */
  get<const S extends v.GenericSchema>(
    path: string,
    schema: S,
    signal: AbortSignal,
  ): Promise<v.InferOutput<S>> {
    return this.#ask({ method: 'GET', path }, schema, signal);
  }

  /** Like {@link get}, for a POST of `body` as JSON. */
  post<const S extends v.GenericSchema>(
    path: string,
    body: unknown,
    schema: S,
    signal: AbortSignal,
  ): Promise<v.InferOutput<S>> {
    return this.#ask({ method: 'POST', path, body: JSON.stringify(body) }, schema, signal);
  }

  /**
   * An answer that was no refusal, as it comes: how long it takes, and how long it is, is for the caller to bound. Rejects with a
   * {@link HubHttpError}, or with the signal's reason.
   */
  open(request: HubRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return orAborted(this.#open(request, signal), signal);
  }

  async #ask<const S extends v.GenericSchema>(
    request: HubRequest,
    schema: S,
    signal: AbortSignal,
  ): Promise<v.InferOutput<S>> {
    const abort = new AbortController();
    const onAbort = (): void => abort.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const late = new HubHttpError(closeReason('silent', `no answer within ${ANSWER_DEADLINE_MS / 1000} s`));
    const deadline = this.#options.clock.schedule(ANSWER_DEADLINE_MS, () => abort.abort(late));
    try {
      signal.throwIfAborted();
      const text = await orAborted(this.#text(request, abort.signal), abort.signal);
      const decoded = decode(schema, parse(text));
      if (!decoded.ok) {
        throw new HubHttpError(closeReason('notAHub', decoded.problem.detail));
      }
      return decoded.value;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HubHttpError) {
        throw error;
      }
      throw brokenOff(error, true);
    } finally {
      deadline.dispose();
      signal.removeEventListener('abort', onAbort);
      // Lets go of an answer that is still coming.
      abort.abort();
    }
  }

  async #text(request: HubRequest, signal: AbortSignal): Promise<string> {
    const text = await readText(await this.#open(request, signal), MAX_ANSWER_BYTES);
    if (text === undefined) {
      throw new HubHttpError(closeReason('tooLarge', `an answer has more than ${MAX_ANSWER_BYTES} bytes`));
    }
    return text;
  }

  async #open({ method, path, body, headers }: HubRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { baseUrl, fetch } = this.#options;
    const authorization = await this.#authorization(signal);
    const asked = fetch(baseUrl + path, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...authorization,
      },
      signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    const answer = await asked.catch((error: unknown) => {
      signal.throwIfAborted();
      throw brokenOff(error, false);
    });
    if (answer.status < 200 || answer.status >= 300) {
      throw await errorOf(answer);
    }
    return answer;
  }

  async #authorization(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const { credentials, clock, baseUrl } = this.#options;
    if (credentials === undefined) {
      return {};
    }
    let token;
    try {
      token = await askToken(credentials, clock, signal);
    } catch (error) {
      throw new HubHttpError(closeReason('credentials', problemFromError(error).detail));
    }
    if (token === undefined) {
      return {};
    }
    if (!isConfidential(baseUrl)) {
      throw new HubHttpError(closeReason('insecure'));
    }
    return { authorization: `Bearer ${token.token}` };
  }
}

/** What it means that an answer did not come, or not to its end. */
function brokenOff(error: unknown, hadAnswer: boolean): HubHttpError {
  const { code, message } = toTransportError(error, { hadAnswer, isProxied: false });
  return new HubHttpError(closeReason(code === 'closed' ? 'lost' : code, message));
}

/** What a status that is no success means: for the connection, and with the hub's own code for whoever asked. */
async function errorOf(answer: HttpAnswer): Promise<HubHttpError> {
  const { status } = answer;
  const said = (await readText(answer, MAX_ERROR_BYTES)) ?? '';
  const body = parse(said);
  const detail = isRecord(body) && typeof body.detail === 'string' ? body.detail : plainTextOf(said);
  const line = `HTTP ${status}: ${redactServerText(detail, MAX_DETAIL_CHARS)}`.replace(/: $/, '');
  const reason = closeReason(kindOf(status), line, retryAfterMs(answer));
  const named = isRecord(body) ? decode(problemSchema, { code: body.code, detail: line }) : undefined;
  return new HubHttpError(reason, status, named?.ok === true ? named.value : undefined);
}

function kindOf(status: number): CloseKind {
  switch (status) {
    case UNAUTHORIZED:
      return 'unauthorized';
    case FORBIDDEN:
      return 'forbidden';
    case TOO_MANY:
    case UNAVAILABLE:
      return 'tooMany';
    default:
      // A page to sign in, an address without a hub.
      return status >= 500 ? 'serverError' : 'notAHub';
  }
}

function retryAfterMs(answer: HttpAnswer): number | undefined {
  const value = answer.headers.get('retry-after')?.trim() ?? '';
  return /^\d{1,9}$/.test(value) ? Math.min(Number(value), MAX_RETRY_AFTER_S) * 1000 : undefined;
}

function plainTextOf(said: string): string {
  return /^\s*[<{[]/.test(said) ? '' : said;
}

/** Undefined where it is longer. */
async function readText({ body }: HttpAnswer, maxBytes: number): Promise<string | undefined> {
  if (body === null) {
    return '';
  }
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) {
      break;
    }
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Settles as the promise does, or rejects with the signal's reason, even where the platform heeds no signal. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

/**
 * A name as one segment of a path; undefined for one that cannot be: an empty one and dots alone mean another path, however
 * they are written, and nobody takes addresses without end.
 */
export function pathSegment(name: string): string | undefined {
  const encoded = encodeURIComponent(name.toWellFormed());
  return encoded === '' || encoded === '.' || encoded === '..' || encoded.length > MAX_SEGMENT_CHARS
    ? undefined
    : encoded;
}
