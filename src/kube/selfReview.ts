import * as v from 'valibot';
import type { KubeFetch } from '../base/kubeFetch';
import { decode } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';
import { postReview } from './postReview';

/** Whom the server takes the one who asks for. */
export interface SelfReview {
  readonly username: string;
  readonly groups: readonly string[];
}

const PATH = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

const answerSchema = v.object({
  status: v.object({
    userInfo: v.object({ username: v.string(), groups: v.optional(v.array(v.string()), []) }),
  }),
});

/**
 * Asks the server who asks (SelfSubjectReview, served from Kubernetes 1.28 on). Rejects with {@link ProblemError}, the
 * transport's error, or the signal's reason.
 */
export async function reviewSelf(fetch: KubeFetch, signal: AbortSignal): Promise<SelfReview> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const decoded = decode(answerSchema, await postReview(fetch, PATH, review, signal));
  if (!decoded.ok) {
    throw new ProblemError({ code: 'malformed', detail: `no review of oneself: ${decoded.problem.detail}` });
  }
  return decoded.value.status.userInfo;
}
