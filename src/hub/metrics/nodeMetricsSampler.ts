import type { Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/disposable';
import { scopedLogger, type Logger } from '../../base/logger';
import { between, type Random } from '../../base/random';
import { timedRequest } from '../../informer/timedRequest';
import { NODE_METRICS_PATH, readNodeMetrics, type NodeMetrics } from '../../kube/nodeMetrics';
import { problemFromError } from '../../protocol/problemFromError';
import type { Source } from '../source';

export interface NodeMetricsSamplerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How often a source is asked, in milliseconds. */
  readonly sampleMs: () => number;
  readonly source: (id: string) => Source | undefined;
  /** Takes what was measured; gives up when `signal` is aborted. */
  readonly onMeasured: (source: Source, nodes: readonly NodeMetrics[], signal: AbortSignal) => Promise<void>;
}

/** Whoever begins to look sees a figure soon; several that begin at once spread over this. */
const MAX_FIRST_WAIT_MS = 1_000;
/** Where it is not served or not allowed, somebody has to change something first. */
const REFUSED_WAIT_MS = 5 * 60_000;
/** How far waits are spread round their length, so that sources do not fall into step. */
const SPREAD = 0.1;

const ANSWER_MS = 10_000;
const WHOLE_MS = 20_000;

interface Sampled {
  looks: number;
  /** Monotonic milliseconds of the last request; absent before the first. */
  askedMs: number | undefined;
  /** By how much the waits of this source differ from their length this time. */
  spread: number;
  /** In place of the usual interval. */
  pauseMs: number | undefined;
  failures: number;
  timer: Disposable | undefined;
  request: AbortController | undefined;
}

/**
 * Asks `metrics.k8s.io` of each source what its nodes use, as long as somebody looks and the source is live: one request a
 * source at a time. Where that is not served or not allowed nothing is known, and it is asked again after minutes; after any
 * other trouble the waits grow. It stops at once when nobody looks any more or the source is not live.
 */
export class NodeMetricsSampler implements Disposable {
  readonly #options: NodeMetricsSamplerOptions;
  readonly #sampled = new Map<string, Sampled>();
  #isDisposed = false;

  constructor(options: NodeMetricsSamplerOptions) {
    this.#options = options;
  }

  /** Somebody looks at the figures of a source, which need not be there yet. The result ends the looking. */
  look(id: string): Disposable {
    const sampled = this.#sampled.get(id) ?? this.#begin(id);
    sampled.looks += 1;
    this.#update(id, sampled);
    return toDisposable(() => {
      sampled.looks -= 1;
      this.#update(id, sampled);
    });
  }

  /** The state of a source is another one. */
  sourceChanged(source: Source): void {
    const sampled = this.#sampled.get(source.id);
    if (sampled === undefined) {
      return;
    }
    if (!source.isConnected) {
      // What it refused may be another thing when it is connected again.
      this.#forgive(sampled);
    }
    this.#update(source.id, sampled);
  }

  sourceRemoved(id: string): void {
    const sampled = this.#sampled.get(id);
    if (sampled !== undefined) {
      this.#forgive(sampled);
      this.#update(id, sampled);
    }
  }

  /** The interval is another one. */
  intervalChanged(): void {
    for (const [id, sampled] of this.#sampled) {
      sampled.timer?.dispose();
      sampled.timer = undefined;
      this.#update(id, sampled);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const [id, sampled] of this.#sampled) {
      this.#update(id, sampled);
    }
    this.#sampled.clear();
  }

  #begin(id: string): Sampled {
    const sampled: Sampled = {
      looks: 0,
      askedMs: undefined,
      spread: 1,
      pauseMs: undefined,
      failures: 0,
      timer: undefined,
      request: undefined,
    };
    this.#sampled.set(id, sampled);
    return sampled;
  }

  #forgive(sampled: Sampled): void {
    sampled.askedMs = undefined;
    sampled.pauseMs = undefined;
    sampled.failures = 0;
  }

  /** Waits for the next request, or stops. */
  #update(id: string, sampled: Sampled): void {
    const source = this.#options.source(id);
    if (
      this.#isDisposed ||
      sampled.looks === 0 ||
      source?.hasFetch !== true ||
      source.status().state.type !== 'live'
    ) {
      sampled.timer?.dispose();
      sampled.timer = undefined;
      sampled.request?.abort();
      sampled.request = undefined;
      // What was refused is remembered as long as the source is there.
      if (sampled.looks === 0 && source === undefined && this.#sampled.get(id) === sampled) {
        this.#sampled.delete(id);
      }
      return;
    }
    if (sampled.timer === undefined && sampled.request === undefined) {
      sampled.timer = this.#options.clock.schedule(this.#waitMs(sampled), () => {
        sampled.timer?.dispose();
        sampled.timer = undefined;
        void this.#ask(source, sampled);
      });
    }
  }

  #waitMs({ askedMs, pauseMs, spread }: Sampled): number {
    const { clock, random, sampleMs } = this.#options;
    return askedMs === undefined
      ? between(random, 0, MAX_FIRST_WAIT_MS)
      : Math.max(0, askedMs + (pauseMs ?? sampleMs()) * spread - clock.monotonic());
  }

  async #ask(source: Source, sampled: Sampled): Promise<void> {
    const { clock, random } = this.#options;
    const request = new AbortController();
    sampled.request = request;
    sampled.askedMs = clock.monotonic();
    sampled.spread = between(random, 1 - SPREAD, 1 + SPREAD);
    try {
      const pauseMs = await this.#measure(source, request.signal);
      if (!request.signal.aborted) {
        sampled.pauseMs = pauseMs;
        sampled.failures = 0;
      }
    } catch (error) {
      if (!request.signal.aborted) {
        sampled.failures += 1;
        sampled.pauseMs = Math.min(
          REFUSED_WAIT_MS,
          this.#options.sampleMs() * 2 ** Math.min(sampled.failures, 10),
        );
        const { code, detail } = problemFromError(error);
        this.#log(source, `could not be read (${code}: ${detail})`);
      }
    }
    if (sampled.request === request) {
      sampled.request = undefined;
      this.#update(source.id, sampled);
    }
  }

  /** How long to wait in place of the interval. */
  async #measure(source: Source, signal: AbortSignal): Promise<number | undefined> {
    const answer = await timedRequest(
      { fetch: source.fetch(), clock: this.#options.clock },
      NODE_METRICS_PATH,
      { signal, answerMs: ANSWER_MS, bodyIdleMs: ANSWER_MS, wholeMs: WHOLE_MS },
      readNodeMetrics,
    );
    signal.throwIfAborted();
    if (answer.type === 'measured') {
      await this.#options.onMeasured(source, answer.nodes, signal);
      return undefined;
    }
    this.#log(source, answer.type === 'notServed' ? 'are not served' : 'may not be read');
    return REFUSED_WAIT_MS;
  }

  #log(source: Source, what: string): void {
    scopedLogger(this.#options.logger, source.definition.label).debug(`The metrics of its nodes ${what}`);
  }
}
