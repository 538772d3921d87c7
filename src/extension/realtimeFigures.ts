import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import { utilisationBetween, type LoadReading } from '../base/loadMeter';
import type { FlowFigures, ViewFlowFigures } from '../hub/flow/flowRegistry';
import type { Hub } from '../hub/hub';
import type { View } from '../protocol/messages';
import { loadText, perSecondText, rateReasonText, viewKindText } from './flowText';
import { orSayWhy } from './orSayWhy';
import { logTitle } from './panels/logPanels';
import { plainLabel } from './plainText';

const REFRESH_MS = 1_000;

interface FigureItem extends vscode.QuickPickItem {
  readonly view?: View;
}

/** What was seen of one view when the figures were last drawn. */
interface Seen {
  readonly framesSent: number;
  readonly atMs: number;
}

/**
 * Shows how the open views are served, one row each, anew every second for as long as it is open. Taking a row opens its
 * view.
 */
export function showRealtimeFigures(hub: Hub, clock: Clock): void {
  const owned = new DisposableStore();
  const picker = owned.add(vscode.window.createQuickPick<FigureItem>());
  picker.title = vscode.l10n.t('Realtime figures');
  picker.placeholder = vscode.l10n.t('How open views are served');
  picker.matchOnDescription = true;
  picker.keepScrollPosition = true;
  let before: LoadReading | undefined;
  let seen = new Map<string, Seen>();
  const draw = (): void => {
    const load = hub.flows.readLoad();
    const atMs = clock.monotonic();
    const nextSeen = new Map<string, Seen>();
    const rows = hub.flows.viewFigures().map((figures): FigureItem => {
      const key = JSON.stringify(figures.view);
      nextSeen.set(key, { framesSent: figures.framesSent, atMs });
      return viewItem(figures, sentPerSecond(figures, seen.get(key), atMs));
    });
    const utilisation = before === undefined ? undefined : utilisationBetween(before, load);
    const active = picker.activeItems[0]?.label;
    picker.items = [
      {
        label: loadText(utilisation, load.heapFraction),
        iconPath: new vscode.ThemeIcon('pulse'),
        alwaysShow: true,
      },
      ...(rows.length === 0 ? [{ label: vscode.l10n.t('No view is open'), alwaysShow: true }] : rows),
    ];
    picker.activeItems = picker.items.filter(({ label }) => label === active).slice(0, 1);
    before = load;
    seen = nextSeen;
  };
  const timer = owned.add(new DisposableStore());
  const refresh = (): void => {
    timer.clear();
    draw();
    timer.add(clock.schedule(REFRESH_MS, refresh));
  };
  owned.add(
    picker.onDidAccept(() => {
      const view = picker.selectedItems[0]?.view;
      picker.hide();
      if (view !== undefined) {
        void orSayWhy(openView(view));
      }
    }),
  );
  owned.add(picker.onDidHide(() => owned.dispose()));
  refresh();
  picker.show();
}

/** Undefined until it was seen twice. */
function sentPerSecond(
  { framesSent }: FlowFigures,
  before: Seen | undefined,
  atMs: number,
): number | undefined {
  return before === undefined || atMs <= before.atMs
    ? undefined
    : (1_000 * Math.max(0, framesSent - before.framesSent)) / (atMs - before.atMs);
}

function viewItem(figures: ViewFlowFigures, sent: number | undefined): FigureItem {
  const { view, isVisible, rate, reason, queued, dropped, fps } = figures;
  const subject = view.type === 'logs' ? logTitle(view) : view.name;
  const frames =
    sent === undefined
      ? vscode.l10n.t('at most {0} frames/s', perSecondText(rate))
      : vscode.l10n.t('{0} of at most {1} frames/s', perSecondText(sent), perSecondText(rate));
  return {
    label: plainLabel(`${viewKindText(view.type)} · ${subject}`),
    description: isVisible ? frames : vscode.l10n.t('hidden: nothing is sent'),
    detail: [
      vscode.l10n.t('{0} waiting', queued.toLocaleString()),
      vscode.l10n.t('{0} dropped', dropped.toLocaleString()),
      vscode.l10n.t('{0} fps', perSecondText(fps)),
      rateReasonText(reason),
    ].join(' · '),
    iconPath: new vscode.ThemeIcon(view.type === 'logs' ? 'output' : 'dashboard'),
    view,
  };
}

async function openView(view: View): Promise<void> {
  const { source, name } = view;
  await (view.type === 'logs'
    ? vscode.commands.executeCommand('clusterpersona.openLogs', {
        source,
        name,
        ...(view.selection === undefined ? { addon: view.addon } : { selection: view.selection }),
      })
    : vscode.commands.executeCommand('clusterpersona.openDetail', { source, name }));
}
