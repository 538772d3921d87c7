import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import type { Hub } from '../hub/hub';
import { alertCountText } from '../texts/alertText';
import type { DemoSource } from './demoSource';
import { severityIconId } from './severityIconId';
import { sourceItem } from './pickers';
import type { Refresh } from './refresh';
import { showRealtimeFigures } from './realtimeFigures';

interface MenuItem extends vscode.QuickPickItem {
  readonly command?: string;
  readonly source?: string;
}

export interface StatusMenuOptions {
  readonly hub: Hub;
  readonly demo: DemoSource;
  readonly refresh: Refresh;
  readonly clock: Clock;
}

/** The menu behind the status bar item: every source with its state, then what can be done. */
export async function showStatusMenu({ hub, demo, refresh, clock }: StatusMenuOptions): Promise<void> {
  const now = clock.now();
  const alerts = hub.alerts.counts();
  const sources: MenuItem[] = hub.sources().map((source) => ({
    ...sourceItem(source, now),
    command: source.isConnected ? 'sourceActions' : 'connect',
  }));
  const action = (label: string, icon: string, command: string): MenuItem => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    command,
  });
  const items: MenuItem[] = [
    ...sources,
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    ...(alerts.worst === undefined
      ? []
      : [
          {
            ...action(vscode.l10n.t('Alerts…'), severityIconId(alerts.worst), 'showAlerts'),
            description: alertCountText(alerts.total),
          },
        ]),
    refresh.running === undefined
      ? action(vscode.l10n.t('Reconnect everything now'), 'refresh', 'refresh')
      : action(vscode.l10n.t('Stop waiting for the refresh'), 'stop-circle', 'stopRefresh'),
    demo.isRunning
      ? action(vscode.l10n.t('Stop the demo cluster'), 'debug-stop', 'stopDemo')
      : action(vscode.l10n.t('Start the demo cluster'), 'beaker', 'startDemo'),
    action(vscode.l10n.t('Add a hub…'), 'server', 'addHub'),
    action(vscode.l10n.t('Diagnose a connection…'), 'inspect', 'diagnose'),
    action(vscode.l10n.t('Realtime figures'), 'pulse', 'realtimeFigures'),
    action(vscode.l10n.t('Show the log'), 'output', 'showLog'),
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Clusters') });
  if (picked?.command === 'sourceActions' && picked.source !== undefined) {
    await showSourceActions(picked.source, picked.label);
  } else if (picked?.command === 'realtimeFigures') {
    showRealtimeFigures(hub, clock);
  } else if (picked?.command !== undefined) {
    await run(picked.command, picked.source);
  }
}

/** What can be done about one connected source. */
export async function showSourceActions(source: string, label: string): Promise<void> {
  const picked = await vscode.window.showQuickPick<MenuItem>(
    [
      {
        label: vscode.l10n.t('Reconnect now'),
        iconPath: new vscode.ThemeIcon('debug-restart'),
        command: 'reconnect',
      },
      {
        label: vscode.l10n.t('Diagnose the connection'),
        iconPath: new vscode.ThemeIcon('inspect'),
        command: 'diagnose',
      },
      {
        label: vscode.l10n.t('Disconnect'),
        iconPath: new vscode.ThemeIcon('debug-disconnect'),
        command: 'disconnect',
      },
    ],
    { placeHolder: label },
  );
  if (picked?.command !== undefined) {
    await run(picked.command, source);
  }
}

async function run(command: string, source: string | undefined): Promise<void> {
  await vscode.commands.executeCommand(
    `clusterpersona.${command}`,
    source === undefined ? undefined : { source },
  );
}
