import type { Clock } from '../../src/base/clock';
import { DisposableStore, type Disposable } from '../../src/base/disposable';
import type { HubClient } from '../../src/client/hubClient';
import type { AlertCountsOf } from '../../src/protocol/alert';
import type { HubEvent } from '../../src/protocol/hubEvent';
import type { Problem } from '../../src/protocol/problem';
import type { SourceStatus } from '../../src/protocol/sourceState';
import type { PersonaKey, SummaryRow } from '../../src/protocol/summaryRow';
import { problemOf } from './problemOf';
import type { RealtimeStore } from './realtimeStore';

/** From one round of questions to the next: a list that moves more often cannot be read. */
export const ROUND_PAUSE_MS = 250;
/** Proof of life is told every second; a state that changed is shown within this time. */
export const SOURCES_PAUSE_MS = 2_000;
/** After a question that failed. */
export const RETRY_MS = 5_000;
/** Beyond so many all sources are asked for at once. */
const MAX_SINGLE_SOURCES = 20;

const PATTERNS = ['cluster.*.*', 'connection.*', 'alert.*.*'];

/** What a hub has, as one immutable value. */
export interface FleetSnapshot {
  /** No answer yet: that there is nothing here says nothing. */
  readonly isLoading: boolean;
  /** Why it may be out of date, when the last question failed. */
  readonly problem: Problem | undefined;
  /** By {@link fleetKey}. */
  readonly clusters: ReadonlyMap<string, SummaryRow>;
  /** By id, in the order of the hub. */
  readonly sources: ReadonlyMap<string, SourceStatus>;
  /** By {@link fleetKey}; those of a source as a whole by its id. Whoever has none is not in it. */
  readonly alerts: ReadonlyMap<string, AlertCountsOf>;
}

const NOTHING_YET: FleetSnapshot = {
  isLoading: true,
  problem: undefined,
  clusters: new Map(),
  sources: new Map(),
  alerts: new Map(),
};

/** No id of a source has a line break. */
export function fleetKey({ source, name }: PersonaKey): string {
  return `${source}\n${name}`;
}

interface News {
  clusters: boolean;
  alerts: boolean;
  sources: Set<string> | 'all';
}

type FleetClient = Pick<HubClient, 'request' | 'onEvents' | 'onRecovered' | 'onStateChange'>;

/**
 * Everything that a hub has, for a list of it: kept up to date while somebody listens, asked for only as far as it changed since,
 * also when somebody listens again. However many notifications come there is one round of questions at a time, with a pause in
 * between. Shaped for `useSyncExternalStore`.
 */
export class FleetBook implements Disposable {
  readonly #client: FleetClient;
  readonly #realtime: Pick<RealtimeStore, 'subscribe'>;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #timer = new DisposableStore();
  #following: DisposableStore | undefined;
  #snapshot = NOTHING_YET;
  #news: News = { clusters: true, alerts: true, sources: 'all' };
  #version: string | undefined;
  #isAsking = false;
  /** No round begins before, nor is a source asked for; both by the monotonic clock. */
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #sourcesAtMs = Number.NEGATIVE_INFINITY;

  constructor(client: FleetClient, realtime: Pick<RealtimeStore, 'subscribe'>, clock: Clock) {
    this.#client = client;
    this.#realtime = realtime;
    this.#clock = clock;
  }

