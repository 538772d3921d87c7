import * as v from 'valibot';
import type { KubeFetch } from '../base/kubeFetch';
import { readText } from '../base/readBody';
import { decode } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';
import { problemFromResponse } from '../protocol/problemFromResponse';

/** A workload is some kB of JSON: a page parses within a moment. */
const PAGE_SIZE = 100;
const MAX_PAGE_BYTES = 64 * 1024 * 1024;

const pageSchema = v.object({
  metadata: v.optional(v.object({ continue: v.optional(v.string()) }), {}),
  items: v.nullish(v.array(v.object({ metadata: v.object({ name: v.string() }) })), []),
});

/**
 * The names in a collection, such as `/api/v1/namespaces`, in the server's order. Rejects with {@link ProblemError}, with the
 * transport's error, or with the signal's reason.
 */
export async function listNames(
  fetch: KubeFetch,
  path: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({
      limit: String(PAGE_SIZE),
      ...(token === undefined ? {} : { continue: token }),
    });
    const response = await fetch(`${path}?${query.toString()}`, { signal });
    if (response.status !== 200) {
      throw new ProblemError((await problemFromResponse(response, signal)).problem);
    }
    const text = await readText(response.body, MAX_PAGE_BYTES);
    signal.throwIfAborted();
    const decoded = decode(pageSchema, parseJson(text));
    if (!decoded.ok) {
      throw new ProblemError({ code: 'malformed', detail: `not a list: ${decoded.problem.detail}` });
    }
    names.push(...(decoded.value.items ?? []).map(({ metadata }) => metadata.name));
    token = decoded.value.metadata.continue;
  } while (token !== undefined && token !== '');
  return names;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError({ code: 'malformed', detail: 'the list is not JSON' }, error);
  }
}
