import { between, type Random } from '../base/random';
import { ShortWatchError } from './fault';
import { errorFromResponse } from './kubeStatusError';
import { timedRequest, withQuery, type Requester } from './timedRequest';
import { TimeSlice } from './timeSlice';
import type { ObservedEvent } from './watchEvent';
import { readWatch } from './watchStream';

export interface WatchOptions extends Requester {
  readonly path: string;
  readonly random: Random;
}

export interface WatchListener {
  /** The server accepted the watch; it may not have sent anything yet. */
  opened(): void;
  /** The next event is read once this has resolved. */
  event(event: ObservedEvent): Promise<void>;
}

/** Longest wait for a watch's headers; the API server sends them before the first event. */
const ANSWER_MS = 30_000;
/** The server ends a watch after this long, at random so that watches do not all end together (client-go's spread). */
const FROM_S = 300;
const TO_S = 600;
/** A watch that ends sooner and without an event counts as a failure. */
const SHORT_MS = 1_000;

/** Where a watch begins, as its query says it. */
export type WatchStart =
  | { readonly resourceVersion: string }
  | { readonly sendInitialEvents: 'true'; readonly resourceVersionMatch: 'NotOlderThan' };

/**
 * Watches a collection. Resolves at the ordinary end, when the server closes the stream
 * cleanly; otherwise rejects with KubeStatusError (also for the stream's own ERROR event), WatchLineError,
 * {@link ShortWatchError}, KubeTransportError or the signal's reason. Silence is no error here.
 */
export async function watchOnce(
  options: WatchOptions,
  start: WatchStart,
  signal: AbortSignal,
  listener: WatchListener,
): Promise<void> {
  const { path, random, clock } = options;
  const watchPath = withQuery(path, {
    watch: '1',
    allowWatchBookmarks: 'true',
    ...start,
    timeoutSeconds: String(Math.floor(between(random, FROM_S, TO_S + 1))),
    pretty: 'false',
  });
  let openedMs = 0;
  let hasEvents = false;
  await timedRequest(options, watchPath, { signal, answerMs: ANSWER_MS }, async (response) => {
    if (response.status !== 200) {
      throw await errorFromResponse(response, signal);
    }
    openedMs = clock.monotonic();
    listener.opened();
    const slice = new TimeSlice(clock);
    for await (const events of readWatch(response.body)) {
      slice.restart();
      for (const event of events) {
        signal.throwIfAborted();
        if (event.type === 'error') {
          throw event.error;
        }
        hasEvents ||= event.type !== 'bookmark';
        await listener.event(event);
        if (slice.isSpent) {
          await slice.yield(signal);
        }
      }
    }
  });
  if (!hasEvents && clock.monotonic() - openedMs < SHORT_MS) {
    throw new ShortWatchError();
  }
}
