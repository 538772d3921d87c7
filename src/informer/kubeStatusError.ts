import type { KubeResponse } from '../base/kubeFetch';
import type { KubeStatus } from '../base/kubeStatus';
import type { Problem } from '../protocol/problem';
import { problemFromResponse, problemFromStatus } from '../protocol/problemFromResponse';

/** The server answered, and not with what was asked for. */
export class KubeStatusError extends Error {
  readonly code = 'kubeStatus';
  readonly problem: Problem;
  /** The server's own wish, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs?: number) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'KubeStatusError';
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** `details.causes` of a 504, and the start of its message where a server leaves the causes out. */
const TOO_LARGE_CAUSE = 'ResourceVersionTooLarge';
const TOO_LARGE_MESSAGE = 'Too large resource version';

/** HTTP statuses that belong to the reasons of `meta/v1`, for a Status that carries no code. */
const STATUS_OF_REASON: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  Expired: 410,
  Gone: 410,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
};

/** What an answer other than 2xx to a request for a collection means. Reads a bounded part of the body. */
export async function errorFromResponse(
  response: KubeResponse,
  signal: AbortSignal,
): Promise<KubeStatusError> {
  const { problem, retryAfterMs, kubeStatus } = await problemFromResponse(response, signal);
  return new KubeStatusError(ofCollection(problem, kubeStatus), retryAfterMs);
}

/** What the Status in a watch's ERROR event means. */
export function errorFromStatus(status: KubeStatus): KubeStatusError {
  const httpStatus = status.code ?? STATUS_OF_REASON[status.reason ?? ''] ?? 500;
  const retryAfterMs = status.retryAfterSeconds === undefined ? undefined : status.retryAfterSeconds * 1000;
  return new KubeStatusError(ofCollection(problemFromStatus(httpStatus, status), status), retryAfterMs);
}

/**
 * A collection that is not found is a resource that is not installed, whoever says so in whatever form. A
 * ResourceVersion that the server has not reached is as useless as one that it has forgotten.
 */
function ofCollection(problem: Problem, status: KubeStatus | undefined): Problem {
  if (problem.code === 'notFound') {
    return { ...problem, code: 'notInstalled' };
  }
  const isTooLarge =
    status !== undefined &&
    (status.causeReasons.includes(TOO_LARGE_CAUSE) || status.message?.startsWith(TOO_LARGE_MESSAGE) === true);
  return isTooLarge ? { ...problem, code: 'expired' } : problem;
}
