import type { Problem } from '../protocol/problem';
import { ScanTooSlowError } from './chunkScanner';

/** Why lines cannot be searched any further. */
export function scanProblem(error: unknown): Problem {
  return {
    code: error instanceof ScanTooSlowError ? 'badRequest' : 'internal',
    detail: error instanceof Error ? error.message : String(error),
  };
}
