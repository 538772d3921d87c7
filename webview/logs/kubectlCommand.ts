import * as l10n from '@vscode/l10n';
import type { LogFilter, LogSelection } from '../../src/protocol/logView';
import type { ViewCommand } from '../../src/protocol/requests';
import type { SourceStatus } from '../../src/protocol/sourceState';
import type { LogsView } from './logsView';
import { selectionOf } from './selectionText';

export interface KubectlTarget {
  readonly view: LogsView;
  /** Of the source. */
  readonly status: Pick<SourceStatus, 'kind'> | undefined;
  /** As far as kubectl can select by it, it does: one pod or one container that is left. */
  readonly filter: Pick<LogFilter, 'pods' | 'containers'>;
  readonly isPrevious: boolean;
}

/** What has kubectl follow the logs that are shown; why it cannot, for whoever asked for it. */
export function kubectlCommand({
  view,
  status,
  filter,
  isPrevious,
}: KubectlTarget): Extract<ViewCommand, { type: 'openLogTerminal' }> | string {
  const selection = selectionOf(view);
  if (status?.kind !== 'kubeconfig') {
    return l10n.t('kubectl needs a context of a kubeconfig: this cluster comes by another way.');
  }
  if (selection.type === 'node') {
    return l10n.t('kubectl cannot follow the pods of one node.');
  }
  const [container, ...containers] = filter.containers ?? [];
  return {
    type: 'openLogTerminal',
    source: view.source,
    selection: ofOnePod(selection, filter.pods ?? []),
    ...(container === undefined || containers.length > 0 ? {} : { container }),
    ...(isPrevious ? { previous: true } : {}),
  };
}

function ofOnePod(
  selection: Exclude<LogSelection, { type: 'node' }>,
  [pod, ...others]: readonly string[],
): LogSelection {
  const { namespace } = selection;
  return pod === undefined || others.length > 0 ? selection : { type: 'pod', namespace, pod };
}
