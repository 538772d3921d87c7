import type { MetricKey, MetricPoint } from '../../src/protocol/metric';
import type { Problem } from '../../src/protocol/problem';
import type { RequestResult } from '../../src/protocol/requests';
import type { RealtimeLimits } from '../../src/protocol/realtimeLimits';
import type { HubClient } from '../../src/client/hubClient';
import { problemOf } from './problemOf';

/** As many as one `metrics.read` may ask for. */
const MAX_READ_POINTS = 5_000;

/** What is known of one series, as one immutable value. */
export interface SeriesSnapshot {
  /** In order of `seq`, which skips where measurements were merged, too. Empty where nobody reports it. */
  readonly points: readonly MetricPoint[];
  /** Measurements were given up before they could be read: between the points below and those from each of these numbers on. */
  readonly losses: readonly number[];
  /** Whether there was an answer. */
  readonly isRead: boolean;
  /** Why there is no newer answer, when the last question failed. */
  readonly problem: Problem | undefined;
}

export interface SeriesOptions {
  readonly client: Pick<HubClient, 'request'>;
  readonly key: MetricKey;
  readonly limits: () => RealtimeLimits;
  /** Wall milliseconds. */
  readonly now: () => number;
}

/**
 * The points of one series: read once, and from then on only those that are new, whenever it is woken. Holds as many and for
 * as long as the limits allow. Shaped for `useSyncExternalStore`.
 */
export class MetricSeries {
  readonly key: MetricKey;
  readonly #options: SeriesOptions;
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  #snapshot: SeriesSnapshot = { points: [], losses: [], isRead: false, problem: undefined };
  /** What is to be read next; `undefined` to read anew and forget what is held. */
  #next: number | undefined;
  #isReading = false;
  #hasNews = false;

  constructor(options: SeriesOptions) {
    this.key = options.key;
    this.#options = options;
  }

  readonly snapshot = (): SeriesSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** There are points that were not read yet, or may be. */
  wake(): void {
    this.#hasNews = true;
    if (!this.#isReading) {
      void this.#read();
    }
  }

  /** It is not known any more whether what is held goes on at the host: all of it is read again, and then replaces it. */
  restart(): void {
    this.#next = undefined;
    this.wake();
  }

  /** The limits may be others now. */
  trim(): void {
    const points = this.#withinLimits(this.#snapshot.points);
    if (points !== this.#snapshot.points) {
      this.#update({ points, losses: lossesAmong(points, this.#snapshot.losses) });
    }
  }

  /** Ends it; a question under way is withdrawn. */
  dispose(): void {
    this.#abort.abort();
    this.#listeners.clear();
  }

  /** Reads until there is no more news. There is one such loop at a time, so answers apply in order. */
  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#hasNews && !this.#abort.signal.aborted) {
      this.#hasNews = false;
      await this.#readOnce();
    }
    this.#isReading = false;
  }

  async #readOnce(): Promise<void> {
    const from = this.#next;
    const limit = Math.min(this.#options.limits().metricPoints, MAX_READ_POINTS);
    try {
      const answer = await this.#options.client.request(
        'metrics.read',
        { ...this.key, from: from ?? 0, limit },
        this.#abort.signal,
      );
      if (!this.#abort.signal.aborted) {
        this.#apply(answer, from);
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        this.#update({ problem: problemOf(error) });
      }
    }
  }

  #apply({ points, first, next }: RequestResult<'metrics.read'>, from: number | undefined): void {
    if (this.#next !== from) {
      // Told to begin anew meanwhile: what was asked for before is of no use.
      return;
    }
    if (from !== undefined && next < from) {
      this.restart();
      return;
    }
    this.#next = next;
    const held = from === undefined ? [] : this.#snapshot.points;
    const fresh = points.filter(({ seq }) => seq >= (from ?? 0));
    const kept = this.#withinLimits(fresh.length === 0 ? held : [...held, ...fresh]);
    const lost = from === undefined ? [] : [...this.#snapshot.losses, ...(first > from ? [first] : [])];
    this.#update({
      points: kept,
      losses: lossesAmong(kept, lost),
      isRead: true,
      problem: undefined,
    });
  }

  #withinLimits(points: readonly MetricPoint[]): readonly MetricPoint[] {
    const { metricPoints, metricMs } = this.#options.limits();
    const oldest = this.#options.now() - metricMs;
    if (points.length <= metricPoints && points.every(({ at }) => at >= oldest)) {
      return points;
    }
    return points.slice(-metricPoints).filter(({ at }) => at >= oldest);
  }

  #update(change: Partial<SeriesSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** Those before which there is a point; of several after the last point one is as good as all. */
function lossesAmong(points: readonly MetricPoint[], losses: readonly number[]): readonly number[] {
  const first = points[0]?.seq ?? Number.POSITIVE_INFINITY;
  const last = points.at(-1)?.seq ?? Number.NEGATIVE_INFINITY;
  return losses.filter((seq, index) => seq > first && (seq <= last || index === losses.length - 1));
}
