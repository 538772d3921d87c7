import * as l10n from '@vscode/l10n';
import type { Problem } from '../protocol/problem';
import type { SourceState } from '../protocol/sourceState';
import type { SummaryRow } from '../protocol/summaryRow';
import { countText } from '../texts/countText';

/** The problem behind a state, if there is one. */
export function problemOf(state: SourceState): Problem | undefined {
  return 'problem' in state ? state.problem : undefined;
}

/** Whether a state's text counts the seconds. */
export function isCountingTime(state: SourceState): boolean {
  return state.type === 'reconnecting' || state.type === 'stale';
}

/** "11/12 nodes", or that it is not known. */
export function nodesText(row: SummaryRow): string | undefined {
  if (row.nodesTotal === undefined) {
    return undefined;
  }
  return row.nodesReady === undefined
    ? countText(row.nodesTotal, l10n.t('1 node'), l10n.t('{0} nodes', row.nodesTotal))
    : l10n.t('{0}/{1} nodes', row.nodesReady, row.nodesTotal);
}
