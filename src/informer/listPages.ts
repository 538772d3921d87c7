import type { KubeObject } from '../base/kubeObject';
import { decodeObject } from './decodeObject';
import { presentInstant, type Instant } from '../base/instant';
import { errorFromResponse, KubeStatusError } from './kubeStatusError';
import { ListFormatError, readListBody, type ListBody } from './listBody';
import { isRecord } from '../base/jsonRecord';
import { timedRequest, withQuery, type Requester } from './timedRequest';
import { TimeSlice } from './timeSlice';

/** All objects of a collection at one ResourceVersion. */
export interface Listing {
  readonly objects: readonly KubeObject[];
  /** Where a watch goes on without a gap. */
  readonly resourceVersion: string;
  /** Items that are no Kubernetes objects with a name: left out of `objects`. */
  readonly malformedItems: number;
  /** The snapshot is no older. */
  readonly asOf: Instant;
}

/** Told after each page. `total` is absent where the server does not count what remains. */
export type ListProgress = (loaded: number, total: number | undefined) => void;

/** Objects a page; client-go's own page size. */
const PAGE_LIMIT = 500;
/** Longest wait for an answer, and longest silence within it. */
const ANSWER_MS = 30_000;
/** Longest time for one answer: a page that drips byte by byte is never silent, and never ends. */
const WHOLE_MS = 600_000;
/** A million objects. A server that gives tokens without end would be listed without end. */
const MAX_PAGES = 2_000;

/**
 * Lists a collection in pages, each parsed in slices. Pages hang together by a token that the server may forget: then
 * the list starts over once, and after that comes unpaged. Rejects with {@link KubeStatusError}, ListFormatError,
 * KubeTransportError, BodyTooLargeError or the signal's reason; a list is had whole or not at all.
 */
export async function listPages(
  requester: Requester,
  path: string,
  signal: AbortSignal,
  progress: ListProgress,
): Promise<Listing> {
  for (const limit of [PAGE_LIMIT, PAGE_LIMIT]) {
    const lister = new Lister(requester, path, limit, signal, progress);
    try {
      return await lister.run();
    } catch (error) {
      signal.throwIfAborted();
      const tokenIsLost = error instanceof KubeStatusError && error.problem.code === 'expired';
      if (!tokenIsLost || !lister.isPastFirstPage) {
        throw error;
      }
    }
  }
  return new Lister(requester, path, undefined, signal, progress).run();
}

class Lister {
  readonly #requester: Requester;
  readonly #path: string;
  readonly #limit: number | undefined;
  readonly #signal: AbortSignal;
  readonly #progress: ListProgress;
  readonly #slice: TimeSlice;
  readonly #objects: KubeObject[] = [];
  #malformedItems = 0;
  isPastFirstPage = false;

  constructor(
    requester: Requester,
    path: string,
    limit: number | undefined,
    signal: AbortSignal,
    progress: ListProgress,
  ) {
    this.#requester = requester;
    this.#path = path;
    this.#limit = limit;
    this.#signal = signal;
    this.#progress = progress;
    this.#slice = new TimeSlice(requester.clock);
  }

  async run(): Promise<Listing> {
    const asOf = presentInstant(this.#requester.clock);
    const first = await this.#page(undefined);
    let page = first;
    this.isPastFirstPage = true;
    for (let pages = 1; page.continueToken !== undefined; pages += 1) {
      if (pages === MAX_PAGES) {
        throw new ListFormatError(`the list has more than ${MAX_PAGES} pages`);
      }
      page = await this.#page(page.continueToken);
    }
    return {
      objects: this.#objects,
      // All pages carry the first one's version. Should one not, the oldest loses nothing: a watch from it repeats.
      resourceVersion: first.resourceVersion,
      malformedItems: this.#malformedItems,
      asOf,
    };
  }

  async #page(continueToken: string | undefined): Promise<ListBody> {
    const path = withQuery(this.#path, {
      limit: this.#limit?.toString(),
      continue: continueToken,
      pretty: 'false',
    });
    const signal = this.#signal;
    const page = await timedRequest(
      this.#requester,
      path,
      { signal, answerMs: ANSWER_MS, bodyIdleMs: ANSWER_MS, wholeMs: WHOLE_MS },
      async (response) => {
        if (response.status !== 200) {
          throw await errorFromResponse(response, signal);
        }
        return readListBody(response.body, this.#slice, signal);
      },
    );
    await this.#keep(page);
    const { remainingItemCount: remaining } = page;
    const loaded = this.#objects.length;
    const isLast = page.continueToken === undefined;
    this.#progress(loaded, isLast ? loaded : remaining === undefined ? undefined : loaded + remaining);
    return page;
  }

  async #keep(page: ListBody): Promise<void> {
    const kind = page.kind?.endsWith('List') === true ? page.kind.slice(0, -'List'.length) : undefined;
    for (const item of page.items) {
      const object = decodeObject(withType(item, page.apiVersion, kind));
      if (object === undefined) {
        this.#malformedItems += 1;
      } else {
        this.#objects.push(object);
      }
      if (this.#slice.isSpent) {
        await this.#slice.yield(this.#signal);
      }
    }
  }
}

/** Built-in resources leave apiVersion and kind to the list; a watch sends them with each object. */
function withType(item: unknown, apiVersion: string | undefined, kind: string | undefined): unknown {
  return isRecord(item) && item['kind'] === undefined && kind !== undefined
    ? { apiVersion, kind, ...item }
    : item;
}
