import * as v from 'valibot';

/**
 * Everything that can keep a source, a request or a log from working. Texts and remedies are made where they are shown.
 * - `kubeconfig`: its file, or the context in it, cannot be used
 * - `consent`: the credentials come from a program that the user has not allowed to run
 * - `unreachable`, `dns`, `tls`, `proxy`, `credentials`: no answer came (see KubeTransportError)
 * - `unauthorized` 401, `forbidden` 403, `notInstalled` 404 of the resource, `notFound` 404 of one object
 * - `throttled` 429, `serverError` 5xx, `expired` 410, `malformed` an answer that is not what the API promises
 * - `unknownMessage`, `badRequest`: the other side of a channel does not speak the protocol
 * - `upstream`: a hub answers, but cannot follow this cluster itself
 * - `unsupported`: it cannot be had by the way that this source is reached
 * - `closed`: the channel, stream or source ended first
 * - `internal`: a fault of our own
 */
const PROBLEM_CODES = [
  'kubeconfig',
  'consent',
  'unreachable',
  'dns',
  'tls',
  'proxy',
  'credentials',
  'unauthorized',
  'forbidden',
  'notInstalled',
  'notFound',
  'throttled',
  'serverError',
  'expired',
  'malformed',
  'upstream',
  'unsupported',
  'unknownMessage',
  'badRequest',
  'closed',
  'internal',
] as const;

const problemCodeSchema = v.picklist(PROBLEM_CODES);
export type ProblemCode = v.InferOutput<typeof problemCodeSchema>;

/** A problem as data. `detail` is one technical line for the reader who wants it, in English, free of secrets. */
export const problemSchema = v.object({ code: problemCodeSchema, detail: v.string() });
export type Problem = Readonly<v.InferOutput<typeof problemSchema>>;

/** A {@link Problem} on its way through `throw`. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(`${problem.code}: ${problem.detail}`, cause === undefined ? undefined : { cause });
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** By name: bundles that are loaded apart each have a class of their own. */
export function isProblemError(error: unknown): error is ProblemError {
  return error instanceof Error && error.name === 'ProblemError' && 'problem' in error;
}
