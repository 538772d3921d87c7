import { ProblemError, type Problem } from '../../src/protocol/problem';

/** The problem that a rejected request carries; anything else thrown is a fault of our own. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) {
    return error.problem;
  }
  return { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
}
