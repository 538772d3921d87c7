import * as vscode from 'vscode';
import type { KubeconfigFileProblem } from '../../cluster/kubeconfigContexts';
import type { DemoScene } from '../../demo/demoScene';
import type { Source } from '../../hub/source';
import type { Problem } from '../../protocol/problem';
import { listProblemHeadline } from '../../texts/problemHeadline';
import { phaseText } from '../../texts/personaText';
import { stateText } from '../../texts/stateText';
import { demoSceneText } from '../demoSceneText';
import { personaIcon, stateIcon } from '../icons';
import { problemOf } from '../sourceFacts';
import type { NoticeAbout } from './treeNode';

/** What the menus of a source row go by: connected or not, and well or not. */
function contextValueOf(source: Source): string {
  const { state, kind } = source.status();
  const isUp = state.type === 'live' || state.type === 'syncing' || state.type === 'connecting';
  const news = source.away.unseenCount > 0 ? '.away' : '';
  return `source.${state.type === 'idle' ? 'idle' : isUp ? 'up' : 'down'}.${kind}${news}`;
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
  now: number,
): vscode.TreeItem {
  const status = source.status();
  const { state } = status;
  const item = new vscode.TreeItem(
    status.label,
    isOpenableSource(source)
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.None,
  );
  const [onlyRow, secondRow] = firstTwo(source);
  const isAlone = onlyRow !== undefined && secondRow === undefined;
  const parts = [stateText(state, now)];
  // A sidebar of the usual width cuts the last word: the number before it says enough, half a scene says nothing.
  if (scene !== undefined && scene !== 'calm') {
    parts.push(demoSceneText(scene).word);
  }
  if (isAlone) {
    parts.push(phaseText(onlyRow.phase));
  } else {
    const unhealthy = source.unhealthyCount;
    if (unhealthy > 0) {
      parts.push(vscode.l10n.t('{0} unhealthy', unhealthy));
    }
  }
  const changed = source.away.unseenCount;
  if (changed > 0) {
    parts.push(vscode.l10n.t('{0} changed while away', changed));
  }
  item.description = parts.join(' · ');
  item.iconPath =
    isAlone && state.type === 'live'
      ? personaIcon(onlyRow.phase, onlyRow.health)
      : stateIcon(state, status.kind);
  item.contextValue = contextValueOf(source);
  item.accessibilityInformation = { label: [status.label, ...parts].join(', ') };
  return item;
}

function firstTwo(source: Source) {
  const rows = source.rows();
  return [rows.next().value ?? undefined, rows.next().value ?? undefined] as const;
}

/** A row below a source that says what is wrong, or what to do about it. */
export function describeNotice(source: Source, about: NoticeAbout): vscode.TreeItem {
  const problem = problemOf(source.status().state);
  if (about === 'empty') {
    const item = new vscode.TreeItem(vscode.l10n.t('No ClusterPersonas yet'));
    item.iconPath = new vscode.ThemeIcon('info');
    item.contextValue = 'notice';
    return item;
  }
  if (problem === undefined) {
    return new vscode.TreeItem('');
  }
  return about === 'problem' ? describeProblem(problem) : describeRemedy(source, problem);
}

function describeProblem(problem: Problem): vscode.TreeItem {
  const item = new vscode.TreeItem(listProblemHeadline(problem.code));
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = 'notice';
  return item;
}

function describeRemedy(source: Source, problem: Problem): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Reconnect now'));
  item.iconPath = new vscode.ThemeIcon('debug-restart');
  item.command = { command: 'clusterpersona.reconnect', title: '', arguments: [{ source: source.id }] };
  item.contextValue = 'notice';
  switch (problem.code) {
    case 'notInstalled':
      item.label = vscode.l10n.t('Show how to install it…');
      item.iconPath = new vscode.ThemeIcon('cloud-download');
      item.command = { command: 'clusterpersona.showCrd', title: '', arguments: [] };
      break;
    case 'kubeconfig':
    case 'tls':
    case 'dns':
    case 'proxy':
      item.label = vscode.l10n.t('Open the kubeconfig…');
      item.iconPath = new vscode.ThemeIcon('go-to-file');
      item.command = {
        command: 'clusterpersona.openKubeconfig',
        title: '',
        arguments: [{ source: source.id }],
      };
      break;
    case 'consent':
      item.label = vscode.l10n.t('Allow it and connect…');
      item.iconPath = new vscode.ThemeIcon('key');
      item.command = { command: 'clusterpersona.connect', title: '', arguments: [{ source: source.id }] };
      break;
    case 'unauthorized':
    case 'credentials':
      item.label = vscode.l10n.t('Sign in again, then reconnect');
      item.iconPath = new vscode.ThemeIcon('key');
      break;
    case 'forbidden':
      item.label = vscode.l10n.t('Get permission, then reconnect');
      break;
    case 'unreachable':
    case 'notFound':
    case 'throttled':
    case 'serverError':
    case 'expired':
    case 'malformed':
    case 'closed':
      break;
    case 'unknownMessage':
    case 'badRequest':
    case 'internal':
      item.label = vscode.l10n.t('Show the log');
      item.iconPath = new vscode.ThemeIcon('output');
      item.command = { command: 'clusterpersona.showLog', title: '', arguments: [] };
      break;
    default:
      problem.code satisfies never;
  }
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
