import type { KubeObject } from '../../base/kubeObject';
import { encodeTable } from '../table/encodeTable';
import { encodePartialList } from '../table/partialObject';
import { tableFormatOf } from '../table/tableFormatOf';
import { apiVersionOf, CLUSTER_PERSONAS, type ApiResource } from './apiResource';
import { ApiStatusError, badRequest, expired, resourceVersionTooLarge } from './apiStatus';
import { decodeContinue, encodeContinue } from './continueToken';
import type { ListOptions } from './listOptions';
import type { WrittenForm } from './objectForm';
import { COMPACTED, keyOf, type ObjectStorage, type StoredObject } from './objectStorage';
import type { Selection } from './selector';

/** Enough for one write to a socket to be worth its cost, little enough not to stall a reader. */
const CHUNK_CHARS = 64 * 1024;

/** A page of a list: all pages show the state of the first one. */
export interface ListPage {
  /** `undefined` for objects that are computed, which have no versions. */
  readonly revision: number | undefined;
  readonly items: readonly StoredObject[];
  /** `undefined`: this is the last page. */
  readonly continueToken: string | undefined;
  /** `undefined` where nobody counted: whether what remains is selected is not known yet. */
  readonly remainingItemCount: number | undefined;
}

/** Objects that are made when they are asked for: all at once, in the order given. */
export function computedPage(objects: readonly StoredObject[], { matches }: Selection): ListPage {
  return {
    revision: undefined,
    items: objects.filter(({ object }) => matches(object)),
    continueToken: undefined,
    remainingItemCount: undefined,
  };
}

/** The page as pieces of JSON; ages in a table are as of `nowMs`. */
export function encodeList(
  resource: ApiResource,
  page: ListPage,
  form: WrittenForm,
  nowMs: number,
): Iterable<string> {
  switch (form.type) {
    case 'object':
      return inChunks(resource === CLUSTER_PERSONAS ? encodeCustom(resource, page) : encode(resource, page));
    case 'table':
      return inChunks(encodeTable(tableFormatOf(resource), objectsOf(page), metadataOf(page), form, nowMs));
    case 'partial':
      return inChunks(encodePartialList(objectsOf(page), metadataOf(page), form.version));
    default:
      return form satisfies never;
  }
}

/**
 * A list, or a page of one. A page that continues a list older than the history is refused with 410. Throws
 * {@link ApiStatusError}.
 */
export function listPage(
  storage: ObjectStorage,
  resource: ApiResource,
  { namespace, matches, isSelective }: Selection,
  options: ListOptions,
): ListPage {
  const { continueToken } = options;
  const limit = options.limit === 0 ? Infinity : options.limit;
  const start = continueToken === '' ? undefined : decodeContinue(continueToken);
  if (start !== undefined && options.revision !== undefined) {
    throw new ApiStatusError(badRequest('specifying resource version is not allowed when using continue'));
  }
  if (start !== undefined) {
    requirePresent(storage, start.revision);
  }
  const snapshot = storage.list(resource, start?.revision ?? revisionToList(storage, options));
  if (snapshot === COMPACTED) {
    throw new ApiStatusError(
      expired(
        start === undefined
          ? 'The resourceVersion for the provided list is too old.'
          : 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      ),
    );
  }
  const { revision } = snapshot;
  const items =
    namespace === undefined
      ? snapshot.items
      : snapshot.items.filter(({ object }) => object.metadata.namespace === namespace);
  const page: StoredObject[] = [];
  let index = start === undefined ? 0 : indexAfter(items, start.afterKey);
  for (; index < items.length && page.length < limit; index += 1) {
    const item = items[index];
    if (item !== undefined && matches(item.object)) {
      page.push(item);
    }
  }
  const last = page.at(-1);
  const remaining = items.length - index;
  return {
    revision,
    items: page,
    continueToken:
      remaining > 0 && last !== undefined
        ? encodeContinue({ revision, afterKey: keyOfItem(last) })
        : undefined,
    remainingItemCount: remaining > 0 && !isSelective ? remaining : undefined,
  };
}

/** The revision to list at; `undefined` for the newest. */
function revisionToList(storage: ObjectStorage, { revision, match }: ListOptions): number | undefined {
  if (revision !== undefined) {
    requirePresent(storage, revision);
  }
  return match === 'Exact' ? revision : undefined;
}

/** Throws a 504 {@link ApiStatusError} for what is still to come. */
function requirePresent(storage: ObjectStorage, revision: number): void {
  if (revision > storage.revision) {
    throw new ApiStatusError(resourceVersionTooLarge(revision, storage.revision));
  }
}

/** The place of the first item whose key is greater; items are in the order of their keys. */
function indexAfter(items: readonly StoredObject[], key: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && keyOfItem(item) <= key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function keyOfItem({ object }: StoredObject): string {
  return keyOf(object.metadata.namespace, object.metadata.name);
}

function* objectsOf({ items }: ListPage): Generator<KubeObject, void, void> {
  for (const item of items) {
    yield item.object;
  }
}

function metadataOf({ revision, continueToken, remainingItemCount }: ListPage): object {
  return {
    ...(revision !== undefined && { resourceVersion: String(revision) }),
    ...(continueToken !== undefined && { continue: continueToken }),
    ...(remainingItemCount !== undefined && { remainingItemCount }),
  };
}

function* encode(resource: ApiResource, page: ListPage): Generator<string, void, void> {
  const head = {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: metadataOf(page),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`;
  yield* itemsOf(page);
  yield ']}\n';
}

/** A list of custom resources has its fields in the order of their names, the metadata behind the items. */
function* encodeCustom(resource: ApiResource, page: ListPage): Generator<string, void, void> {
  const { revision, continueToken = '', remainingItemCount } = page;
  yield `{"apiVersion":${JSON.stringify(apiVersionOf(resource))},"items":[`;
  yield* itemsOf(page);
  const metadata = {
    continue: continueToken,
    ...(remainingItemCount !== undefined && { remainingItemCount }),
    resourceVersion: String(revision),
  };
  yield `],"kind":${JSON.stringify(`${resource.kind}List`)},"metadata":${JSON.stringify(metadata)}}\n`;
}

function* itemsOf({ items }: ListPage): Generator<string, void, void> {
  let separator = '';
  for (const item of items) {
    yield separator + item.json;
    separator = ',';
  }
}

function* inChunks(pieces: Iterable<string>): Generator<string, void, void> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length >= CHUNK_CHARS) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}
