import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { KubeTransportError, type KubeFetch, type KubeResponse } from '../base/kubeFetch';
import { ChildAbort, orAbort } from './childAbort';

/** What every request needs. */
export interface Requester {
  readonly fetch: KubeFetch;
  readonly clock: Clock;
}

export interface TimedRequestOptions {
  /** Ends the request; rejections then carry its reason. */
  readonly signal: AbortSignal;
  /** Longest wait for the status line and headers, in milliseconds. */
  readonly answerMs: number;
  /** Longest silence while the body streams, in milliseconds. Absent: silence is allowed, as on a watch. */
  readonly bodyIdleMs?: number;
  /** Longest time for the whole exchange, in milliseconds. Absent: it may go on for ever, as a watch. */
  readonly wholeMs?: number;
}

const ACCEPT_JSON = { accept: 'application/json' };

/**
 * Sends a GET and gives its answer, of whatever status, to `use`; everything that belongs to the exchange is released
 * when `use` settles. A deadline that passes rejects with `KubeTransportError` of code `unreachable`, also when the seam
 * underneath ignores its signal while it works on the answer's headers.
 */
export async function timedRequest<T>(
  requester: Requester,
  path: string,
  options: TimedRequestOptions,
  use: (response: KubeResponse) => Promise<T>,
): Promise<T> {
  const { fetch, clock } = requester;
  const abort = new ChildAbort(options.signal);
  let timer: Disposable | undefined;
  const rearm = (limitMs: number | undefined): void => {
    timer?.dispose();
    timer =
      limitMs === undefined
        ? undefined
        : clock.schedule(limitMs, () => {
            abort.abort(new KubeTransportError('unreachable', `no answer within ${limitMs / 1000} s`));
          });
  };
  const { wholeMs } = options;
  const deadline =
    wholeMs === undefined
      ? undefined
      : clock.schedule(wholeMs, () => {
          abort.abort(
            new KubeTransportError('unreachable', `no end of the answer within ${wholeMs / 1000} s`),
          );
        });
  let isConsumed = false;
  async function* watchedBody(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of body) {
      abort.signal.throwIfAborted();
      rearm(options.bodyIdleMs);
      yield chunk;
    }
    abort.signal.throwIfAborted();
    isConsumed = true;
  }
  try {
    rearm(options.answerMs);
    const response = await orAbort(fetch(path, { headers: ACCEPT_JSON, signal: abort.signal }), abort.signal);
    // It may have been aborted between the answer and this turn.
    abort.signal.throwIfAborted();
    rearm(options.bodyIdleMs);
    return await use({
      status: response.status,
      header: (name) => response.header(name),
      body: watchedBody(response.body),
    });
  } finally {
    rearm(undefined);
    deadline?.dispose();
    abort.dispose();
    if (!isConsumed) {
      abort.abort(new KubeTransportError('closed', 'the rest of the answer was not needed'));
    }
  }
}

/** Appends query parameters to a path that may already carry some. Absent values are left out. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}
