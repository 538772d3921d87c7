import * as l10n from '@vscode/l10n';
import type { LogSelection } from '../../src/protocol/logView';
import type { LogsView } from './logsView';

/** What a view is to follow: where it does not say, all pods of its namespace. */
export function selectionOf({ selection, namespace }: LogsView): LogSelection {
  return selection ?? { type: 'namespace', namespace };
}

/** Whose logs these are, as a heading, and what else is worth saying of that. */
export function selectionTitle(view: LogsView): {
  readonly title: string;
  readonly facts: readonly string[];
} {
  const selection = selectionOf(view);
  const { title, facts } = titleOf(selection);
  return view.addon === '' || selection.type !== 'namespace'
    ? { title, facts }
    : { title: view.addon, facts: [selection.namespace] };
}

function titleOf(selection: LogSelection): { readonly title: string; readonly facts: readonly string[] } {
  switch (selection.type) {
    case 'namespace':
      return { title: selection.namespace, facts: [] };
    case 'selector':
      return { title: selection.selector, facts: [selection.namespace] };
    case 'workload':
      return { title: selection.name, facts: [selection.kind, selection.namespace] };
    case 'pod':
      return { title: selection.pod, facts: [selection.namespace] };
    case 'node':
      return { title: selection.node, facts: [l10n.t('node')] };
    default:
      return selection satisfies never;
  }
}
