import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock } from '../../src/base/clock';
import { DisposableStore, type Disposable } from '../../src/base/disposable';
import type { ComponentKey } from '../../src/protocol/component';
import type { HubEvent } from '../../src/protocol/hubEvent';
import type { RealtimeLimits } from '../../src/protocol/realtimeLimits';
import { logTopic, metricTopic } from '../../src/protocol/topics';
import type { FlowFigures, HubClient } from '../../src/client/hubClient';
import { batchedStore } from './batchedStore';
import { ExpiryTimer } from './expiryTimer';
import type { Visibility } from './nowTicker';
import { firstExpiry, withNews, type RecentItem } from './recentItems';
import { SharedSubscriptions } from './sharedSubscriptions';
import { firstStreamExpiry, withStreamNews, type StreamNews, type StreamStates } from './streamStates';

/** Streams are told as ranges, and are no updates of their own. */
export type RealtimeUpdate = Exclude<HubEvent, { type: 'log.appended' | 'metric.appended' }>;
type AlertNews = Extract<HubEvent, { type: 'alert.raised' | 'alert.resolved' }>;

/**
 * What is going on, as far as this view subscribed to it. Latest first; within the limits by number and age, where an event
 * that comes live has its age from when it came, since the clock of the host may be another one, and one that is replayed from
 * when it happened.
 */
export interface RealtimeState {
  readonly limits: RealtimeLimits;
  /** Of one run of a command only its last step. */
  readonly updates: readonly RecentItem<RealtimeUpdate>[];
  /** The components whose health is another one, each once. */
  readonly components: readonly RecentItem<ComponentKey>[];
  /** The alerts that began or ended, each once and as last told. */
  readonly alerts: readonly RecentItem<AlertNews>[];
  readonly logs: StreamStates;
  readonly metrics: StreamStates;
  /** `undefined` until the host tells it. */
  readonly flow: FlowFigures | undefined;
  /** Wall milliseconds at which it was last told that notifications were missed: before that, some updates are not here. */
  readonly missedAt: number | undefined;
}

type StoreClient = Pick<HubClient, 'subscribe' | 'limits' | 'onLimits' | 'onFlow' | 'onStateChange'>;

/** What one frame brings, sorted by where it goes. */
interface News {
  readonly updates: RecentItem<RealtimeUpdate>[];
  readonly components: RecentItem<ComponentKey>[];
  readonly alerts: RecentItem<AlertNews>[];
  readonly logs: StreamNews[];
  readonly metrics: StreamNews[];
}

/**
 * Holds what is live and no server data: that is in the query cache. One frame of events is one change of the state, however
 * many events it has; what is too old goes in the same pass, and otherwise by one timer, which rests while the view is hidden.
 * Whoever owns it gives it the frames, together with everything else that they change.
 */
export class RealtimeStore implements Disposable {
  /** For `useStore`: listeners are told in one turn with those of the query cache. Only this class changes the state. */
  readonly api: StoreApi<RealtimeState>;
  readonly #clock: Clock;
  readonly #owned = new DisposableStore();
  readonly #subscriptions: SharedSubscriptions;
  readonly #timer: ExpiryTimer;

