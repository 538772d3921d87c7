import * as v from 'valibot';
import type { KubeFetch } from '../base/kubeFetch';
import { decode } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';
import type { ResourceAccess } from './accessReview';
import type { Identity } from './identity';
import { postReview } from './postReview';

/** Something that somebody may or may not do: with objects, or with what a server tells at a path. */
export type ReviewedAccess =
  | (ResourceAccess & { readonly namespace?: string; readonly name?: string })
  | { readonly verb: string; readonly path: string };

const PATH = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

const answerSchema = v.object({ status: v.object({ allowed: v.boolean() }) });

/**
 * Asks the server whether somebody else may do something (SubjectAccessReview). Rejects with {@link ProblemError}, the
 * transport's error, or the signal's reason.
 */
export async function reviewSubjectAccess(
  fetch: KubeFetch,
  { user, uid, groups, extra }: Identity,
  access: ReviewedAccess,
  signal: AbortSignal,
): Promise<boolean> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user,
      ...(uid === undefined ? {} : { uid }),
      groups,
      extra,
      ...('path' in access ? { nonResourceAttributes: access } : { resourceAttributes: access }),
    },
  };
  const decoded = decode(answerSchema, await postReview(fetch, PATH, review, signal));
  if (!decoded.ok) {
    throw new ProblemError({ code: 'malformed', detail: `no access review: ${decoded.problem.detail}` });
  }
  return decoded.value.status.allowed;
}
