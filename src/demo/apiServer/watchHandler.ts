import type { Clock } from '../../base/clock';
import { DisposableStore } from '../../base/disposable';
import { between, type Random } from '../../base/random';
import { apiVersionOf, type ApiResource } from './apiResource';
import { ApiStatusError, expired, sendInitialEventsForbidden, type ApiStatus } from './apiStatus';
import type { BodyChunk } from './chunkJoiner';
import { COMPACTED, type ObjectStorage, type StorageEvent, type StorageSnapshot } from './objectStorage';
import { queryFlag, queryNumber } from './queryNumber';
import type { ResponseBody } from './responseBody';
import { parseFilter, type ObjectFilter } from './selector';
import { watchFrame, WatchFrames } from './watchFrames';

/** About what a real API server does. */
const BOOKMARK_INTERVAL_MS = 60_000;

/** kube-apiserver's `--min-request-timeout`: a watch that sets no limit ends within once to twice this time. */
const MIN_REQUEST_TIMEOUT_S = 1800;

const frames = new WatchFrames();

/**
 * A watch whose query was understood. The events are those after `from`; without it, one ADDED for everything there is,
 * and then the changes.
 */
export interface WatchRequest {
  readonly resource: ApiResource;
  readonly matches: ObjectFilter;
  readonly from: number | undefined;
  readonly allowBookmarks: boolean;
  readonly timeoutMs: number;
}

/** Throws {@link ApiStatusError} for a query that is wrong or asks for more than this server can do. */
export function parseWatch(
  resource: ApiResource,
  namespace: string | undefined,
  query: URLSearchParams,
  random: Random,
): WatchRequest {
  if (queryFlag(query, 'sendInitialEvents')) {
    throw new ApiStatusError(sendInitialEventsForbidden(resource));
  }
  const from = queryNumber(query, 'resourceVersion');
  const timeoutSeconds = queryNumber(query, 'timeoutSeconds');
  return {
    resource,
    matches: parseFilter(namespace, query),
    from: from === 0 ? undefined : from,
    allowBookmarks: queryFlag(query, 'allowWatchBookmarks'),
    timeoutMs:
      1000 *
      (timeoutSeconds === undefined || timeoutSeconds === 0
        ? between(random, MIN_REQUEST_TIMEOUT_S, 2 * MIN_REQUEST_TIMEOUT_S)
        : timeoutSeconds),
  };
}

/**
 * Writes the events of a watch to `body`, in the order of revisions, until its time is over or the body is closed; the
 * caller disposes the result then. Where the history no longer reaches back to `from`, a 410 is the one event. A watch
 * from a revision that is still to come is silent until then, as with a real API server.
 */
export function streamWatch(
  storage: ObjectStorage,
  clock: Clock,
  request: WatchRequest,
  body: ResponseBody,
): DisposableStore {
  const owned = new DisposableStore();
  const { resource, matches, from } = request;
  const initial = from === undefined ? storage.list(resource) : storage.changesSince(resource, from);
  if (initial === COMPACTED) {
    body.push(errorFrame(expired(`too old resource version: ${from} (${storage.revision})`)));
    body.end();
    return owned;
  }
  if (isSnapshot(initial)) {
    for (const item of initial.items) {
      if (matches(item.object)) {
        body.push(watchFrame('ADDED', item));
      }
    }
  } else {
    for (const event of initial) {
      body.push(eventFrame(event, matches));
    }
  }
  owned.add(
    storage.onEvent((event) => {
      if (event.resource === resource && event.revision > (from ?? 0)) {
        body.push(eventFrame(event, matches));
      }
    }),
  );
  if (request.allowBookmarks) {
    const scheduleBookmark = (): void => {
      const timer = clock.schedule(BOOKMARK_INTERVAL_MS, () => {
        owned.delete(timer);
        if (storage.revision >= (from ?? 0)) {
          body.push(bookmarkFrame(resource, storage.revision));
        }
        scheduleBookmark();
      });
      owned.add(timer);
    };
    scheduleBookmark();
  }
  owned.add(
    clock.schedule(request.timeoutMs, () => {
      owned.dispose();
      body.end();
    }),
  );
  return owned;
}

function isSnapshot(initial: StorageSnapshot | readonly StorageEvent[]): initial is StorageSnapshot {
  return 'items' in initial;
}

/** Seen through a selector an object that begins to match is added, and one that ceases to is deleted. */
function eventFrame(event: StorageEvent, matches: ObjectFilter): BodyChunk {
  const matchedBefore = event.previous !== undefined && matches(event.previous.object);
  const matchesNow = event.type !== 'DELETED' && matches(event.current.object);
  if (matchesNow) {
    return frames.encode(matchedBefore ? 'MODIFIED' : 'ADDED', event.current);
  }
  return matchedBefore ? frames.encode('DELETED', event.current) : '';
}

function bookmarkFrame(resource: ApiResource, revision: number): string {
  const object = {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: String(revision), creationTimestamp: null },
  };
  return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
}

function errorFrame(status: ApiStatus): string {
  return `${JSON.stringify({ type: 'ERROR', object: status })}\n`;
}
