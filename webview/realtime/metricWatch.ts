import type { Clock } from '../../src/base/clock';
import { DisposableStore, toDisposable } from '../../src/base/disposable';
import { readSeries } from '../../src/base/readSeries';
import type { MetricKey, MetricPoint } from '../../src/protocol/metric';
import type { Problem } from '../../src/protocol/problem';
import type { RealtimeLimits } from '../../src/protocol/realtimeLimits';
import { ExpiryTimer } from './expiryTimer';
import { aggregate, pointsInWindow, type MetricAggregation } from './metricAggregation';
import type { MetricSeries, SeriesSnapshot } from './metricSeries';
import type { MetricSeriesBook } from './metricSeriesBook';
import type { Visibility } from './nowTicker';

/** One series over the window that ends now. */
export interface MetricWindow {
  readonly key: MetricKey;
  /** Of the window, in order of `seq`. */
  readonly points: readonly MetricPoint[];
  /** Aggregated over the window. */
  readonly value: number | undefined;
  /** Nothing is known of the window: nobody reports it, or there was no answer yet. It is not 0. */
  readonly isUnknown: boolean;
  /**
   * There are times in between of which nothing is known: points are further apart than they usually are (see `readSeries`), or
   * measurements between them were given up before they could be read. That some were merged into one point is no gap.
   */
  readonly hasGap: boolean;
  /** Why there is no newer answer, when the last question failed. */
  readonly problem: Problem | undefined;
}

export interface MetricWatchOptions {
  readonly book: Pick<MetricSeriesBook, 'acquire' | 'held'>;
  readonly clock: Clock;
  readonly visibility: Visibility;
  readonly limits: () => RealtimeLimits;
  readonly keys: readonly MetricKey[];
  readonly aggregation: MetricAggregation;
  readonly windowMs: number;
}

/**
 * Some series over one window, which moves with the time: what leaves it is noticed within a second. Holds its series while
 * somebody listens. Shaped for `useSyncExternalStore`.
 */
export class MetricWatch {
  readonly #options: MetricWatchOptions;
  readonly #listeners = new Set<() => void>();
  #watching: Watching | undefined;
  #windows: readonly MetricWindow[];

  constructor(options: MetricWatchOptions) {
    this.#options = options;
    // What others follow is known before anybody listens here.
    const nowMs = options.clock.now();
    this.#windows = options.keys.map((key) => {
      const held = options.book.held(key);
      return held === undefined ? unknownWindow(key) : this.#windowOf(key, held, nowMs);
    });
  }

  /** In the order of the keys. */
  readonly snapshot = (): readonly MetricWindow[] => this.#windows;

  readonly subscribe = (listener: () => void): (() => void) => {
    // An object of its own: the same function may listen twice.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    this.#watching ??= this.#watch();
    return () => {
      this.#listeners.delete(entry);
      if (this.#listeners.size === 0) {
        this.#watching?.owned.dispose();
        this.#watching = undefined;
      }
    };
  };

  #watch(): Watching {
    const { book, clock, visibility, keys } = this.#options;
    const owned = new DisposableStore();
    const timer = owned.add(new ExpiryTimer(clock, visibility, () => this.#update()));
    const series = keys.map((key) => owned.add(book.acquire(key)).series);
    for (const each of series) {
      owned.add(toDisposable(each.subscribe(() => this.#update())));
    }
    const watching = { owned, timer, series };
    this.#watching = watching;
    this.#update();
    return watching;
  }

  get #windowMs(): number {
    return Math.min(this.#options.windowMs, this.#options.limits().metricMs);
  }

  /** `before` where it is still the same. */
  #windowOf(
    key: MetricKey,
    { points: held, losses, problem }: SeriesSnapshot,
    nowMs: number,
    before?: MetricWindow,
  ): MetricWindow {
    const windowMs = this.#windowMs;
    const points = pointsInWindow(held, nowMs, windowMs);
    if (before !== undefined && before.problem === problem && isSameRun(before.points, points)) {
      return before;
    }
    const [first, last] = [points[0]?.seq ?? Number.POSITIVE_INFINITY, points.at(-1)?.seq ?? 0];
    const series = readSeries(points, { from: nowMs - windowMs, until: nowMs });
    return {
      key,
      points,
      value: aggregate(points, this.#options.aggregation),
      isUnknown: points.length === 0,
      hasGap: losses.some((seq) => seq > first && seq <= last) || (series?.runs.length ?? 0) > 1,
      problem,
    };
  }

  #update(): void {
    if (this.#watching === undefined) {
      return;
    }
    const { series, timer } = this.#watching;
    const nowMs = this.#options.clock.now();
    const windows = series.map((each, index) =>
      this.#windowOf(each.key, each.snapshot(), nowMs, this.#windows[index]),
    );
    timer.set(firstLeave(windows, this.#windowMs));
    if (windows.some((window, index) => window !== this.#windows[index])) {
      this.#windows = windows;
      for (const listener of this.#listeners) {
        listener();
      }
    }
  }
}

interface Watching {
  readonly owned: DisposableStore;
  readonly timer: ExpiryTimer;
  /** In the order of the keys. */
  readonly series: readonly MetricSeries[];
}

function unknownWindow(key: MetricKey): MetricWindow {
  return { key, points: [], value: undefined, isUnknown: true, hasGap: false, problem: undefined };
}

/** Both are runs of one series, of which points are never replaced: the ends tell. */
function isSameRun(a: readonly MetricPoint[], b: readonly MetricPoint[]): boolean {
  return a.length === b.length && a[0] === b[0] && a.at(-1) === b.at(-1);
}

/** Wall milliseconds at which the first point is out of its window. */
function firstLeave(windows: readonly MetricWindow[], windowMs: number): number | undefined {
  let first: number | undefined;
  for (const { points } of windows) {
    for (const { at } of points) {
      // Its edge is still inside.
      const leavesAt = at + windowMs + 1;
      first = first === undefined || leavesAt < first ? leavesAt : first;
    }
  }
  return first;
}
