import {
  notifyManager,
  type Query,
  type QueryClient,
  type QueryFilters,
  type QueryKey,
} from '@tanstack/react-query';
import type { Disposable } from '../../src/base/disposable';
import type { HubEvent } from '../../src/protocol/hubEvent';
import { queryKeys } from '../../src/protocol/queryKeys';
import { tombstoneKey, type Tombstones } from './tombstones';

const [PERSONA_ALERTS] = queryKeys.personaAlerts('', '');

/**
 * Turns notifications into questions.
 * - `cluster.added`: lists are asked again, and the one cluster where a view waits for it
 * - `cluster.updated`: lists and the one cluster are asked again
 * - `cluster.deleted`: lists are asked again, the one cluster is forgotten
 * - `away.changed`: what happened to the one cluster while nobody could watch is asked again
 * - `component.changed`: the health of its nodes and add-ons is asked again
 * - `alert.raised`, `alert.resolved`: the alerts of its source and of its persona are asked again; of all personas of the
 *   source where it is about the source
 * - `connection.state`: the list of sources and the one source are asked again, its alerts (they may be unwatched now), and
 *   whatever of that source failed
 * - missed notifications: everything is
 *
 * One frame of events is one pass, however many of them name the same key. Only what a mounted component shows is asked
 * at once, the rest when it is next shown. While an answer is on its way nothing is asked twice; but since that answer
 * may be older than the notification, it is asked once more when it has come. So a flood of notifications costs one
 * question per answer, and the last answer is never older than the last notification.
 */
export class Invalidator implements Disposable {
  readonly #queryClient: QueryClient;
  readonly #tombstones: Tombstones;
  /** Queries being asked on our behalf; `true` when news came meanwhile. */
  readonly #asking = new Map<Query, boolean>();
  #isDisposed = false;

  constructor(queryClient: QueryClient, tombstones: Tombstones) {
    this.#queryClient = queryClient;
    this.#tombstones = tombstones;
  }

  /** One frame of events, in order. */
  apply(events: readonly HubEvent[]): void {
    const stale = new Map<string, QueryKey>();
    const tombstones = new Set(this.#tombstones.getState());
    const invalidate = (key: QueryKey): void => void stale.set(JSON.stringify(key), key);
    const removed = new Map<string, QueryKey>();
    const changedSources = new Set<string>();
    const alertedSources = new Set<string>();
    for (const event of events) {
      switch (event.type) {
        case 'cluster.added':
        case 'cluster.updated': {
          const { source, name } = event.data;
          tombstones.delete(tombstoneKey(source, name));
          invalidate(queryKeys.clusters());
          invalidate(queryKeys.cluster(source, name));
          break;
        }
        case 'cluster.deleted': {
          const { source, name } = event.data;
          tombstones.add(tombstoneKey(source, name));
          invalidate(queryKeys.clusters());
          const key = queryKeys.cluster(source, name);
          removed.set(JSON.stringify(key), key);
          break;
        }
        case 'away.changed':
          invalidate(queryKeys.awayChange(event.data.source, event.data.name));
          break;
        case 'component.changed':
          invalidate(queryKeys.components(event.data.source, event.data.name));
          break;
        case 'alert.raised':
        case 'alert.resolved':
          invalidate(queryKeys.alerts(event.data.source));
          if (event.data.name === undefined) {
            alertedSources.add(event.data.source);
          } else {
            invalidate(queryKeys.personaAlerts(event.data.source, event.data.name));
          }
          break;
        case 'connection.state':
          invalidate(queryKeys.sources());
          invalidate(queryKeys.source(event.data.source));
          invalidate(queryKeys.alerts(event.data.source));
          alertedSources.add(event.data.source);
          changedSources.add(event.data.source);
          break;
        case 'command.progress':
        case 'log.appended':
        case 'metric.appended':
          break;
        default:
          event satisfies never;
      }
    }
    notifyManager.batch(() => {
      this.#setTombstones(tombstones);
      for (const key of removed.values()) {
        this.#queryClient.removeQueries({ queryKey: key });
      }
      for (const key of stale.values()) {
        this.#invalidate({ queryKey: key });
      }
      // Every key that belongs to a source ends with it.
      this.#invalidate({
        predicate: ({ queryKey, state }) =>
          (state.status === 'error' && changedSources.has(String(queryKey.at(-1)))) ||
          (queryKey[0] === PERSONA_ALERTS && alertedSources.has(String(queryKey.at(-1)))),
      });
    });
  }

  /** For when notifications were missed: nothing held is known to be true, nor is it known what was deleted. */
  invalidateEverything(): void {
    notifyManager.batch(() => {
      this.#setTombstones(new Set());
      this.#invalidate({});
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#asking.clear();
  }

  #setTombstones(next: ReadonlySet<string>): void {
    const current = this.#tombstones.getState();
    if (next.size !== current.size || [...next].some((key) => !current.has(key))) {
      this.#tombstones.setState(next, true);
    }
  }

  #invalidate(filters: QueryFilters): void {
    for (const query of this.#queryClient.getQueryCache().findAll(filters)) {
      query.invalidate();
      if (query.isActive()) {
        this.#ask(query);
      }
    }
  }

  #ask(query: Query): void {
    if (this.#asking.has(query)) {
      this.#asking.set(query, true);
      return;
    }
    // An answer that somebody else waits for may be older than the news.
    this.#asking.set(query, query.state.fetchStatus === 'fetching');
    const settled = (): void => {
      const hasNews = this.#asking.get(query) === true;
      this.#asking.delete(query);
      if (hasNews && !this.#isDisposed) {
        query.invalidate();
        if (query.isActive()) {
          this.#ask(query);
        }
      }
    };
    this.#queryClient
      .refetchQueries({ queryKey: query.queryKey, exact: true, type: 'active' }, { cancelRefetch: false })
      .then(settled, settled);
  }
}
