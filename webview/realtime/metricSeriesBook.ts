import type { Clock } from '../../src/base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../../src/base/disposable';
import type { HubEvent } from '../../src/protocol/hubEvent';
import type { MetricKey } from '../../src/protocol/metric';
import { metricTopic } from '../../src/protocol/topics';
import type { HubClient } from '../../src/client/hubClient';
import { MetricSeries, type SeriesSnapshot } from './metricSeries';
import type { RealtimeStore } from './realtimeStore';

interface Shared {
  users: number;
  readonly series: MetricSeries;
  readonly subscription: Disposable;
}

type BookClient = Pick<HubClient, 'request' | 'limits' | 'onEvents' | 'onRecovered' | 'onLimits'>;

/** The series that somebody looks at, each read once however many do; what nobody looks at any more is forgotten. */
export class MetricSeriesBook implements Disposable {
  readonly #client: BookClient;
  readonly #realtime: Pick<RealtimeStore, 'subscribe'>;
  readonly #clock: Clock;
  readonly #owned = new DisposableStore();
  readonly #shared = new Map<string, Shared>();

  constructor(client: BookClient, realtime: Pick<RealtimeStore, 'subscribe'>, clock: Clock) {
    this.#client = client;
    this.#realtime = realtime;
    this.#clock = clock;
    this.#owned.add(client.onEvents((events) => this.#apply(events)));
    this.#owned.add(client.onRecovered(() => this.#each((series) => series.restart())));
    this.#owned.add(client.onLimits(() => this.#each((series) => series.trim())));
  }

  /** Follows a series until the result is disposed. */
  acquire(key: MetricKey): { readonly series: MetricSeries } & Disposable {
    const topic = metricTopic(key);
    const shared = this.#shared.get(topic) ?? this.#follow(topic, key);
    shared.users += 1;
    const release = toDisposable(() => {
      shared.users -= 1;
      if (shared.users === 0) {
        // Whoever looks at it in another way from now on lets go of it first: it is not read anew for that.
        queueMicrotask(() => this.#forget(topic, shared));
      }
    });
    return { series: shared.series, dispose: () => release.dispose() };
  }

  /** What is known of a series that somebody follows. */
  held(key: MetricKey): SeriesSnapshot | undefined {
    return this.#shared.get(metricTopic(key))?.series.snapshot();
  }

  dispose(): void {
    this.#owned.dispose();
    this.#each((series) => series.dispose());
  }

  #forget(topic: string, shared: Shared): void {
    if (shared.users === 0 && this.#shared.get(topic) === shared) {
      this.#shared.delete(topic);
      shared.series.dispose();
      shared.subscription.dispose();
    }
  }

  #follow(topic: string, key: MetricKey): Shared {
    const series = new MetricSeries({
      client: this.#client,
      key,
      limits: () => this.#client.limits,
      now: () => this.#clock.now(),
    });
    // Before the first question: what comes after the answer is told.
    const shared = { users: 0, series, subscription: this.#realtime.subscribe([topic]) };
    this.#shared.set(topic, shared);
    series.wake();
    return shared;
  }

  #apply(events: readonly HubEvent[]): void {
    for (const event of events) {
      if (event.type === 'metric.appended') {
        this.#shared.get(metricTopic(event.data))?.series.wake();
      } else if (event.type === 'connection.state') {
        this.#retry(event.data.source);
      }
    }
  }

  /** What could not be read may be there now. */
  #retry(source: string): void {
    this.#each((series) => {
      if (series.key.source === source && series.snapshot().problem !== undefined) {
        series.wake();
      }
    });
  }

  #each(act: (series: MetricSeries) => void): void {
    for (const { series } of this.#shared.values()) {
      act(series);
    }
  }
}
