import * as vscode from 'vscode';
import { cutText } from '../../base/cutText';
import { countText } from '../../texts/countText';
import { problemHeadline } from '../../texts/problemHeadline';
import { problemText } from '../../texts/problemText';
import { routeText } from '../../texts/routeText';
import { routeOf } from '../../remote/connectionStates';
import { asSourceState, connectionText, connectionWord } from '../hubs/connectionText';
import type { HubRow } from '../hubs/hubs';
import { stateIcon, stateIconId } from '../icons';
import { appendPlain } from '../markdownText';
import { hubNotice } from './sourceNotice';
import { noticeRow } from './noticeRow';
import { MAX_ROW_CHARS, type NoticeAbout, type TreeNode } from './treeNode';

/** A hub with its clusters below it: how its connection is, and why it does not work. */
export function describeHub(row: HubRow): vscode.TreeItem {
  const { label, kind, state } = row;
  // Open also where nothing is below it yet: what VS Code drew closed it would not open by itself.
  const item = new vscode.TreeItem(cutText(label, MAX_ROW_CHARS), vscode.TreeItemCollapsibleState.Expanded);
  const problem = troubleOf(row);
  const parts = [
    connectionWord(state),
    ...(problem === undefined ? [] : [problemHeadline(problem.code)]),
    ...(kind === 'platform' ? [vscode.l10n.t('platform')] : []),
  ];
  item.description = parts.join(' · ');
  item.iconPath = stateIcon(asSourceState(state), 'hub');
  const isUp = state.type === 'open' || state.type === 'connecting';
  item.contextValue = `hub.${isUp ? 'up' : 'down'}.${kind}`;
  item.accessibilityInformation = { label: [label, vscode.l10n.t('hub'), ...parts].join(', ') };
  return item;
}

/** What stands below a hub: why it does not work, then its clusters, or that there is none. */
export function hubChildren(row: HubRow): TreeNode[] {
  const { url, state, sources } = row;
  const about = { type: 'hubNotice', url } as const;
  const notices: TreeNode[] =
    troubleOf(row) === undefined
      ? []
      : [
          { ...about, about: 'problem' },
          { ...about, about: 'remedy' },
        ];
  if (
    sources.length === 0 &&
    (state.type === 'open' || state.type === 'connecting' || state.type === 'idle')
  ) {
    notices.push({ ...about, about: 'empty' });
  }
  return [...notices, ...sources.map((source): TreeNode => ({ type: 'source', source }))];
}

/** A row below a hub that says what is wrong, or what to do about it. */
export function describeHubNotice(row: HubRow, about: NoticeAbout): vscode.TreeItem {
  const { url, state } = row;
  if (about === 'empty') {
    const text = state.type === 'open' ? vscode.l10n.t('It has no clusters') : connectionWord(state);
    return noticeRow(text, new vscode.ThemeIcon(state.type === 'connecting' ? 'sync~spin' : 'info'));
  }
  const problem = troubleOf(row);
  if (problem === undefined) {
    return noticeRow('', undefined);
  }
  const { what, remedy } = hubNotice(problem.code);
  if (about === 'problem') {
    return noticeRow(what, new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')));
  }
  const item = noticeRow(remedy.label, new vscode.ThemeIcon(remedy.icon));
  item.command = { command: `clusterpersona.${remedy.command}`, title: '', arguments: [{ url }] };
  return item;
}

/** A hub in a few lines. `now` is wall milliseconds. */
export function hubTooltip(row: HubRow, now: number): vscode.MarkdownString {
  const { url, label, kind, state, sources } = row;
  const markdown = new vscode.MarkdownString(undefined, true);
  markdown.appendMarkdown(`$(${stateIconId(asSourceState(state), 'hub')}) **`);
  appendPlain(markdown, label);
  markdown.appendMarkdown('** ');
  appendPlain(markdown, connectionText(state, now));
  const problem = troubleOf(row);
  const text = problem === undefined ? undefined : problemText(problem, label, 'hub');
  const route = routeOf(state);
  const lines = [
    ...(text === undefined ? [] : [text.what, text.remedy]),
    ...(route?.problem === undefined ? [] : [routeText(route)]),
    url,
    ...(kind === 'platform'
      ? [
          vscode.l10n.t(
            'A platform that tells by notifications alone: it is read again after each interruption',
          ),
        ]
      : []),
    countText(sources.length, vscode.l10n.t('1 cluster'), vscode.l10n.t('{0} clusters', sources.length)),
  ];
  for (const line of lines) {
    markdown.appendMarkdown('\n\n');
    appendPlain(markdown, line);
  }
  return markdown;
}

/** Why a hub cannot be used now. */
function troubleOf({ state }: HubRow) {
  return 'problem' in state && state.type !== 'open' ? state.problem : undefined;
}
