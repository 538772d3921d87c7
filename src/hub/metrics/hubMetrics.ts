import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import type { Random } from '../../base/random';
import { TimeSlice } from '../../informer/timeSlice';
import type { NodeMetrics } from '../../kube/nodeMetrics';
import type { Metric, MetricKey } from '../../protocol/metric';
import type { RequestParams, RequestResult } from '../../protocol/requests';
import type { HubSettings, SettingsSource } from '../hubSettings';
import type { PersonaObserver } from '../personaObserver';
import type { PersonaChange, Source } from '../source';
import { measuredAt } from './measuredAt';
import { MetricStore, type MetricRange, type SeriesKey } from './metricStore';
import { NodeMetricsSampler } from './nodeMetricsSampler';
import { usageOfPersonas, type Usage } from './nodeUsage';
import { reportedFigures } from './reportedFigures';

export interface HubMetricsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly settings: SettingsSource<HubSettings>;
  readonly source: (id: string) => Source | undefined;
  /** Whether somebody listens to the metrics of a source: else nothing is told of them. */
  readonly isWanted: (source: string) => boolean;
  readonly onAppended: (key: MetricKey, range: MetricRange) => void;
}

/** Servers measure every 15 s, or every minute; after two without a new figure they do not measure. */
const MEASURED_FOR_MS = 2 * 60_000;

/** What is remembered of a persona. */
interface Measured {
  /** `lastDiscovery` as it was written. */
  discovery: string | undefined;
  /** Wall milliseconds until which a figure is taken to be measured; absent where none ever was. */
  measuredUntil: Map<Metric, number> | undefined;
}

/**
 * The figures of all clusters over time: what operators report with each discovery, and, while somebody looks, what
 * `metrics.k8s.io` measures. A series holds figures of one origin at a time: as long as a figure can be
 * had from all nodes of a persona, what its operator reports of it is left out, since two ways of measuring in one line would look like
 * a change of the load.
 */
export class HubMetrics implements PersonaObserver, Disposable {
  readonly #options: HubMetricsOptions;
  readonly #store: MetricStore;
  readonly #sampler: NodeMetricsSampler;
  readonly #personas = new Map<string, Map<string, Measured>>();
  readonly #owned = new DisposableStore();

  constructor(options: HubMetricsOptions) {
    this.#options = options;
    const { clock, random, logger, settings, source } = options;
    this.#store = new MetricStore(settings.current.metrics);
    this.#sampler = this.#owned.add(
      new NodeMetricsSampler({
        clock,
        random,
        logger,
        source,
        sampleMs: () => settings.current.metrics.sampleMs,
        onMeasured: (source, nodes, signal) => this.#measured(source, nodes, signal),
      }),
    );
    let { sampleMs } = settings.current.metrics;
    this.#owned.add(
      settings.onChanged(({ metrics }) => {
        this.#store.apply(metrics);
        if (metrics.sampleMs !== sampleMs) {
          sampleMs = metrics.sampleMs;
          this.#sampler.intervalChanged();
        }
      }),
    );
  }

  /** Somebody looks at the figures of a source: its nodes are measured until the result is disposed. */
  look(source: string): Disposable {
    return this.#sampler.look(source);
  }

  /** What is held of one series; nothing of one that nobody reports. */
  read({ from, limit, ...key }: RequestParams<'metrics.read'>): RequestResult<'metrics.read'> {
    return this.#store.read(key, from, limit, this.#options.clock.now());
  }

  personaChanged(source: Source, { type, name }: PersonaChange): void {
    if (type === 'deleted' || type === 'forgotten') {
      this.#store.endPersona(source.id, name);
      const personas = this.#personas.get(source.id);
      personas?.delete(name);
      if (personas?.size === 0) {
        this.#personas.delete(source.id);
      }
      return;
    }
    const persona = source.persona(name);
    if (persona === undefined) {
      return;
    }
    const discovery = persona.status?.lastDiscovery;
    const known = this.#personas.get(source.id)?.get(name);
    if (known !== undefined && discovery !== undefined && discovery === known.discovery) {
      return;
    }
    const { measuredUntil } = this.#remember(source.id, name, discovery);
    const nowMs = this.#options.clock.now();
    const at = measuredAt(discovery, nowMs);
    for (const [metric, value] of reportedFigures(persona)) {
      if (nowMs >= (measuredUntil?.get(metric) ?? -Infinity)) {
        this.#append(source.id, name, { metric }, at, value);
      }
    }
    const { nodes = [] } = persona.status ?? {};
    this.#store.keepNodes(source.id, name, () => new Set(nodes.map((node) => node.name)));
  }

  stateChanged(source: Source): void {
    this.#sampler.sourceChanged(source);
  }

  sourceRemoved(source: Source): void {
    this.#store.endSource(source.id);
    this.#personas.delete(source.id);
    this.#sampler.sourceRemoved(source.id);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #remember(source: string, name: string, discovery: string | undefined): Measured {
    let personas = this.#personas.get(source);
    if (personas === undefined) {
      personas = new Map();
      this.#personas.set(source, personas);
    }
    let persona = personas.get(name);
    if (persona === undefined) {
      persona = { discovery, measuredUntil: undefined };
      personas.set(name, persona);
    }
    persona.discovery = discovery;
    return persona;
  }

  /** A large cluster has thousands of nodes: they are taken in by slices. */
  async #measured(source: Source, measured: readonly NodeMetrics[], signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#options;
    const nowMs = clock.now();
    const slice = new TimeSlice(clock);
    // The answer was read just now, and that of the largest clusters took its time.
    await slice.yield(signal);
    for (const { name, nodes, whole } of await usageOfPersonas(source.personas(), measured, {
      nowMs,
      slice,
      signal,
    })) {
      const persona = this.#personas.get(source.id)?.get(name);
      if (whole !== undefined && persona !== undefined) {
        this.#appendUsage(source.id, name, undefined, whole);
        const until = whole.at + Math.max(MEASURED_FOR_MS, 2 * settings.current.metrics.sampleMs);
        persona.measuredUntil = new Map([...whole.figures.keys()].map((metric) => [metric, until]));
      }
      for (const [node, usage] of nodes) {
        // It may have gone while others had their turn.
        if (this.#personas.get(source.id)?.has(name) === true) {
          this.#appendUsage(source.id, name, node, usage);
        }
        if (slice.isSpent) {
          await slice.yield(signal);
        }
      }
    }
  }

  #appendUsage(source: string, name: string, node: string | undefined, { at, figures }: Usage): void {
    for (const [metric, value] of figures) {
      this.#append(source, name, node === undefined ? { metric } : { metric, node }, at, value);
    }
  }

  #append(source: string, name: string, key: SeriesKey, at: number, value: number): void {
    const { clock, isWanted, onAppended } = this.#options;
    const range = this.#store.append(source, name, key, at, value, clock.now());
    if (range !== undefined && isWanted(source)) {
      onAppended({ source, name, ...key }, range);
    }
  }
}
