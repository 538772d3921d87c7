import type { AlertCountsOf } from '../../../../src/protocol/alert';
import type { SourceState, SourceStatus } from '../../../../src/protocol/sourceState';
import type { SummaryRow } from '../../../../src/protocol/summaryRow';
import { fleetKey } from '../../../../webview/realtime/fleetBook';
import type { FleetRow } from '../../../../webview/fleet/fleetRows';

export function status(source: string, state: SourceState = { type: 'live' }, count = 1): SourceStatus {
  return { source, kind: 'kubeconfig', label: `context-${source}`, state, asOf: 0, count };
}

export function cluster(name: string, part: Partial<SummaryRow> = {}): SummaryRow {
  return { source: 's', name, phase: 'Ready', health: 'ok', environment: 'production', ...part };
}

export function line(
  row: SummaryRow,
  state?: SourceState,
  alerts?: Pick<AlertCountsOf, 'total' | 'worst'>,
): FleetRow {
  return {
    key: fleetKey(row),
    cluster: row,
    status: status(row.source, state),
    alerts: alerts && { source: row.source, name: row.name, ...alerts },
  };
}
