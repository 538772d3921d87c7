import { STATUS_CODES } from 'node:http';
import * as v from 'valibot';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { problemSchema, type Problem, type ProblemCode } from '../protocol/problem';
import type { CredentialEnd } from '../transport/node/credential';

/** RFC 9457, with the protocol's own code beside it. */
export const problemDetailsSchema = v.object({
  type: v.literal('about:blank'),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.exactOptional(problemSchema.entries.code),
});
export type ProblemDetails = Readonly<v.InferOutput<typeof problemDetailsSchema>>;

export const PROBLEM_TYPE = 'application/problem+json';

export function problemDetails(status: number, detail: string, code?: ProblemCode): ProblemDetails {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    ...(code === undefined ? {} : { code }),
  };
}

/** How HTTP says what a request ended with. */
export function detailsOfProblem({ code, detail }: Problem): ProblemDetails {
  return problemDetails(statusOf(code), detail, code);
}

/** How HTTP says with which code a connection would have been closed. */
export function detailsOfEnd({ code, reason }: CredentialEnd): ProblemDetails {
  return problemDetails(STATUS_OF_END.get(code) ?? 500, reason);
}

const STATUS_OF_END: ReadonlyMap<number, number> = new Map([
  [CLOSE_CODES.unauthorised, 401],
  [CLOSE_CODES.forbidden, 403],
  [CLOSE_CODES.tooMany, 429],
  [CLOSE_CODES.unavailable, 503],
]);

function statusOf(code: ProblemCode): number {
  switch (code) {
    case 'badRequest':
    case 'unknownMessage':
      return 400;
    case 'notFound':
      return 404;
    case 'unsupported':
      return 501;
    case 'throttled':
      return 429;
    case 'internal':
      return 500;
    case 'forbidden':
      return 403;
    // What the cluster behind the hub did, or did not.
    case 'unauthorized':
    case 'notInstalled':
    case 'serverError':
    case 'expired':
    case 'malformed':
    case 'tls':
    case 'proxy':
    case 'dns':
    case 'credentials':
    case 'consent':
    case 'kubeconfig':
    case 'upstream':
      return 502;
    // Not known now, and perhaps soon.
    case 'unreachable':
    case 'closed':
      return 503;
    default:
      return code satisfies never;
  }
}
