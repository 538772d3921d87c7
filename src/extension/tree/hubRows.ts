import * as vscode from 'vscode';
import { cutText } from '../../base/cutText';
import type { SourceState } from '../../protocol/sourceState';
import { problemHeadline } from '../../texts/problemHeadline';
import { problemText } from '../../texts/problemText';
import { stateWord } from '../../texts/stateText';
import type { ConnectionState } from '../../transport/connectionState';
import type { HubRow } from '../hubs/hubs';
import { stateIcon } from '../icons';
import { MAX_ROW_CHARS } from './treeNode';

/** A hub of which no cluster is known: how its connection is, and why it does not work. */
export function describeHub({ url, label, state }: HubRow): vscode.TreeItem {
  const item = new vscode.TreeItem(cutText(label, MAX_ROW_CHARS));
  const shown = asSourceState(state);
  const problem = 'problem' in state && state.type !== 'open' ? state.problem : undefined;
  const parts = [
    vscode.l10n.t('hub'),
    state.type === 'open' ? vscode.l10n.t('has no clusters') : stateWord(shown),
    ...(problem === undefined ? [] : [problemHeadline(problem.code)]),
  ];
  item.description = parts.join(' · ');
  item.iconPath = stateIcon(shown, 'hub');
  item.contextValue = state.type === 'open' || state.type === 'connecting' ? 'hub.up' : 'hub.down';
  item.accessibilityInformation = { label: [label, ...parts].join(', ') };
  const text = problem === undefined ? undefined : problemText(problem, label, 'hub');
  item.tooltip = text === undefined ? url : `${url}\n${text.what}\n${text.remedy}`;
  return item;
}

/** In the words and signs that sources have. */
function asSourceState(state: ConnectionState): SourceState {
  return state.type === 'open' ? { type: 'live' } : state;
}
