import type { Clock } from '../../base/clock';
import { DisposableStore } from '../../base/disposable';
import { between, type Random } from '../../base/random';
import type { ApiResource } from './apiResource';
import { ApiStatusError, expired, resourceVersionTooLarge } from './apiStatus';
import type { BodyChunk } from './chunkJoiner';
import type { ListOptions } from './listOptions';
import { COMPACTED, type ObjectStorage, type StorageEvent, type StoredObject } from './objectStorage';
import type { ResponseBody } from './responseBody';
import type { ObjectFilter } from './selector';
import type { WatchEncoder } from './watchEncoder';
import { WatchTeller, type SeenEvent } from './watchTeller';

/** About what a real API server does. */
const BOOKMARK_INTERVAL_MS = 60_000;

/** kube-apiserver's `--min-request-timeout`: a watch that sets no limit ends within once to twice this time. */
const MIN_REQUEST_TIMEOUT_S = 1800;

/** Tells a client that it has been told of everything there was when it began to watch. */
const INITIAL_EVENTS_END = { 'k8s.io/initial-events-end': 'true' };

/**
 * A watch whose query was understood. The events are those after `from`; without it, one ADDED for everything there is,
 * and then the changes.
 */
export interface WatchRequest {
  readonly resource: ApiResource;
  readonly matches: ObjectFilter;
  readonly from: number | undefined;
  /** A bookmark follows the initial events. */
  readonly marksInitialEvents: boolean;
  readonly allowBookmarks: boolean;
  readonly timeoutMs: number;
}

/** Throws {@link ApiStatusError} for a version that is asked for and has not come yet. */
export function watchRequest(
  storage: ObjectStorage,
  resource: ApiResource,
  matches: ObjectFilter,
  options: ListOptions,
  random: Random,
): WatchRequest {
  const { revision, sendInitialEvents, allowBookmarks, timeoutSeconds } = options;
  if (sendInitialEvents && revision !== undefined && revision > storage.revision) {
    throw new ApiStatusError(resourceVersionTooLarge(revision, storage.revision));
  }
  return {
    resource,
    matches,
    from: sendInitialEvents ? undefined : revision,
    marksInitialEvents: sendInitialEvents && allowBookmarks,
    allowBookmarks,
    timeoutMs:
      1000 *
      (timeoutSeconds === 0
        ? between(random, MIN_REQUEST_TIMEOUT_S, 2 * MIN_REQUEST_TIMEOUT_S)
        : timeoutSeconds),
  };
}

/**
 * Writes the events of a watch to `body`, in the order of revisions, until its time is over or the body is closed; the
 * caller disposes the result then. What there is already is drawn as the client reads, what happens meanwhile waits. Where
 * the history no longer reaches back to `from`, a 410 is the one event. A watch from a revision that is still to come is
 * silent until then, as with a real API server.
 */
export function streamWatch(
  storage: ObjectStorage,
  clock: Clock,
  request: WatchRequest,
  encoder: WatchEncoder,
  body: ResponseBody,
): DisposableStore {
  const owned = new DisposableStore();
  const { resource, matches, from } = request;
  const missed = from === undefined ? undefined : storage.changesSince(resource, from);
  if (missed === COMPACTED) {
    body.push(encoder.error(expired(`too old resource version: ${from} (${storage.revision})`)));
    body.end();
    return owned;
  }
  const { revision, items } = storage.listNow(resource);
  const past = function* (): Generator<BodyChunk, void, void> {
    const events = missed === undefined ? addedItems(items, matches) : seenEvents(missed, matches);
    for (const { type, item } of events) {
      yield encoder.event(type, item);
    }
    if (request.marksInitialEvents) {
      yield encoder.bookmark(revision, INITIAL_EVENTS_END);
    }
  };
  const teller = owned.add(new WatchTeller(encoder, body, past()));
  owned.add(
    storage.onEvent((event) => {
      const seen =
        event.resource === resource && event.revision > (from ?? 0) ? seenThrough(event, matches) : undefined;
      if (seen !== undefined) {
        teller.tell(seen);
      }
    }),
  );
  if (request.allowBookmarks) {
    const scheduleBookmark = (): void => {
      const timer = clock.schedule(BOOKMARK_INTERVAL_MS, () => {
        owned.delete(timer);
        if (teller.isCaughtUp && storage.revision >= (from ?? 0)) {
          body.push(encoder.bookmark(storage.revision));
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

function* addedItems(
  items: readonly StoredObject[],
  matches: ObjectFilter,
): Generator<SeenEvent, void, void> {
  for (const item of items) {
    if (matches(item.object)) {
      yield { type: 'ADDED', item };
    }
  }
}

function* seenEvents(
  events: readonly StorageEvent[],
  matches: ObjectFilter,
): Generator<SeenEvent, void, void> {
  for (const event of events) {
    const seen = seenThrough(event, matches);
    if (seen !== undefined) {
      yield seen;
    }
  }
}

/** Seen through a selector an object that begins to match is added, and one that ceases to is deleted. */
function seenThrough(event: StorageEvent, matches: ObjectFilter): SeenEvent | undefined {
  const { type, current, previous } = event;
  const matchedBefore = previous !== undefined && matches(previous.object);
  const matchesNow = type !== 'DELETED' && matches(current.object);
  if (matchesNow) {
    return { type: matchedBefore ? 'MODIFIED' : 'ADDED', item: current };
  }
  return matchedBefore ? { type: 'DELETED', item: current } : undefined;
}
