import type { Clock } from '../../base/clock';
import type { KubeObject } from '../../base/kubeObject';
import { seededRandom, type Random } from '../../base/random';
import { EVENTS } from '../apiServer/apiResource';
import { hexDigits, seedOf, uuid } from '../chance';
import type { FleetWriter } from './fleetWriter';
import { instant } from '../instant';

/** kube-apiserver's `--event-ttl`. */
const KEPT_MS = 60 * 60_000;

/** Of all events together; the oldest make room. */
const MAX_EVENTS = 200;

/** As client-go's recorder guards an API server against a flood: so many at once, then so many a second. */
const BURST = 25;
const REFILL_PER_SECOND = 2;

/** Where events of objects live that are in no namespace. */
const CLUSTER_SCOPED_NAMESPACE = 'default';

export interface EventInput {
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who tells it. */
  readonly component: string;
  /** The node it is told from. */
  readonly host?: string;
}

interface RecordedEvent {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  lastMs: number;
}

export interface EventRecorderOptions {
  readonly writer: FleetWriter;
  readonly clock: Clock;
  readonly seed: number;
}

/**
 * Tells what happened as Events of the core group. The same thing told again is counted up; events older than an hour and
 * the oldest beyond 200 are deleted with the next that is told. In a flood some are never told.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #random: Random;
  /** By what they say; the one that was told longest ago first. */
  readonly #recorded = new Map<string, RecordedEvent>();
  #tokens = BURST;
  #refilledMs: number;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#random = seededRandom(seedOf(`${options.seed}/events`));
    this.#refilledMs = options.clock.monotonic();
  }

  record(input: EventInput): void {
    const { clock } = this.#options;
    this.#expire(clock.now());
    if (this.#takeToken()) {
      this.#tell(input, clock.now(), clock.now(), 1);
    }
  }

  /** For what happened before the demo began. `agoMs`: when it happened first and last. */
  recordPast(input: EventInput, agoMs: { readonly first: number; readonly last: number }, count = 1): void {
    const nowMs = this.#options.clock.now();
    this.#tell(input, nowMs - agoMs.first, nowMs - agoMs.last, count);
  }

  #tell(input: EventInput, firstMs: number, lastMs: number, count: number): void {
    const { writer } = this.#options;
    const { about, type, reason, message, component } = input;
    const key = [about.metadata.uid, type, reason, message, component].join('/');
    const known = this.#recorded.get(key);
    this.#recorded.delete(key);
    const stored = known === undefined ? undefined : writer.get(EVENTS, known.namespace, known.name);
    if (known !== undefined && stored !== undefined) {
      known.lastMs = lastMs;
      this.#recorded.set(key, known);
      const before = Number(stored['count']);
      writer.replace(EVENTS, { ...stored, count: before + count, lastTimestamp: instant(lastMs) }, component);
      return;
    }
    const event = this.#eventObject(input, firstMs, lastMs, count);
    const { namespace = CLUSTER_SCOPED_NAMESPACE, name } = event.metadata;
    this.#recorded.set(key, { key, namespace, name, lastMs });
    writer.create(EVENTS, event, component);
  }

  #eventObject(input: EventInput, firstMs: number, lastMs: number, count: number): KubeObject {
    const { about, type, reason, message, component, host } = input;
    const { name, namespace, uid } = about.metadata;
    return {
      apiVersion: 'v1',
      kind: EVENTS.kind,
      metadata: {
        name: `${name}.${hexDigits(this.#random, 16)}`,
        namespace: namespace ?? CLUSTER_SCOPED_NAMESPACE,
        uid: uuid(this.#random),
        creationTimestamp: instant(firstMs),
      },
      involvedObject: {
        kind: about.kind,
        ...(namespace !== undefined && { namespace }),
        name,
        uid,
        apiVersion: about.apiVersion,
      },
      reason,
      message,
      source: { component, ...(host !== undefined && { host }) },
      firstTimestamp: instant(firstMs),
      lastTimestamp: instant(lastMs),
      count,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
  }

  #expire(nowMs: number): void {
    for (const event of this.#recorded.values()) {
      if (event.lastMs > nowMs - KEPT_MS && this.#recorded.size < MAX_EVENTS) {
        return;
      }
      this.#recorded.delete(event.key);
      this.#options.writer.delete(EVENTS, event.namespace, event.name);
    }
  }

  #takeToken(): boolean {
    const nowMs = this.#options.clock.monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + ((nowMs - this.#refilledMs) * REFILL_PER_SECOND) / 1000);
    this.#refilledMs = nowMs;
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
