import { isKubeTransportError } from '../base/kubeFetch';
import { oneLine } from '../base/oneLine';
import { decode } from './messages';
import { isProblemError, problemSchema, type Problem } from './problem';

const MAX_DETAIL_CHARS = 400;

/**
 * What a failed request's error means. A transport error caused by a more precise problem, e.g. `consent`, gives that one.
 * Anything unknown is a fault of our own: `internal`. Errors are recognised by name, since bundles that are loaded apart
 * each have classes of their own.
 */
export function problemFromError(error: unknown): Problem {
  const carried = problemOf(error);
  if (carried !== undefined) {
    return carried;
  }
  if (isKubeTransportError(error)) {
    const cause = problemOf(error.cause);
    if (cause !== undefined) {
      return cause;
    }
    return { code: error.code, detail: oneLine(error.message, MAX_DETAIL_CHARS) };
  }
  return {
    code: 'internal',
    detail: oneLine(error instanceof Error ? error.message : String(error), MAX_DETAIL_CHARS),
  };
}

function problemOf(error: unknown): Problem | undefined {
  if (!isProblemError(error)) {
    return undefined;
  }
  const decoded = decode(problemSchema, error.problem);
  return decoded.ok ? decoded.value : undefined;
}
