import * as vscode from 'vscode';
import { cutText } from '../../base/cutText';
import type { KubeconfigFileProblem } from '../../cluster/kubeconfigContexts';
import type { DemoScene } from '../../demo/demoScene';
import type { AlertCounts } from '../../hub/alerts/alertCounts';
import type { Source } from '../../hub/source';
import { demoSceneText } from '../demoSceneText';
import { personaIcon, stateIcon } from '../icons';
import { noticeRow } from './noticeRow';
import { rowUri } from './rowDecorations';
import { sourceNotice } from './sourceNotice';
import { sourceRowTexts } from './sourceRowText';
import { MAX_ROW_CHARS, type NoticeAbout } from './treeNode';

/** What the menus of a source row go by: connected or not, and well or not, and whether there is more of it than personas. */
function contextValueOf(source: Source): string {
  const { state, kind } = source.status();
  const isUp = state.type === 'live' || state.type === 'syncing' || state.type === 'connecting';
  const bare = isUp && !source.hasFetch ? '.personasOnly' : '';
  const news = source.away.unseenCount > 0 ? '.away' : '';
  return `source.${state.type === 'idle' ? 'idle' : isUp ? 'up' : 'down'}.${kind}${bare}${news}`;
}

/** Whether there is, or will be in a moment, something below the row of a source. */
export function isOpenableSource(source: Source): boolean {
  const { state, count } = source.status();
  return state.type !== 'idle' && (count > 0 || state.type !== 'connecting');
}

/** `scene` is what a demo cluster plays. */
export function describeSourceRow(
  source: Source,
  scene: DemoScene | undefined,
  alerts: AlertCounts,
  now: number,
): vscode.TreeItem {
  const status = source.status();
  const { state } = status;
  const label = cutText(status.label, MAX_ROW_CHARS);
  const item = new vscode.TreeItem(
    label,
    isOpenableSource(source)
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.None,
  );
  const [onlyRow, secondRow] = firstTwo(source);
  const isAlone = onlyRow !== undefined && secondRow === undefined;
  // A sidebar of the usual width cuts the last word: the number before it says enough, half a scene says nothing.
  const sceneWord = scene === undefined || scene === 'calm' ? undefined : demoSceneText(scene).word;
  const parts = sourceRowTexts(
    {
      state,
      route: status.route,
      sceneWord,
      onlyPhase: isAlone ? onlyRow.phase : undefined,
      unhealthyCount: source.unhealthyCount,
      alertCount: alerts.total,
      changedCount: source.away.unseenCount,
    },
    now,
  );
  item.description = parts.join(' · ');
  item.iconPath =
    isAlone && state.type === 'live'
      ? personaIcon(onlyRow.phase, onlyRow.health)
      : stateIcon(state, status.kind);
  item.contextValue = contextValueOf(source);
  // Carries the badge; the row's own label and icon stay.
  item.resourceUri = rowUri({ source: source.id });
  item.accessibilityInformation = { label: [label, ...parts].join(', ') };
  return item;
}

function firstTwo(source: Source) {
  const rows = source.rows();
  return [rows.next().value ?? undefined, rows.next().value ?? undefined] as const;
}

/** A row below a source that says what is wrong, or what to do about it. */
export function describeNotice(source: Source, about: NoticeAbout): vscode.TreeItem {
  if (about === 'empty') {
    return noticeRow(vscode.l10n.t('No ClusterPersonas yet'), new vscode.ThemeIcon('info'));
  }
  const { state, kind } = source.status();
  const notice = sourceNotice(state, kind);
  if (notice === undefined) {
    return noticeRow('', undefined);
  }
  if (about === 'problem') {
    const color = new vscode.ThemeColor('list.warningForeground');
    return noticeRow(notice.what, new vscode.ThemeIcon('warning', color));
  }
  const { label, icon, command } = notice.remedy;
  const item = noticeRow(label, new vscode.ThemeIcon(icon));
  item.command = { command: `clusterpersona.${command}`, title: '', arguments: [{ source: source.id }] };
  return item;
}

/** A kubeconfig that cannot be used; a click opens it. */
export function describeFileProblem(problem: KubeconfigFileProblem): vscode.TreeItem {
  const uri = vscode.Uri.file(problem.path);
  const item = new vscode.TreeItem(uri.path.slice(uri.path.lastIndexOf('/') + 1));
  item.description = fileProblemText(problem);
  item.tooltip = `${problem.path}\n${fileProblemText(problem)}: ${problem.detail}`;
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.contextValue = 'fileProblem';
  item.command =
    problem.reason === 'missing'
      ? { command: 'clusterpersona.openSettings', title: '' }
      : { command: 'vscode.open', title: '', arguments: [uri] };
  return item;
}

function fileProblemText({ reason }: KubeconfigFileProblem): string {
  switch (reason) {
    case 'missing':
      return vscode.l10n.t('kubeconfig not found');
    case 'unreadable':
      return vscode.l10n.t('kubeconfig not readable');
    case 'malformed':
      return vscode.l10n.t('not a valid kubeconfig');
    case 'empty':
      return vscode.l10n.t('kubeconfig names no context');
    default:
      return reason satisfies never;
  }
}
