import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import type { Hub } from '../../hub/hub';
import type { Alert, Severity } from '../../protocol/alert';
import { orSayWhy } from '../orSayWhy';
import { settings } from '../settings';
import { AlertNews } from './alertNews';
import { alertNewsText } from './alertNewsText';

/** Tells new alerts in notifications, as the settings want it. Every window tells of the clusters that it is connected to. */
export class AlertNotifications implements vscode.Disposable {
  readonly #hub: Hub;
  readonly #news: AlertNews;

  constructor(hub: Hub, clock: Clock) {
    this.#hub = hub;
    this.#news = new AlertNews({ hub, clock, isWanted, tell: (alerts) => void orSayWhy(this.#tell(alerts)) });
  }

  dispose(): void {
    this.#news.dispose();
  }

  async #tell(alerts: readonly Alert[]): Promise<void> {
    const { text, only } = alertNewsText(
      alerts,
      (source) => this.#hub.source(source)?.definition.label ?? source,
    );
    const open = vscode.l10n.t('Open');
    const configure = vscode.l10n.t('Settings');
    const never = vscode.l10n.t("Don't Show Again");
    const show = showing(alerts[0]?.severity ?? 'info');
    const picked = await show(text, open, configure, never);
    if (picked === open && only?.name !== undefined) {
      await vscode.commands.executeCommand('clusterpersona.openDetail', {
        source: only.source,
        name: only.name,
      });
    } else if (picked === open) {
      await vscode.commands.executeCommand('clusterpersona.showAlerts');
    } else if (picked === configure) {
      await vscode.commands.executeCommand(
        'workbench.action.openSettings',
        'clusterpersona.alerts.notifications',
      );
    } else if (picked === never) {
      await settings.turnAlertNotificationsOff();
    }
  }
}

function isWanted(severity: Severity): boolean {
  const choice = settings.alertNotifications();
  return choice === 'all' || (choice === 'critical' && severity === 'critical');
}

/** An error of VS Code's is one of the editor's or an extension's: even the worst of a cluster is told as a warning. */
function showing(severity: Severity): (text: string, ...actions: string[]) => Thenable<string | undefined> {
  return severity === 'info'
    ? (text, ...actions) => vscode.window.showInformationMessage(text, ...actions)
    : (text, ...actions) => vscode.window.showWarningMessage(text, ...actions);
}
