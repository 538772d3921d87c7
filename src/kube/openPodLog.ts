import type { KubeFetch } from '../base/kubeFetch';
import { ProblemError } from '../protocol/problem';
import { problemFromResponse } from '../protocol/problemFromResponse';

export interface PodLogTarget {
  readonly namespace: string;
  readonly pod: string;
  /** May be left out for a pod with a single container. */
  readonly container?: string;
}

export interface PodLogOptions extends PodLogTarget {
  /** Whether it goes on as it is written; else it ends with what there is. */
  readonly follow: boolean;
  /** Of the container's run before this one. */
  readonly previous?: boolean;
  /** Lines of before to start with. Absent: all that the node still has, or all since `sinceTime`. */
  readonly tailLines?: number;
  /** RFC 3339. The server cuts it to whole seconds, so lines of before it in that second come too. */
  readonly sinceTime?: string;
}

/** The server refused the log. `retryAfterMs` is its own wish. */
export class PodLogRefusedError extends ProblemError {
  readonly retryAfterMs: number | undefined;

  constructor(problem: ProblemError['problem'], retryAfterMs: number | undefined) {
    super(problem);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Opens one container's log (`pods/log` with `timestamps`), as the bytes that the server sends. Resolves as soon as the server
 * has accepted; a container that has not written yet may be accepted only with its first line. Rejects with
 * {@link PodLogRefusedError} for an answer other than 200, with the transport's error, and with the signal's reason. The body
 * ends when the server ends the log, and throws when the connection breaks or the signal is aborted.
 */
export async function openPodLog(
  fetch: KubeFetch,
  options: PodLogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(logPath(options), { signal });
  if (response.status !== 200) {
    const { problem, retryAfterMs } = await problemFromResponse(response, signal);
    throw new PodLogRefusedError(problem, retryAfterMs);
  }
  return response.body;
}

function logPath(options: PodLogOptions): string {
  const { namespace, pod, container, follow, previous = false, tailLines, sinceTime } = options;
  const query = new URLSearchParams({ timestamps: 'true' });
  if (follow) {
    query.set('follow', 'true');
  }
  if (previous) {
    query.set('previous', 'true');
  }
  if (container !== undefined) {
    query.set('container', container);
  }
  if (tailLines !== undefined) {
    query.set('tailLines', String(tailLines));
  }
  if (sinceTime !== undefined) {
    query.set('sinceTime', sinceTime);
  }
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query.toString()}`;
}
