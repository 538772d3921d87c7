import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Disposable } from '../base/disposable';
import type { Hub } from '../hub/hub';
import type { CompatFace } from './compatFace';
import type { ConnectionLimits } from './connectionLimits';
import type { OwnFace } from './ownFace';
import type { RequestRates } from './requestRates';
import type { SseClients } from './sseClients';

export interface ServerMetricsOptions {
  readonly hub: Hub;
  readonly own: OwnFace;
  readonly compat: CompatFace;
  readonly streams: SseClients;
  readonly limits: ConnectionLimits;
  readonly rates: RequestRates;
  /** How often clusters were asked who somebody is, and what they may; absent where nobody asks. */
  readonly reviews: (() => { readonly token: number; readonly access: number }) | undefined;
}

/** The figures of the server for Prometheus. No name of a cluster, persona or client is in them. */
export class ServerMetrics implements Disposable {
  readonly registry = new Registry();
  readonly #events: Disposable;

  constructor({ hub, own, compat, streams, limits, rates, reviews }: ServerMetricsOptions) {
    const { registry } = this;
    const registers = [registry];
    collectDefaultMetrics({ register: registry });
    const gauge = (name: string, help: string, read: () => number): void => {
      const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) });
    };
    const clients: Gauge<'face'> = new Gauge({
      name: 'clusterpersona_hub_clients',
      help: 'WebSockets and streams that are open, by the face they speak to.',
      labelNames: ['face'],
      registers,
      collect: () => {
        clients.set({ face: 'own' }, own.clientCount);
        clients.set({ face: 'compat' }, compat.clientCount);
        clients.set({ face: 'stream' }, streams.count);
      },
    });
    const sources: Gauge<'state'> = new Gauge({
      name: 'clusterpersona_hub_sources',
      help: 'Clusters, by their state.',
      labelNames: ['state'],
      registers,
      collect: () => {
        sources.reset();
        for (const { state } of hub.statuses()) {
          sources.inc({ state: state.type });
        }
      },
    });
    gauge('clusterpersona_hub_connections', 'TCP connections that are open.', () => limits.total);
    gauge('clusterpersona_hub_sessions', 'Clients of the own face that were let in.', () => own.sessionCount);
    gauge('clusterpersona_hub_personas', 'ClusterPersonas held.', () =>
      hub.statuses().reduce((sum, { count }) => sum + count, 0),
    );
    const sumOfFlows = (read: (flow: { queued: number; dropped: number }) => number): number =>
      hub.flows.figures().reduce((sum, flow) => sum + read(flow), 0);
    gauge(
      'clusterpersona_hub_queued_events',
      'Events that wait for clients, of all faces.',
      () => sumOfFlows(({ queued }) => queued) + compat.lateCount,
    );
    gauge(
      'clusterpersona_hub_dropped_events',
      'Messages of streams that were dropped for the clients that are connected now.',
      () => sumOfFlows(({ dropped }) => dropped),
    );
    gauge(
      'clusterpersona_hub_buffered_bytes',
      'Bytes that wait in connections of the own face, and in streams.',
      () => own.bufferedBytes + streams.bufferedBytes,
    );
    const refused: Counter = new Counter({
      name: 'clusterpersona_hub_refused_requests_total',
      help: 'HTTP requests that were more than one peer may send.',
      registers,
      collect: () => {
        refused.reset();
        refused.inc(rates.refused);
      },
    });
    if (reviews !== undefined) {
      const asked: Counter<'kind'> = new Counter({
        name: 'clusterpersona_hub_reviews_total',
        help: 'Questions put to API servers: who somebody is (token), and what they may (access).',
        labelNames: ['kind'],
        registers,
        collect: () => {
          const { token, access } = reviews();
          asked.reset();
          asked.inc({ kind: 'token' }, token);
          asked.inc({ kind: 'access' }, access);
        },
      });
    }
    const events = new Counter({
      name: 'clusterpersona_hub_events_total',
      help: 'Events that the hub told, by type.',
      labelNames: ['type'],
      registers,
    });
    this.#events = hub.onEvent(({ type }) => events.inc({ type }));
  }

  dispose(): void {
    this.#events.dispose();
    this.registry.clear();
  }
}
