import * as v from 'valibot';
import type { KubeFetch } from '../base/kubeFetch';
import { readText } from '../base/readBody';
import { decode } from '../protocol/messages';
import type { PodRow } from '../protocol/podLog';
import { ProblemError } from '../protocol/problem';
import { problemFromResponse } from '../protocol/problemFromResponse';

/** A pod is 5–30 kB of JSON: a page stays near 3 MB, which parses within 20 ms. */
const PAGE_SIZE = 100;
const MAX_PAGE_BYTES = 64 * 1024 * 1024;

const pageSchema = v.object({
  metadata: v.optional(v.object({ continue: v.optional(v.string()) }), {}),
  items: v.nullish(
    v.array(
      v.object({
        metadata: v.object({ name: v.string(), namespace: v.optional(v.string()) }),
        spec: v.optional(
          v.object({ containers: v.optional(v.array(v.object({ name: v.string() })), []) }),
          {},
        ),
        status: v.optional(v.object({ phase: v.optional(v.string()) }), {}),
      }),
    ),
    [],
  ),
});

/**
 * All pods of a namespace, in the server's order, with their regular containers. Read in pages; a list that expires in
 * mid-way is started again, once. Rejects with {@link ProblemError} for an answer that is not a list of pods, with the
 * transport's error, or with the signal's reason.
 */
export async function listPods(
  fetch: KubeFetch,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly PodRow[]> {
  try {
    return await listOnce(fetch, namespace, signal);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'expired') {
      return listOnce(fetch, namespace, signal);
    }
    throw error;
  }
}

async function listOnce(fetch: KubeFetch, namespace: string, signal: AbortSignal): Promise<PodRow[]> {
  const pods: PodRow[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (token !== undefined) {
      query.set('continue', token);
    }
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?${query.toString()}`;
    const page = await readPage(fetch, path, signal);
    pods.push(
      ...page.items.map(({ metadata, spec, status }) => ({
        namespace: metadata.namespace ?? namespace,
        name: metadata.name,
        phase: status.phase ?? 'Unknown',
        containers: spec.containers.map(({ name }) => name),
      })),
    );
    token = page.metadata.continue;
  } while (token !== undefined && token !== '');
  return pods;
}

async function readPage(fetch: KubeFetch, path: string, signal: AbortSignal) {
  const response = await fetch(path, { signal });
  if (response.status !== 200) {
    const { problem } = await problemFromResponse(response, signal);
    throw new ProblemError(problem);
  }
  const text = await readText(response.body, MAX_PAGE_BYTES);
  signal.throwIfAborted();
  const decoded = decode(pageSchema, parseJson(text));
  if (!decoded.ok) {
    throw new ProblemError({ code: 'malformed', detail: `not a list of pods: ${decoded.problem.detail}` });
  }
  return { ...decoded.value, items: decoded.value.items ?? [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError({ code: 'malformed', detail: 'the list of pods is not JSON' }, error);
  }
}
