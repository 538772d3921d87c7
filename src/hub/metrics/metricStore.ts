import type { MetricKey, MetricPoint } from '../../protocol/metric';
import type { MetricSettings } from '../hubSettings';
import { layoutOf, MetricSeries, type MetricLayout } from './metricSeries';
import { RecencyList, type RecencyEntry } from './recencyList';

/** What a series takes beside its points and a node's name: itself, its rings, and its place in maps. Measured. */
const SERIES_BYTES = 420;
const BYTES_PER_CHAR = 2;

/** A clock that was set back by more leaves points that claim to be of the future. */
const CLOCK_TOLERANCE_MS = 60_000;

/** What of a series is held: measurements `first` to `next - 1`. */
export interface MetricRange {
  readonly first: number;
  readonly next: number;
}

export interface MetricRead extends MetricRange {
  readonly points: MetricPoint[];
}

/** Which of a persona's series. */
export type SeriesKey = Pick<MetricKey, 'metric' | 'node'>;

interface HeldSeries extends RecencyEntry<HeldSeries> {
  readonly series: MetricSeries;
  readonly persona: PersonaSeries;
  readonly id: string;
  readonly node: string | undefined;
  /** As it was counted last. */
  bytes: number;
}

/** By metric and node. */
type PersonaSeries = Map<string, HeldSeries>;

/**
 * The measured figures of all personas of all sources, within one budget of bytes. Where that is exceeded whole series give
 * way, first those that were written or read the longest ago. Numbers are never used twice, whatever ended meanwhile: by
 * `first` a reader sees what can't be had any more.
 *
 * New settings hold at once: the budget for everything, times and counts as soon as a series is written or read. Each call
 * costs in proportion to what it writes or reads.
 */
export class MetricStore {
  readonly #sources = new Map<string, Map<string, PersonaSeries>>();
  readonly #recency = new RecencyList<HeldSeries>();
  #settings: MetricSettings;
  #layout: MetricLayout;
  #bytes = 0;
  /** Where new series begin: beyond all that ended. */
  #floor = 0;

  constructor(settings: MetricSettings) {
    this.#settings = settings;
    this.#layout = layoutOf(settings.keptMs, settings.keptPoints);
  }

  /** An estimate of the memory that it takes; never above the budget. */
  get bytes(): number {
    return this.#bytes;
  }

  get seriesCount(): number {
    return this.#recency.count;
  }

  apply(settings: MetricSettings): void {
    const { keptMs, keptPoints } = this.#settings;
    if (settings.keptMs !== keptMs || settings.keptPoints !== keptPoints) {
      this.#layout = layoutOf(settings.keptMs, settings.keptPoints);
    }
    this.#settings = settings;
    this.#keepBudget();
  }

  /**
   * Adds a measurement of the time `at`, and tells what of its series is held then; `undefined` where it is no news: not
   * later than the latest one, or older than what is kept.
   */
  append(
    source: string,
    name: string,
    key: SeriesKey,
    at: number,
    value: number,
    nowMs: number,
  ): MetricRange | undefined {
    if (at < nowMs - this.#layout.keptMs) {
      return undefined;
    }
    const held = this.#find(source, name, key) ?? this.#begin(source, name, key);
    const { series } = held;
    if ((series.lastAt ?? at) > nowMs + CLOCK_TOLERANCE_MS) {
      series.clear();
    }
    if (series.lastAt !== undefined && at <= series.lastAt) {
      return undefined;
    }
    this.#refresh(held, nowMs);
    series.append(at, value);
    this.#count(held);
    return { first: series.first, next: series.next };
  }

  /** The points of a series from number `from` on, the latest `limit` of them. */
  read(key: MetricKey, from: number, limit: number, nowMs: number): MetricRead {
    const held = this.#find(key.source, key.name, key);
    if (held === undefined) {
      return { points: [], first: this.#floor, next: this.#floor };
    }
    this.#refresh(held, nowMs);
    this.#count(held);
    const { series } = held;
    return { points: series.read(from, limit), first: series.first, next: series.next };
  }

  /** Ends the series of a persona's nodes other than `nodes`. */
  keepNodes(source: string, name: string, nodes: () => ReadonlySet<string>): void {
    const persona = this.#sources.get(source)?.get(name);
    if (persona === undefined) {
      return;
    }
    let kept: ReadonlySet<string> | undefined;
    for (const held of persona.values()) {
      if (held.node !== undefined) {
        kept ??= nodes();
        if (!kept.has(held.node)) {
          this.#end(held);
        }
      }
    }
  }

  /** Ends all series of a persona. */
  endPersona(source: string, name: string): void {
    const personas = this.#sources.get(source);
    const persona = personas?.get(name);
    if (personas === undefined || persona === undefined) {
      return;
    }
    for (const held of persona.values()) {
      this.#end(held);
    }
    personas.delete(name);
    if (personas.size === 0) {
      this.#sources.delete(source);
    }
  }

  /** Ends all series of a source. */
  endSource(source: string): void {
    for (const name of this.#sources.get(source)?.keys() ?? []) {
      this.endPersona(source, name);
    }
  }

  #find(source: string, name: string, key: SeriesKey): HeldSeries | undefined {
    return this.#sources.get(source)?.get(name)?.get(idOf(key));
  }

  #begin(source: string, name: string, key: SeriesKey): HeldSeries {
    const personas = entryOf(this.#sources, source, () => new Map<string, PersonaSeries>());
    const persona = entryOf(personas, name, (): PersonaSeries => new Map());
    const id = idOf(key);
    const held: HeldSeries = {
      series: new MetricSeries(this.#layout, this.#floor),
      persona,
      id,
      node: key.node,
      bytes: 0,
      older: undefined,
      newer: undefined,
    };
    persona.set(id, held);
    this.#recency.add(held);
    return held;
  }

  /** It is used: it holds what it should by now, and gives way last. */
  #refresh(held: HeldSeries, nowMs: number): void {
    held.series.arrange(this.#layout);
    held.series.expire(nowMs - this.#layout.keptMs);
    this.#recency.use(held);
  }

  #count(held: HeldSeries): void {
    const bytes = SERIES_BYTES + held.id.length * BYTES_PER_CHAR + held.series.bytes;
    this.#bytes += bytes - held.bytes;
    held.bytes = bytes;
    this.#keepBudget();
  }

  #keepBudget(): void {
    for (
      let { oldest } = this.#recency;
      oldest !== undefined && this.#bytes > this.#settings.budgetBytes;
      { oldest } = this.#recency
    ) {
      this.#end(oldest);
    }
  }

  #end(held: HeldSeries): void {
    held.series.clear();
    this.#floor = Math.max(this.#floor, held.series.next);
    this.#bytes -= held.bytes;
    held.bytes = 0;
    this.#recency.remove(held);
    held.persona.delete(held.id);
  }
}

/** No metric has a slash in its name. */
function idOf({ metric, node }: SeriesKey): string {
  return node === undefined ? metric : `${metric}/${node}`;
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let entry = map.get(key);
  if (entry === undefined) {
    entry = make();
    map.set(key, entry);
  }
  return entry;
}
