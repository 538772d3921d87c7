import { isKubeTransportError } from '../base/kubeFetch';
import { oneLine } from '../base/oneLine';
import { ProblemError, type Problem } from './problem';

const MAX_DETAIL_CHARS = 400;

/** What a failed request's error means. Anything unknown is a fault of our own: `internal`. */
export function problemFromError(error: unknown): Problem {
  if (error instanceof ProblemError) {
    return error.problem;
  }
  if (isKubeTransportError(error)) {
    return { code: error.code, detail: oneLine(error.message, MAX_DETAIL_CHARS) };
  }
  return {
    code: 'internal',
    detail: oneLine(error instanceof Error ? error.message : String(error), MAX_DETAIL_CHARS),
  };
}