  constructor(client: StoreClient, clock: Clock, visibility: Visibility) {
    this.#clock = clock;
    this.api = batchedStore(
      createStore<RealtimeState>(() => ({
        limits: client.limits,
        updates: [],
        components: [],
        alerts: [],
        logs: new Map(),
        metrics: new Map(),
        flow: undefined,
        missedAt: undefined,
      })),
    );
    this.#subscriptions = this.#owned.add(new SharedSubscriptions(client));
    this.#timer = this.#owned.add(new ExpiryTimer(clock, visibility, () => this.apply([])));
    this.#owned.add(
      client.onLimits((limits) => {
        // What was too old before stays gone, whether or not that was noticed yet.
        this.#change({}, noNews());
        this.#change({ limits }, noNews());
      }),
    );
    this.#owned.add(client.onFlow((flow) => this.#change({ flow }, noNews())));
    this.#owned.add(
      client.onStateChange(({ type }) => {
        // Another host, or the same one anew: it counts from 0 again, and its streams are others.
        if (type === 'open') {
          this.#change({ flow: undefined, logs: new Map(), metrics: new Map() }, noNews());
        }
      }),
    );
  }

  /** Has the host tell of what matches one of `patterns` until disposed, once for all who want the same. */
  subscribe(patterns: readonly string[]): Disposable {
    return this.#subscriptions.subscribe(patterns);
  }

  /** One frame of events, in order. */
  apply(events: readonly HubEvent[]): void {
    const news = noNews();
    const now = this.#clock.now();
    for (const event of events) {
      sort(event, news, now);
    }
    this.#change({}, news);
  }

  /** Notifications were missed: what is held is true, but not all there was. */
  missed(): void {
    this.#change({ missedAt: this.#clock.now() }, noNews());
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #change(change: Partial<RealtimeState>, news: News): void {
    if (this.#owned.isDisposed) {
      return;
    }
    const now = this.#clock.now();
    const before = this.api.getState();
    const state = { ...before, ...change };
    const { limits, missedAt } = state;
    const events = { count: limits.events, ageMs: limits.eventMs };
    const alerts = { count: limits.alerts, ageMs: limits.alertMs };
    const next: RealtimeState = {
      ...state,
      updates: withNews(state.updates, news.updates, events, now),
      components: withNews(state.components, news.components, events, now),
      alerts: withNews(state.alerts, news.alerts, alerts, now),
      logs: withStreamNews(state.logs, news.logs, limits.logMs, now),
      metrics: withStreamNews(state.metrics, news.metrics, limits.metricMs, now),
      missedAt: missedAt !== undefined && now - missedAt < limits.eventMs ? missedAt : undefined,
    };
    if (!isSame(before, next)) {
      this.api.setState(next, true);
    }
    this.#timer.set(nextExpiry(next));
  }
}

function noNews(): News {
  return { updates: [], components: [], alerts: [], logs: [], metrics: [] };
}

function sort(event: HubEvent, news: News, now: number): void {
  switch (event.type) {
    case 'log.appended': {
      const { source, stream, first, next } = event.data;
      news.logs.push({ topic: logTopic(source, stream), first, next });
      return;
    }
    case 'metric.appended':
      news.metrics.push({ topic: metricTopic(event.data), first: event.data.first, next: event.data.next });
      return;
    case 'component.changed': {
      const { source, name, kind, component } = event.data;
      news.components.push(item([source, name, kind, component], event, event.data, now));
      break;
    }
    case 'alert.raised':
    case 'alert.resolved':
      news.alerts.push(item([event.data.source, event.data.fingerprint], event, event, now));
      break;
    case 'command.progress':
      news.updates.push(item([event.type, event.data.id], event, event, now));
      return;
    case 'cluster.added':
    case 'cluster.updated':
    case 'cluster.deleted':
    case 'away.changed':
    case 'connection.state':
      break;
    default:
      event satisfies never;
      return;
  }
  news.updates.push(item([event.type, event.topic, event.cursor], event, event, now));
}

function item<T>(id: readonly string[], event: HubEvent, value: T, now: number): RecentItem<T> {
  const isReplayed = event.replayed === true;
  return { id: JSON.stringify(id), since: isReplayed ? Math.min(event.at, now) : now, isReplayed, value };
}

function isSame(before: RealtimeState, after: RealtimeState): boolean {
  return (
    before.limits === after.limits &&
    before.updates === after.updates &&
    before.components === after.components &&
    before.alerts === after.alerts &&
    before.logs === after.logs &&
    before.metrics === after.metrics &&
    before.flow === after.flow &&
    before.missedAt === after.missedAt
  );
}

function nextExpiry({ limits, missedAt, ...held }: RealtimeState): number | undefined {
  const expiries = [
    firstExpiry(held.updates, limits.eventMs),
    firstExpiry(held.components, limits.eventMs),
    firstExpiry(held.alerts, limits.alertMs),
    firstStreamExpiry(held.logs, limits.logMs),
    firstStreamExpiry(held.metrics, limits.metricMs),
    missedAt === undefined ? undefined : missedAt + limits.eventMs,
  ].filter((at) => at !== undefined);
  return expiries.length === 0 ? undefined : Math.min(...expiries);
}