  readonly snapshot = (): FleetSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    const entry = (): void => listener();
    this.#listeners.add(entry);
    if (this.#following === undefined) {
      this.#follow();
    }
    return () => {
      this.#listeners.delete(entry);
      if (this.#listeners.size === 0) {
        this.#rest();
      }
    };
  };

  dispose(): void {
    this.#listeners.clear();
    this.#rest();
    this.#timer.dispose();
  }

  #follow(): void {
    const owned = new DisposableStore();
    this.#following = owned;
    // Before the first question: what comes after its answer is told.
    owned.add(this.#realtime.subscribe(PATTERNS));
    owned.add(this.#client.onEvents((events) => this.#apply(events)));
    owned.add(this.#client.onRecovered(() => this.#askAll(true)));
    // Whoever was not connected missed what nobody told, such as sources that another hub does not have.
    owned.add(this.#client.onStateChange(({ type }) => type === 'open' && this.#askAll(false)));
    this.#askAll(false);
  }

  #rest(): void {
    this.#following?.dispose();
    this.#following = undefined;
    this.#timer.clear();
  }

  #apply(events: readonly HubEvent[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'cluster.added':
        case 'cluster.updated':
        case 'cluster.deleted':
          this.#news.clusters = true;
          break;
        case 'alert.raised':
        case 'alert.resolved':
          this.#news.alerts = true;
          break;
        case 'connection.state':
          if (this.#news.sources !== 'all') {
            this.#news.sources.add(event.data.source);
          }
          break;
        case 'component.changed':
        case 'away.changed':
        case 'command.progress':
        case 'log.appended':
        case 'metric.appended':
          break;
        default:
          event satisfies never;
      }
    }
    this.#wake();
  }

  /** With `anew` what is held is not known to be true either. */
  #askAll(anew: boolean): void {
    this.#news = { clusters: true, alerts: true, sources: 'all' };
    if (anew) {
      this.#version = undefined;
    }
    this.#nextAtMs = Number.NEGATIVE_INFINITY;
    this.#sourcesAtMs = Number.NEGATIVE_INFINITY;
    this.#wake();
  }

  /** The next round, once it is time and there is something to ask for. */
  #wake(): void {
    const { clusters, alerts, sources } = this.#news;
    const isNothingNew = !clusters && !alerts && sources !== 'all' && sources.size === 0;
    if (this.#isAsking || this.#following === undefined || isNothingNew) {
      return;
    }
    const atMs = clusters || alerts ? this.#nextAtMs : Math.max(this.#nextAtMs, this.#sourcesAtMs);
    this.#timer.clear();
    this.#timer.add(
      this.#clock.schedule(Math.max(0, atMs - this.#clock.monotonic()), () => void this.#ask()),
    );
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    const { clusters, alerts, sources } = this.#news;
    const areSourcesDue = this.#clock.monotonic() >= this.#sourcesAtMs;
    this.#news = { clusters: false, alerts: false, sources: areSourcesDue ? new Set() : sources };
    let pauseMs = ROUND_PAUSE_MS;
    let problem: Problem | undefined;
    try {
      await Promise.all([
        clusters && this.#askRows(),
        areSourcesDue && this.#askSources(sources),
        alerts && this.#askAlerts(),
      ]);
    } catch (error) {
      pauseMs = RETRY_MS;
      problem = problemOf(error);
      this.#news = { clusters: true, alerts: true, sources: 'all' };
    }
    this.#isAsking = false;
    this.#nextAtMs = this.#clock.monotonic() + pauseMs;
    this.#hold({ problem, isLoading: this.#snapshot.isLoading && problem !== undefined });
    for (const listener of this.#listeners) {
      listener();
    }
    this.#wake();
  }

  async #askRows(): Promise<void> {
    const since = this.#version;
    const answer = await this.#client.request('clusters.list', since === undefined ? {} : { since });
    this.#version = answer.version;
    const clusters = new Map(answer.reset ? [] : this.#snapshot.clusters);
    for (const key of answer.removed) {
      clusters.delete(fleetKey(key));
    }
    for (const row of answer.rows) {
      clusters.set(fleetKey(row), row);
    }
    this.#hold({ clusters });
  }

  async #askSources(asked: ReadonlySet<string> | 'all'): Promise<void> {
    if (asked !== 'all' && asked.size === 0) {
      return;
    }
    this.#sourcesAtMs = this.#clock.monotonic() + SOURCES_PAUSE_MS;
    const known = this.#snapshot.sources;
    // One that is not known is new, or gone.
    if (asked === 'all' || asked.size > MAX_SINGLE_SOURCES || ![...asked].every((id) => known.has(id))) {
      const { sources } = await this.#client.request('sources.list', {});
      this.#hold({ sources: new Map(sources.map((status) => [status.source, status])) });
      return;
    }
    const statuses = await Promise.all(
      [...asked].map((source) => this.#client.request('sources.get', { source })),
    );
    this.#hold({
      sources: new Map([...known, ...statuses.map((status) => [status.source, status] as const)]),
    });
  }

  async #askAlerts(): Promise<void> {
    const { counts } = await this.#client.request('alerts.counts', {});
    const alerts = counts.map((count) => {
      const { source, name } = count;
      return [name === undefined ? source : fleetKey({ source, name }), count] as const;
    });
    this.#hold({ alerts: new Map(alerts) });
  }

  /** For the end of the round, when all of it is told at once. */
  #hold(part: Partial<FleetSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part };
  }
}
