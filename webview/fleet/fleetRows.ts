import type { AlertCountsOf } from '../../src/protocol/alert';
import type { SourceStatus } from '../../src/protocol/sourceState';
import type { SummaryRow } from '../../src/protocol/summaryRow';
import type { FleetSnapshot } from '../realtime/fleetBook';

/** A line of the list: a cluster, or a source of which no cluster is known. */
export interface FleetRow {
  readonly key: string;
  readonly cluster: SummaryRow | undefined;
  readonly status: SourceStatus;
  readonly alerts: AlertCountsOf | undefined;
}

/** Its name in the list. */
export function rowName({ cluster, status }: FleetRow): string {
  return cluster?.name ?? status.label;
}

/** Makes the lines of a fleet. One that still says the same is the same object, so that it is not rendered anew. */
export class FleetLines {
  #held: ReadonlyMap<string, FleetRow> = new Map();

  /** In no order. `seen` says how a source is for who looks from here. */
  of(
    { clusters, sources, alerts }: FleetSnapshot,
    seen: (status: SourceStatus) => SourceStatus,
  ): readonly FleetRow[] {
    const rows = new Map<string, FleetRow>();
    const put = (key: string, cluster: SummaryRow | undefined, status: SourceStatus): void => {
      const row = { key, cluster, status, alerts: alerts.get(key) };
      const held = this.#held.get(key);
      rows.set(key, held !== undefined && isSame(held, row) ? held : row);
    };
    const seenSources = new Map([...sources].map(([id, status]) => [id, seen(status)]));
    const withClusters = new Set<string>();
    for (const [key, cluster] of clusters) {
      const status = seenSources.get(cluster.source);
      if (status !== undefined) {
        withClusters.add(cluster.source);
        put(key, cluster, status);
      }
    }
    for (const [id, status] of seenSources) {
      if (!withClusters.has(id)) {
        put(id, undefined, status);
      }
    }
    this.#held = rows;
    return [...rows.values()];
  }
}

/** A status is another object with each proof of life, which the list does not show. */
function isSame(a: FleetRow, b: FleetRow): boolean {
  return (
    a.cluster === b.cluster &&
    a.alerts?.total === b.alerts?.total &&
    a.alerts?.worst === b.alerts?.worst &&
    (a.status === b.status ||
      (a.status.state.type === 'live' &&
        b.status.state.type === 'live' &&
        a.status.label === b.status.label &&
        a.status.kind === b.status.kind))
  );
}
