import * as v from 'valibot';
import type { KubeFetch } from '../base/kubeFetch';
import { decode } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';
import { postReview } from './postReview';

/** Something that a user may or may not do, in every namespace where the resource has any. */
export interface ResourceAccess {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const answerSchema = v.object({ status: v.object({ allowed: v.boolean() }) });

/**
 * Asks the server whether the one who asks may do something (SelfSubjectAccessReview). Rejects with {@link ProblemError},
 * the transport's error, or the signal's reason.
 */
export async function reviewAccess(
  fetch: KubeFetch,
  access: ResourceAccess,
  signal: AbortSignal,
): Promise<boolean> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: access },
  };
  const decoded = decode(answerSchema, await postReview(fetch, PATH, review, signal));
  if (!decoded.ok) {
    throw new ProblemError({ code: 'malformed', detail: `no access review: ${decoded.problem.detail}` });
  }
  return decoded.value.status.allowed;
}
