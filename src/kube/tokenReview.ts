import * as v from 'valibot';
import type { KubeFetch } from '../base/kubeFetch';
import { decode } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';
import type { Identity } from './identity';
import { postReview } from './postReview';

const PATH = '/apis/authentication.k8s.io/v1/tokenreviews';

const list = v.nullish(v.array(v.string()), []);
const answerSchema = v.object({
  status: v.object({
    authenticated: v.optional(v.boolean(), false),
    user: v.optional(
      v.object({
        username: v.optional(v.string(), ''),
        uid: v.optional(v.string(), ''),
        groups: list,
        extra: v.nullish(v.record(v.string(), list), {}),
      }),
    ),
    audiences: list,
  }),
});

/**
 * Asks the server whose token this is (TokenReview). With an `audience` it counts only where it was made for that; without one
 * where it was made for the server itself. Resolves with undefined where it is nobody's. Rejects with {@link ProblemError}, the
 * transport's error, or the signal's reason.
 */
export async function reviewToken(
  fetch: KubeFetch,
  token: string,
  audience: string | undefined,
  signal: AbortSignal,
): Promise<Identity | undefined> {
  const review = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token, ...(audience === undefined ? {} : { audiences: [audience] }) },
  };
  const decoded = decode(answerSchema, await postReview(fetch, PATH, review, signal));
  if (!decoded.ok) {
    throw new ProblemError({ code: 'malformed', detail: `no token review: ${decoded.problem.detail}` });
  }
  const { authenticated, user, audiences } = decoded.value.status;
  // A server that knows no audiences leaves them out, and has looked at the token as one for itself.
  const isMeant = audience === undefined || audiences.includes(audience);
  if (!authenticated || !isMeant || user === undefined || user.username === '') {
    return undefined;
  }
  const { username, uid, groups, extra } = user;
  return { user: username, ...(uid === '' ? {} : { uid }), groups, extra };
}
