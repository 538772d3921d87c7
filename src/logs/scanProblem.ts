import type { Problem } from '../protocol/problem';
import { isScanTooSlow } from './chunkScanner';

/** Why lines cannot be searched any further. */
export function scanProblem(error: unknown): Problem {
  return {
    code: isScanTooSlow(error) ? 'badRequest' : 'internal',
    detail: error instanceof Error ? error.message : String(error),
  };
}
