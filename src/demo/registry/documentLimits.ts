import { isRecord } from '../../base/jsonRecord';

/** kube-apiserver's `MaxRequestBodyBytes`: etcd's 1.5 MiB a request, doubled since JSON is longer than protobuf. */
export const MAX_REQUEST_BYTES = 3 * 1024 * 1024;

/**
 * Values within values. Go's decoder allows 10,000; this server follows values down by calls, for which a browser's worker
 * has room for some thousands.
 */
export const MAX_DEPTH = 1000;

/**
 * Why a decoded document cannot be worked with, in Go's words; `undefined` where it can. Aliases of YAML are followed each
 * time they occur: a document that is short and means something long is refused, and so is one that contains itself.
 */
export function documentProblem(document: unknown): string | undefined {
  let size = 0;
  const problemOf = (value: unknown, depth: number): string | undefined => {
    size += 1 + (typeof value === 'string' ? value.length : 0);
    if (depth > MAX_DEPTH) {
      return 'exceeded max depth';
    }
    if (size > MAX_REQUEST_BYTES) {
      return 'document contains excessive aliasing';
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return `unsupported value: ${goNumber(value)}`;
    }
    if (Array.isArray(value)) {
      return firstProblem(value, depth + 1);
    }
    return isRecord(value) ? firstProblem(Object.values(value), depth + 1) : undefined;
  };
  const firstProblem = (values: readonly unknown[], depth: number): string | undefined => {
    for (const value of values) {
      const problem = problemOf(value, depth);
      if (problem !== undefined) {
        return problem;
      }
    }
    return undefined;
  };
  return problemOf(document, 0);
}

function goNumber(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
