import { isKubeTransportError } from '../base/kubeFetch';
import { BodyTooLargeError } from '../base/readBody';
import type { Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import { KubeStatusError } from './kubeStatusError';
import { ListFormatError } from './listBody';
import { WatchLineError } from './watchEvent';

/**
 * - `backoff`: 0.8 s to 30 s, more with each failure
 * - `relist`: the server is well and has forgotten where we were: at once but for a jitter, and from the second in a row on
 *   like `backoff`
 * - `slowly`: only somebody elsewhere can mend it; looked at again now and then
 * - `never`: only the user can mend it, and a retry might bother them (a sign-in window, a program started)
 */
type RetryManner = 'backoff' | 'relist' | 'slowly' | 'never';

/** What an error means for what comes next. */
export interface Fault {
  readonly problem: Problem;
  readonly retry: RetryManner;
  /** At least this long, by the server's wish. */
  readonly retryAfterMs: number | undefined;
  /** Whether a watch may go on at the ResourceVersion it had; otherwise everything is listed anew. */
  readonly canResume: boolean;
  /** A healthy server has this too, for a moment. */
  readonly isBrief: boolean;
}

/** A watch that ended cleanly and at once, without any event: a sick server or proxy, not an ordinary end. */
export class ShortWatchError extends Error {
  readonly code = 'shortWatch';

  constructor() {
    super('the watch ended at once');
    this.name = 'ShortWatchError';
  }
}

/** The server is behind what it once sent: its storage was restored from a backup. */
export class RolledBackError extends Error {
  readonly code = 'rolledBack';

  constructor() {
    super('the server answered with an older resourceVersion than before');
    this.name = 'RolledBackError';
  }
}

export function faultFromError(error: unknown): Fault {
  if (error instanceof KubeStatusError) {
    return statusFault(error);
  }
  if (error instanceof ShortWatchError) {
    return { ...fault({ code: 'serverError', detail: error.message }), canResume: true, isBrief: true };
  }
  if (error instanceof RolledBackError) {
    return { ...fault({ code: 'expired', detail: error.message }), retry: 'relist', isBrief: true };
  }
  if (
    error instanceof WatchLineError ||
    error instanceof ListFormatError ||
    error instanceof BodyTooLargeError
  ) {
    return fault({ code: 'malformed', detail: error.message });
  }
  const problem = problemFromError(error);
  return { ...fault(problem), retry: mannerOf(problem), canResume: isKubeTransportError(error) };
}

function statusFault({ problem, retryAfterMs }: KubeStatusError): Fault {
  const isGone = problem.code === 'expired' || problem.code === 'notInstalled';
  return {
    problem,
    retry: mannerOf(problem),
    retryAfterMs,
    canResume: !isGone,
    isBrief: problem.code === 'throttled' || problem.code === 'expired',
  };
}

function fault(problem: Problem): Fault {
  return { problem, retry: 'backoff', retryAfterMs: undefined, canResume: false, isBrief: false };
}

/**
 * A certificate that is not trusted is retried slowly and not given up: a captive portal's goes away by itself, and a
 * server's can be replaced without anything changing here.
 */
function mannerOf(problem: Problem): RetryManner {
  switch (problem.code) {
    case 'kubeconfig':
    case 'consent':
    case 'credentials':
      return 'never';
    case 'expired':
      return 'relist';
    case 'tls':
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
      return 'slowly';
    default:
      return 'backoff';
  }
}
