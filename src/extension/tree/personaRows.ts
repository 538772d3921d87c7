import * as vscode from 'vscode';
import type { ClusterPersona } from '../../persona/clusterPersona';
import { conditionHealth, nodeHealth } from '../../persona/health';
import type { SourceState } from '../../protocol/sourceState';
import type { SummaryRow } from '../../protocol/summaryRow';
import { cutText } from '../../base/cutText';
import { alertCountText } from '../../texts/alertText';
import { environmentText, phaseText } from '../../texts/personaText';
import { stateWord } from '../../texts/stateText';
import { personaIcon } from '../icons';
import { nodesText } from '../sourceFacts';
import { rowUri } from './rowDecorations';
import { MAX_ROW_CHARS, type PersonaGroup } from './treeNode';

/** A row names this many conditions; the rest is below it. */
const MAX_NAMED = 3;

export interface PersonaMarks {
  /** Something happened to it while nobody could watch, and was not seen yet. */
  readonly hasNews: boolean;
  /** Alerts that last. */
  readonly alertCount: number;
}

export function describePersona(
  row: SummaryRow,
  state: SourceState,
  { hasNews, alertCount }: PersonaMarks,
): vscode.TreeItem {
  const label = cutText(row.name, MAX_ROW_CHARS);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  // A narrow sidebar cuts the end: what is wrong comes first.
  const parts = [
    row.phase === 'Ready' ? undefined : phaseText(row.phase),
    nodesText(row),
    row.environment === undefined ? undefined : environmentText(row.environment),
  ].filter((part) => part !== undefined);
  item.description = parts.join(' · ');
  item.iconPath = personaIcon(row.phase, row.health, state.type === 'live');
  item.contextValue = hasNews ? 'persona.away' : 'persona';
  // Carries the badge; the row's own label and icon stay.
  item.resourceUri = rowUri({ source: row.source, name: row.name });
  // Without arguments: VS Code would keep them on this side for as long as the row is drawn like this, and a click on a row
  // that is being drawn anew would end in an error. A click selects the row first.
  item.command = { command: 'clusterpersona.openSelected', title: '' };
  item.accessibilityInformation = {
    label: [
      label,
      ...parts,
      ...(alertCount > 0 ? [alertCountText(alertCount)] : []),
      ...(hasNews ? [vscode.l10n.t('changed while you were away')] : []),
      ...(state.type === 'live' ? [] : [stateWord(state)]),
    ].join(', '),
  };
  return item;
}

export function describeGroup(
  persona: ClusterPersona,
  row: SummaryRow,
  group: PersonaGroup,
): vscode.TreeItem {
  const { label, icon, description, count } = groupFacts(persona, row, group);
  const item = new vscode.TreeItem(
    label,
    count > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = `group.${group}`;
  return item;
}

interface GroupFacts {
  readonly label: string;
  readonly icon: string;
  readonly description: string;
  readonly count: number;
}

function groupFacts({ status }: ClusterPersona, row: SummaryRow, group: PersonaGroup): GroupFacts {
  switch (group) {
    case 'nodes': {
      const nodes = status?.nodes;
      const description =
        nodes === undefined
          ? unknownText()
          : vscode.l10n.t(
              '{0}/{1} ready',
              nodes.filter((node) => nodeHealth(node) === 'ok').length,
              nodes.length,
            );
      return {
        label: vscode.l10n.t('Nodes'),
        icon: 'server-environment',
        description,
        count: nodes?.length ?? 0,
      };
    }
    case 'addons': {
      const description =
        row.addonsInstalled === undefined
          ? unknownText()
          : (row.addonsUnhealthy ?? 0) > 0
            ? vscode.l10n.t('{0} installed, {1} unhealthy', row.addonsInstalled, row.addonsUnhealthy ?? 0)
            : vscode.l10n.t('{0} installed', row.addonsInstalled);
      return {
        label: vscode.l10n.t('Add-ons'),
        icon: 'extensions',
        description,
        count: status?.addons?.length ?? 0,
      };
    }
    case 'conditions': {
      const conditions = status?.conditions ?? [];
      const bad = conditions.filter((condition) => {
        const health = conditionHealth(condition);
        return health === 'warning' || health === 'error';
      });
      const shown = bad.length > 0 ? bad : conditions;
      const description =
        conditions.length === 0
          ? unknownText()
          : [
              ...shown
                .slice(0, MAX_NAMED)
                .map(
                  ({ type, status: value }) => `${cutText(type, MAX_ROW_CHARS)}: ${value ?? unknownText()}`,
                ),
              ...(shown.length > MAX_NAMED ? [vscode.l10n.t('and {0} more', shown.length - MAX_NAMED)] : []),
            ].join(', ');
      return { label: vscode.l10n.t('Conditions'), icon: 'checklist', description, count: conditions.length };
    }
    default:
      return group satisfies never;
  }
}

export function describeApplications(row: SummaryRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Applications'));
  item.description = row.applications === undefined ? unknownText() : String(row.applications);
  item.iconPath = new vscode.ThemeIcon('package');
  return item;
}

function unknownText(): string {
  return vscode.l10n.t('unknown');
}
