import type { KubeFetch } from '../base/kubeFetch';
import { readText } from '../base/readBody';
import { ProblemError } from '../protocol/problem';
import { problemFromResponse } from '../protocol/problemFromResponse';

/** A review is a few hundred bytes; the groups of a user can make it some kB. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Creates a review, an object that is a question: it is answered at once and never kept. Resolves with the parsed answer.
 * Rejects with {@link ProblemError} for an answer other than 2xx or one that is not JSON, with the transport's error, or
 * with the signal's reason.
 */
export async function postReview(
  fetch: KubeFetch,
  path: string,
  review: object,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(review),
    signal,
  });
  if (response.status < 200 || response.status > 299) {
    throw new ProblemError((await problemFromResponse(response, signal)).problem);
  }
  const text = await readText(response.body, MAX_BODY_BYTES);
  signal.throwIfAborted();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError({ code: 'malformed', detail: 'the review is not JSON' }, error);
  }
}
