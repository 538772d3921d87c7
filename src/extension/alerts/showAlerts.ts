import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { oneLine } from '../../base/oneLine';
import type { Hub } from '../../hub/hub';
import type { Alert } from '../../protocol/alert';
import { agoText } from '../../texts/ageText';
import { activeWorstFirst, endedLatestFirst } from '../../protocol/alertOrder';
import { alertText, severityText } from '../../texts/alertText';
import { severityIcon } from '../icons';
import { plainLabel } from '../plainText';
import { showSourceActions } from '../statusMenu';

/** A pick list cuts what is longer than its width in any case. */
const MAX_CHARS = 120;

interface AlertItem extends vscode.QuickPickItem {
  readonly alert?: Alert;
}

/** Asks which of the alerts to look at: opens its cluster, or says what can be done about its connection. */
export async function showAlerts(hub: Hub, clock: Clock): Promise<void> {
  const { alerts, unwatched, more = 0 } = hub.alerts.list({});
  if (alerts.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No connected cluster has an alert, and none ended lately.'),
    );
    return;
  }
  const now = clock.now();
  const unknown = new Set(unwatched);
  const itemOf = (alert: Alert): AlertItem => itemOfAlert(hub, alert, unknown.has(alert.source), now);
  const lasting = activeWorstFirst(alerts);
  const ended = endedLatestFirst(alerts);
  const items: AlertItem[] = [
    ...lasting.map(itemOf),
    ...(ended.length === 0
      ? []
      : [{ label: vscode.l10n.t('ended lately'), kind: vscode.QuickPickItemKind.Separator }]),
    ...ended.map(itemOf),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder:
      more === 0
        ? vscode.l10n.t('Alerts, the worst first')
        : vscode.l10n.t('The worst alerts; {0} more are not listed', more),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const alert = picked?.alert;
  if (alert?.name !== undefined) {
    await vscode.commands.executeCommand('clusterpersona.openDetail', {
      source: alert.source,
      name: alert.name,
    });
  } else if (alert !== undefined) {
    await showSourceActions(alert.source, labelOf(hub, alert));
  }
}

function itemOfAlert(hub: Hub, alert: Alert, isUnknown: boolean, now: number): AlertItem {
  const { severity, raisedAt, resolvedAt } = alert;
  const facts = [
    severityText(severity),
    resolvedAt === undefined
      ? vscode.l10n.t('raised {0}', agoText(raisedAt, now))
      : vscode.l10n.t('ended {0}', agoText(resolvedAt, now)),
    ...(isUnknown && resolvedAt === undefined && alert.rule !== 'sourceStale'
      ? [vscode.l10n.t('may have ended: the cluster is not live')]
      : []),
  ];
  return {
    label: plainLabel(oneLine(alertText(alert), MAX_CHARS)),
    description: plainLabel(oneLine(labelOf(hub, alert), MAX_CHARS)),
    detail: facts.join(' · '),
    iconPath: resolvedAt === undefined ? severityIcon(severity) : new vscode.ThemeIcon('pass'),
    alert,
  };
}

/** What it is about. */
function labelOf(hub: Hub, { source, name }: Alert): string {
  return name ?? hub.source(source)?.definition.label ?? source;
}
