import * as l10n from '@vscode/l10n';
import { useMemo, type ReactElement } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { LogViewTarget } from '../realtime/openLogView';
import { useLogStatus, useLogView } from '../realtime/useLogView';
import { useSource } from '../realtime/useSource';
import { Skeleton } from '../ui/Skeleton';
import { FollowedLogs } from './FollowedLogs';
import type { LogsState } from './logsState';
import type { LogsView } from './logsView';
import { selectionOf } from './selectionText';

export interface LogsAppProps {
  readonly view: LogsView;
  readonly store: StoreApi<LogsState>;
}

/** The logs of all pods that are selected: what is happening now? */
export function LogsApp({ view, store }: LogsAppProps): ReactElement {
  const state = useStore(store);
  const { status } = useSource(view.source);
  const { isPrevious } = state;
  const target = useMemo(
    (): LogViewTarget => ({
      source: view.source,
      selection: selectionOf(view),
      ...(isPrevious ? { previous: true } : {}),
    }),
    [view, isPrevious],
  );
  const opened = useLogView(target);
  const logs = useLogStatus(opened);
  return (
    <main className="logs">
      {opened === undefined ? (
        <Skeleton tiles={0} rows={8} />
      ) : (
        <FollowedLogs
          view={view}
          opened={opened}
          logs={logs}
          status={status}
          label={status?.label ?? l10n.t('the cluster')}
          state={state}
          store={store}
        />
      )}
    </main>
  );
}
