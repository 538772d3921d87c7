import type { Problem } from '../../protocol/problem';
import { problemFromError } from '../../protocol/problemFromError';

/**
 * What somebody is told about whom a review came to nothing. Nobody knows whether it would be allowed, so it is not; it may be
 * tried again. `upstream` is the hub's own trouble, which somebody has to mend.
 */
export function reviewProblem(error: unknown): Problem {
  const { code, detail } = problemFromError(error);
  switch (code) {
    case 'forbidden':
    case 'unauthorized':
      return { code: 'upstream', detail: `the hub may not ask its cluster who may do what (${detail})` };
    case 'throttled':
      return { code, detail };
    default:
      return {
        code: 'unreachable',
        detail: `the cluster does not say now whether this is allowed, try again (${code}: ${detail})`,
      };
  }
}
