import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Clock } from '../base/clock';
import { KubeTransportError, type KubeFetch, type KubeRequest, type KubeResponse } from '../base/kubeFetch';
import type { AgentGeneration } from './agentGenerations';
import type { ClusterAgent } from './clusterAgent';
import type { Credentials } from './credentials';
import { GatheredChunks } from './gatheredChunks';
import { toTransportError } from '../base/transportErrors';
import { untilAborted } from './untilAborted';

export interface UndiciFetchOptions {
  readonly credentials: () => Promise<Credentials>;
  readonly agentFor: (credentials: Credentials) => AgentGeneration;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Aborted when the connection is disposed. */
  readonly closed: AbortSignal;
}

/** An API server that works answers within seconds; lists of many MB have been seen to take one. */
const ANSWER_TIMEOUT_MS = 30_000;
/** A kept-alive connection that the server closed a moment ago fails at once; a real failure usually takes longer. */
const RETRY_WITHIN_MS = 1_000;

/** {@link KubeFetch} over the agents of one cluster. */
export function createUndiciFetch(options: UndiciFetchOptions): KubeFetch {
  return async (path, request = {}) => {
    const exchange = new Exchange(options, request.signal);
    try {
      return await exchange.run(path, request);
    } catch (error) {
      exchange.end();
      throw error;
    }
  };
}

/** One request and its answer; every way it can end goes through one abort signal. */
class Exchange {
  readonly #options: UndiciFetchOptions;
  readonly #callerSignal: AbortSignal | undefined;
  readonly #abort = new AbortController();
  readonly #onCallerAbort = (): void => this.#abort.abort(this.#callerSignal?.reason);
  readonly #onClosed = (): void => this.#abort.abort(this.#options.closed.reason);

  constructor(options: UndiciFetchOptions, callerSignal: AbortSignal | undefined) {
    this.#options = options;
    this.#callerSignal = callerSignal;
    callerSignal?.addEventListener('abort', this.#onCallerAbort, { once: true });
    options.closed.addEventListener('abort', this.#onClosed, { once: true });
    if (options.closed.aborted) {
      this.#onClosed();
    }
    if (callerSignal?.aborted === true) {
      this.#onCallerAbort();
    }
  }

  /** Releases the listeners. Idempotent. */
  end(): void {
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
    this.#options.closed.removeEventListener('abort', this.#onClosed);
  }

  async run(path: string, request: KubeRequest): Promise<KubeResponse> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    // Another request may be waiting for the same credentials: aborting this one leaves them alone.
    const credentials = await untilAborted(this.#options.credentials(), signal);
    const { agent, isProxied } = this.#options.agentFor(credentials);
    const data = await this.#answer(agent, isProxied, credentials, path, request);
    const headers = data.headers;
    return {
      status: data.statusCode,
      header: (name) => {
        const value = headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      body: this.#body(data.body, headers['content-encoding'], isProxied, isFollowedLog(path)),
    };
  }

  async #answer(
    agent: ClusterAgent,
    isProxied: boolean,
    credentials: Credentials,
    path: string,
    request: KubeRequest,
  ): Promise<Dispatcher.ResponseData> {
    const { clock } = this.#options;
    const { signal } = this.#abort;
    const startedMs = clock.monotonic();
    const deadline = isFollowedLog(path)
      ? undefined
      : clock.schedule(ANSWER_TIMEOUT_MS, () =>
          this.#abort.abort(
            new KubeTransportError('unreachable', `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`),
          ),
        );
    const send = () => agent.request(this.#dispatch(credentials, path, request));
    try {
      try {
        return await send();
      } catch (error) {
        const isWorthRetrying =
          (request.method ?? 'GET') === 'GET' &&
          !signal.aborted &&
          isBrokenConnection(error) &&
          clock.monotonic() - startedMs < RETRY_WITHIN_MS;
        if (!isWorthRetrying) {
          throw error;
        }
        return await send();
      }
    } catch (error) {
      signal.throwIfAborted();
      throw toTransportError(error, { hadAnswer: false, isProxied });
    } finally {
      deadline?.dispose();
    }
  }

  #dispatch(credentials: Credentials, path: string, request: KubeRequest): Dispatcher.RequestOptions {
    const { origin, pathname } = new URL(credentials.identity.server);
    const headers: Record<string, string | string[]> = {
      accept: 'application/json',
      'user-agent': this.#options.userAgent,
      // The API server compresses big answers on demand; a stream would sit in the compressor's buffer.
      'accept-encoding': isStream(path) ? 'identity' : 'gzip',
    };
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      headers[name.toLowerCase()] = value;
    }
    return {
      origin,
      path: `${pathname === '/' ? '' : pathname}${path}`,
      method: request.method ?? 'GET',
      // Last, so that no request acts as someone else than the kubeconfig says.
      headers: { ...headers, ...lowerCaseKeys(credentials.headers) },
      body: request.body ?? null,
      signal: this.#abort.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    };
  }

  #body(
    raw: Readable,
    encoding: string | string[] | undefined,
    isProxied: boolean,
    isFollowed: boolean,
  ): AsyncIterable<Uint8Array> {
    const { signal } = this.#abort;
    // A compressed body's errors come out at the end of the pipe; they are told to whoever reads it.
    const stream: Readable = encoding === 'gzip' ? pipeline(raw, createGunzip(), () => undefined) : raw;
    // An error may come before anybody reads, and would end the process without a listener.
    stream.on('error', () => undefined);
    stream.once('close', () => this.end());
    return {
      [Symbol.asyncIterator]: (): AsyncIterator<Uint8Array> => {
        const chunks: AsyncIterator<unknown> = isFollowed
          ? new GatheredChunks(stream, this.#options.clock)
          : stream[Symbol.asyncIterator]();
        return {
          next: async () => {
            try {
              const { value, done } = await chunks.next();
              if (done === true) {
                signal.throwIfAborted();
                return { value: undefined, done: true };
              }
              if (value instanceof Uint8Array) {
                return { value, done: false };
              }
              throw new TypeError('the body is not binary');
            } catch (error) {
              stream.destroy();
              signal.throwIfAborted();
              throw toTransportError(error, { hadAnswer: true, isProxied });
            }
          },
          return: () => {
            stream.destroy();
            return Promise.resolve({ value: undefined, done: true });
          },
        };
      },
    };
  }
}

/** It sends not even headers before its first line, which may be hours away, and then each line in a piece of its own. */
function isFollowedLog(path: string): boolean {
  return /[?&]follow=(?:true|1)(?:&|$)/.test(path);
}

function isStream(path: string): boolean {
  return /[?&](?:follow|watch)=(?:true|1)(?:&|$)/.test(path);
}

const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function isBrokenConnection(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && BROKEN.has(error.code)
  );
}

function lowerCaseKeys(headers: Credentials['headers']): Credentials['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
