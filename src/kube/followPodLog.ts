import type { KubeFetch } from '../base/kubeFetch';
import { ProblemError } from '../protocol/problem';
import { problemFromResponse } from '../protocol/problemFromResponse';
import { splitLogLines } from './splitLogLines';

export interface PodLogTarget {
  readonly namespace: string;
  readonly pod: string;
  /** May be left out for a pod with a single container. */
  readonly container?: string;
}

export interface FollowPodLogOptions extends PodLogTarget {
  /** Lines of before to start with. Absent: all that the node still has, or all since `sinceTime`. */
  readonly tailLines?: number;
  /** RFC 3339. The server cuts it to whole seconds, so lines of before it in that second come too. */
  readonly sinceTime?: string;
}

/** One line as the kubelet sent it. */
export interface PodLogLine {
  /** RFC 3339 with nanoseconds, by the node's clock; absent where the line came without. */
  readonly time?: string;
  readonly text: string;
}

export interface PodLogBatch {
  readonly lines: readonly PodLogLine[];
  /** True for a line at the very end that no line feed closed: it may come again, longer. */
  readonly isUnterminated: boolean;
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
 * Longer lines are cut: nobody reads them, and one alone could hold any amount of memory. No more than is shown of a line,
 * so that it is cut once, and how much is missing is told truly.
 */
const MAX_LINE_CHARS = 8_192;

/**
 * Follows one container's log (`pods/log` with `follow` and `timestamps`). The first batch comes, possibly empty, as soon
 * as the server has accepted; a container that has not written yet is accepted only with its first line. Batches come in
 * order, as the network brings them. The iteration ends when the server ends the log; it throws
 * {@link PodLogRefusedError} for an answer other than 200, the transport's error when the connection breaks, and the
 * signal's reason. An unclosed line before a break is not delivered.
 */
export async function* followPodLog(
  fetch: KubeFetch,
  options: FollowPodLogOptions,
  signal: AbortSignal,
): AsyncGenerator<PodLogBatch, void, void> {
  const response = await fetch(logPath(options), { signal });
  if (response.status !== 200) {
    const { problem, retryAfterMs } = await problemFromResponse(response, signal);
    throw new PodLogRefusedError(problem, retryAfterMs);
  }
  yield { lines: [], isUnterminated: false };
  for await (const { lines, isUnterminated } of splitLogLines(response.body, MAX_LINE_CHARS)) {
    signal.throwIfAborted();
    yield { lines: lines.map(parseLine), isUnterminated };
  }
}

function logPath({ namespace, pod, container, tailLines, sinceTime }: FollowPodLogOptions): string {
  const query = new URLSearchParams({ follow: 'true', timestamps: 'true' });
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

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** `2026-01-01T00:00:00.123456789+00:00` */
const MAX_TIME_CHARS = 35;

function parseLine(line: string): PodLogLine {
  const end = line.indexOf(' ');
  // A line without content may have lost the space behind its time.
  const time = end < 0 ? line : line.slice(0, end);
  if (time.length <= MAX_TIME_CHARS && TIME.test(time)) {
    return { time, text: end < 0 ? '' : line.slice(end + 1) };
  }
  return { text: line };
}
