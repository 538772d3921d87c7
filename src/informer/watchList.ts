import type { KubeObject } from '../base/kubeObject';
import { ChildAbort } from './childAbort';
import { objectKey } from './decodeObject';
import { ShortWatchError } from './fault';
import { presentInstant, type Instant } from '../base/instant';
import { KubeStatusError } from './kubeStatusError';
import type { Listing } from './listPages';
import { WatchLineError, type ObservedEvent } from './watchEvent';
import { watchOnce, type WatchOptions, type WatchStart } from './watchOnce';

export interface WatchListListener {
  /** Told with the first of the initial events, and now and then of how many there are so far. */
  progress(loaded: number): void;
  /** Everything that there was, told once and before any event. The next event is read once this has resolved. */
  listed(listing: Listing): Promise<void>;
  /** The next event is read once this has resolved. */
  event(event: ObservedEvent): Promise<void>;
}

/** This server does not give the initial state as a watch; it has to be listed. */
export class WatchListUnsupportedError extends Error {
  readonly code = 'watchListUnsupported';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'WatchListUnsupportedError';
  }
}

/** As `sendInitialEvents` wants it (KEP-3157): everything at the newest version, and a bookmark behind it. */
const FROM_INITIAL_EVENTS: WatchStart = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' };
/** Longest wait for that bookmark. A server that does not know it leaves it out, and does not say so. */
const INITIAL_EVENTS_MS = 60_000;
/** Objects between two words of progress; a page of a list. */
const PROGRESS_STEP = 500;

/**
 * Watches a collection from its present state on, which the server tells first, an event for each object; it is kept back
 * until it is complete, and then told at once. Resolves and rejects like {@link watchOnce}, and before the initial state
 * is complete also with {@link WatchListUnsupportedError}: when the server refuses the question or answers with what is
 * not understood, or when the stream ends, or a minute passes, without its end having been marked.
 */
export async function watchList(
  options: WatchOptions,
  signal: AbortSignal,
  listener: WatchListListener,
): Promise<void> {
  const initial = new InitialEvents(presentInstant(options.clock));
  const abort = new ChildAbort(signal);
  const deadline = options.clock.schedule(INITIAL_EVENTS_MS, () => {
    abort.abort(
      new WatchListUnsupportedError(`the initial state had no end within ${INITIAL_EVENTS_MS / 1000} s`),
    );
  });
  let isListed = false;
  try {
    await watchOnce(options, FROM_INITIAL_EVENTS, abort.signal, {
      opened: () => {},
      event: async (event) => {
        if (isListed) {
          await listener.event(event);
          return;
        }
        initial.take(event);
        if (event.type === 'bookmark' && event.endsInitialEvents) {
          isListed = true;
          deadline.dispose();
          await listener.listed(initial.listing(event.resourceVersion));
        } else if (initial.taken % PROGRESS_STEP === 1) {
          listener.progress(initial.size);
        }
      },
    });
  } catch (error) {
    throw isListed ? error : initialStateError(error);
  } finally {
    deadline.dispose();
    abort.dispose();
  }
  if (!isListed) {
    throw new WatchListUnsupportedError('the watch ended before its initial state did');
  }
}

/** The objects that were told so far. */
class InitialEvents {
  readonly #asOf: Instant;
  readonly #objects = new Map<string, KubeObject>();
  taken = 0;

  constructor(asOf: Instant) {
    this.#asOf = asOf;
  }

  get size(): number {
    return this.#objects.size;
  }

  take(event: ObservedEvent): void {
    this.taken += 1;
    switch (event.type) {
      case 'added':
      case 'modified':
        this.#objects.set(objectKey(event.object), event.object);
        break;
      case 'deleted':
        this.#objects.delete(objectKey(event.object));
        break;
      case 'bookmark':
        break;
      default:
        event satisfies never;
    }
  }

  listing(resourceVersion: string): Listing {
    return {
      objects: [...this.#objects.values()],
      resourceVersion,
      malformedItems: 0,
      asOf: this.#asOf,
    };
  }
}

function initialStateError(error: unknown): unknown {
  // A list can leave out what is malformed; here it could be anything.
  const isMisunderstood =
    error instanceof WatchLineError ||
    error instanceof ShortWatchError ||
    (error instanceof KubeStatusError && error.problem.code === 'badRequest');
  return isMisunderstood ? new WatchListUnsupportedError(error.message, error) : error;
}
