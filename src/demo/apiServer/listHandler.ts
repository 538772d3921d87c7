import { apiVersionOf, type ApiResource } from './apiResource';
import { ApiStatusError, badRequest, expired, resourceVersionTooLarge } from './apiStatus';
import { decodeContinue, encodeContinue } from './continueToken';
import { COMPACTED, keyOf, type ObjectStorage, type StoredObject } from './objectStorage';
import { queryNumber } from './queryNumber';
import { parseFilter } from './selector';

/** Enough for one write to a socket to be worth its cost, little enough not to stall a reader. */
const CHUNK_CHARS = 64 * 1024;

/**
 * A list, or a page of one, as pieces of JSON. All pages of a list show the state of its first one; a page that
 * continues a list older than the history is refused with 410. Throws {@link ApiStatusError}.
 */
export function list(
  storage: ObjectStorage,
  resource: ApiResource,
  namespace: string | undefined,
  query: URLSearchParams,
): Iterable<string> {
  const limit = queryNumber(query, 'limit') ?? 0;
  const matches = parseFilter(namespace, query);
  const token = query.get('continue') ?? '';
  const start = token === '' ? undefined : decodeContinue(token);
  if (start !== undefined && (query.get('resourceVersion') ?? '') !== '') {
    throw new ApiStatusError(badRequest('specifying resource version is not allowed when using continue'));
  }
  const snapshot = storage.list(resource, start?.revision ?? requestedRevision(storage, query));
  if (snapshot === COMPACTED) {
    throw new ApiStatusError(
      expired(
        start === undefined
          ? 'The resourceVersion for the provided list is too old.'
          : 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      ),
    );
  }
  const matching = snapshot.items.filter(
    ({ object }) =>
      (start === undefined || keyOf(object.metadata.namespace, object.metadata.name) > start.afterKey) &&
      matches(object),
  );
  const page = limit > 0 && matching.length > limit ? matching.slice(0, limit) : matching;
  return encodeList(resource, snapshot.revision, page, matching.length - page.length);
}

/** The revision to list at; `undefined` for the newest. */
function requestedRevision(storage: ObjectStorage, query: URLSearchParams): number | undefined {
  const requested = queryNumber(query, 'resourceVersion');
  if (requested === undefined || requested === 0) {
    return undefined;
  }
  if (requested > storage.revision) {
    throw new ApiStatusError(resourceVersionTooLarge(requested, storage.revision));
  }
  return query.get('resourceVersionMatch') === 'Exact' ? requested : undefined;
}

function* encodeList(
  resource: ApiResource,
  revision: number,
  page: readonly StoredObject[],
  remainingItemCount: number,
): Generator<string, void, void> {
  const last = page.at(-1)?.object.metadata;
  const metadata = {
    resourceVersion: String(revision),
    ...(remainingItemCount > 0 &&
      last !== undefined && {
        continue: encodeContinue({ revision, afterKey: keyOf(last.namespace, last.name) }),
        remainingItemCount,
      }),
  };
  let chunk =
    `{"kind":${JSON.stringify(`${resource.kind}List`)},"apiVersion":${JSON.stringify(apiVersionOf(resource))},` +
    `"metadata":${JSON.stringify(metadata)},"items":[`;
  let separator = '';
  for (const item of page) {
    chunk += separator + item.json;
    separator = ',';
    if (chunk.length >= CHUNK_CHARS) {
      yield chunk;
      chunk = '';
    }
  }
  yield `${chunk}]}\n`;
}
