import {
  hashKey,
  notifyManager,
  type Query,
  type QueryCacheNotifyEvent,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import { DisposableStore, toDisposable, type Disposable } from '../../src/base/disposable';
import type { HubEvent } from '../../src/protocol/hubEvent';
import { queryKeys } from '../../src/protocol/queryKeys';
import type { RequestResult } from '../../src/protocol/requests';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { mayBeOthers, tellsFigures } from './answeredAlerts';
import { MAX_TOMBSTONES, tombstoneKey, type Tombstones } from './tombstones';

const [ALERTS] = queryKeys.alerts('');
const [PERSONA_ALERTS] = queryKeys.personaAlerts('', '');
const [SOURCE] = queryKeys.source('');

/**
 * Turns notifications into questions.
 * - `cluster.added`: lists are asked again, and the one cluster, its components and its alerts where a view waits for them
 * - `cluster.updated`: lists and the one cluster are asked again, and its alerts where one of them tells a figure
 * - `cluster.deleted`: lists and its components are asked again, the one cluster is forgotten
 * - `away.changed`: what happened to the one cluster while nobody could watch is asked again
 * - `component.changed`: the health of its nodes and add-ons is asked again
 * - `alert.raised`, `alert.resolved`: the alerts of its source and of its persona are asked again; of all personas of the
 *   source where it is about the source
 * - `connection.state`: the list of sources and the one source are asked again, and whatever of that source failed; its alerts
 *   where the answer is another state, or does not fit to them. A live source tells of itself each second.
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
  /** As the answer before had it, by source; undefined where there was none. */
  readonly #states = new Map<string, SourceStatus['state']['type'] | undefined>();
  readonly #owned = new DisposableStore();

  constructor(queryClient: QueryClient, tombstones: Tombstones) {
    this.#queryClient = queryClient;
    this.#tombstones = tombstones;
    this.#owned.add(toDisposable(queryClient.getQueryCache().subscribe((event) => this.#onAnswer(event))));
  }

  /** One frame of events, in order. */
  apply(events: readonly HubEvent[]): void {
    const stale = new Map<string, QueryKey>();
    const tombstones = new Map<string, boolean>();
    const invalidate = (key: QueryKey): void => void stale.set(JSON.stringify(key), key);
    const removed = new Map<string, QueryKey>();
    const changedSources = new Set<string>();
    const alertedSources = new Set<string>();
    for (const event of events) {
      switch (event.type) {
        case 'cluster.added':
        case 'cluster.updated': {
          const { source, name } = event.data;
          tombstones.set(tombstoneKey(source, name), false);
          invalidate(queryKeys.clusters());
          invalidate(queryKeys.cluster(source, name));
          if (event.type === 'cluster.added') {
            // It may have been another one until now: nobody tells what ended with that.
            invalidate(queryKeys.components(source, name));
          }
          for (const key of [queryKeys.alerts(source), queryKeys.personaAlerts(source, name)]) {
            const held = this.#queryClient.getQueryData<RequestResult<'alerts.list'>>(key);
            if (event.type === 'cluster.added' || (held !== undefined && tellsFigures(held, name))) {
              invalidate(key);
            }
          }
          break;
        }
        case 'cluster.deleted': {
          const { source, name } = event.data;
          tombstones.set(tombstoneKey(source, name), true);
          invalidate(queryKeys.clusters());
          invalidate(queryKeys.components(source, name));
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
          if (this.#query(queryKeys.source(event.data.source))?.isActive() !== true) {
            // There will be no answer that tells whether that goes for the alerts.
            invalidate(queryKeys.alerts(event.data.source));
            alertedSources.add(event.data.source);
          }
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
        this.#queryClient.removeQueries({ queryKey: key, exact: true });
      }
      for (const key of stale.values()) {
        this.#invalidate(this.#query(key));
      }
      if (changedSources.size + alertedSources.size > 0) {
        // Every key that belongs to a source ends with it.
        this.#invalidateWhere(
          ({ queryKey, state }) =>
            (state.status === 'error' && changedSources.has(String(queryKey.at(-1)))) ||
            (queryKey[0] === PERSONA_ALERTS && alertedSources.has(String(queryKey.at(-1)))),
        );
      }
    });
  }

  /** For when notifications were missed: nothing held is known to be true, nor is it known what was deleted. */
  invalidateEverything(): void {
    notifyManager.batch(() => {
      this.#tombstones.setState(new Set(), true);
      this.#invalidateWhere(() => true);
    });
  }

  dispose(): void {
    this.#owned.dispose();
    this.#asking.clear();
    this.#states.clear();
  }

  /** What is known of a source says whether its alerts may be others. */
  #onAnswer(event: QueryCacheNotifyEvent): void {
    const { query } = event;
    if (event.type === 'removed') {
      this.#states.delete(query.queryHash);
      return;
    }
    if (
      event.type !== 'updated' ||
      query.queryKey[0] !== SOURCE ||
      (event.action.type !== 'success' && event.action.type !== 'error')
    ) {
      return;
    }
    const source = String(query.queryKey.at(-1));
    const isKnown = query.state.status === 'success';
    const status = this.#queryClient.getQueryData<SourceStatus>(queryKeys.source(source));
    const state = isKnown ? status?.state.type : undefined;
    const isAnother = this.#states.has(query.queryHash) && this.#states.get(query.queryHash) !== state;
    this.#states.set(query.queryHash, state);
    notifyManager.batch(() =>
      this.#invalidateWhere(({ queryKey }) => {
        if ((queryKey[0] !== ALERTS && queryKey[0] !== PERSONA_ALERTS) || queryKey.at(-1) !== source) {
          return false;
        }
        const held = this.#queryClient.getQueryData<RequestResult<'alerts.list'>>(queryKey);
        return isAnother || (held !== undefined && mayBeOthers(held, source, state === 'live'));
      }),
    );
  }

  #query(key: QueryKey): Query | undefined {
    return this.#queryClient.getQueryCache().get(hashKey(key));
  }

  /** `changes` says which are deleted, and which are not. The oldest go where there are too many. */
  #setTombstones(changes: ReadonlyMap<string, boolean>): void {
    const current = this.#tombstones.getState();
    if (![...changes].some(([key, isDeleted]) => isDeleted !== current.has(key))) {
      return;
    }
    const next = new Set(current);
    for (const [key, isDeleted] of changes) {
      next.delete(key);
      if (isDeleted) {
        next.add(key);
      }
    }
    for (const key of next) {
      if (next.size <= MAX_TOMBSTONES) {
        break;
      }
      next.delete(key);
    }
    this.#tombstones.setState(next, true);
  }

  #invalidateWhere(matches: (query: Query) => boolean): void {
    for (const query of this.#queryClient.getQueryCache().getAll()) {
      if (matches(query)) {
        this.#invalidate(query);
      }
    }
  }

  #invalidate(query: Query | undefined): void {
    query?.invalidate();
    if (query?.isActive() === true) {
      this.#ask(query);
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
      if (hasNews && !this.#owned.isDisposed) {
        this.#invalidate(query);
      }
    };
    this.#queryClient
      .refetchQueries({ queryKey: query.queryKey, exact: true, type: 'active' }, { cancelRefetch: false })
      .then(settled, settled);
  }
}
