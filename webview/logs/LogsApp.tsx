import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { Now } from '../realtime/Now';
import { useHost } from '../realtime/useHost';
import { usePods } from '../realtime/usePods';
import { useSource } from '../realtime/useSource';
import { DotList } from '../ui/DotList';
import { EmptyState } from '../ui/EmptyState';
import { ProblemNotice } from '../ui/ProblemNotice';
import { Skeleton } from '../ui/Skeleton';
import { StatePill } from '../ui/StatePill';
import type { LogsState } from './logsState';
import type { LogsView } from './logsView';
import { PodLog } from './PodLog';

export interface LogsAppProps {
  readonly view: LogsView;
  readonly store: StoreApi<LogsState>;
}

/** The logs of an add-on's namespace: what is happening now? */
export function LogsApp({ view, store }: LogsAppProps): ReactElement {
  const { run, offers } = useHost();
  const { status } = useSource(view.source);
  const { result, refresh } = usePods(view.source, view.namespace);
  const state = useStore(store);
  const label = status?.label ?? l10n.t('the cluster');
  const title = <LogTitle view={view} status={status} />;
  if (result.type === 'found' && result.pods.length > 0) {
    return (
      <main className="logs">
        <PodLog
          view={view}
          title={title}
          status={status}
          label={label}
          pods={result.pods}
          podsProblem={result.problem}
          state={state}
          onChange={(change) => store.setState(change)}
          onRefresh={refresh}
        />
      </main>
    );
  }
  return (
    <main className="logs">
      <header className="toolbar">{title}</header>
      {result.type === 'loading' && <Skeleton tiles={0} rows={8} />}
      {result.type === 'failed' && (
        <div className="logs-notice">
          <ProblemNotice
            problem={result.problem}
            source={view.source}
            label={label}
            kind={status?.kind}
            onRetry={refresh}
            onCommand={run}
            offers={offers}
          />
        </div>
      )}
      {result.type === 'found' && (
        <EmptyState
          icon="package"
          title={l10n.t('No pods in namespace {0}', view.namespace)}
          text={l10n.t('There is nothing to follow until one is started.')}
        >
          <vscode-button onClick={refresh}>{l10n.t('Look again')}</vscode-button>
        </EmptyState>
      )}
    </main>
  );
}

/** Whose log this is; how its source stands only where that needs saying, since the log's own state stands beside it. */
function LogTitle(props: {
  readonly view: LogsView;
  readonly status: SourceStatus | undefined;
}): ReactElement {
  const { view, status } = props;
  return (
    <div className="title">
      <h1>{view.addon === '' ? view.namespace : view.addon}</h1>
      <span className="muted">
        <DotList items={view.addon === '' ? [view.name] : [view.name, view.namespace]} />
      </span>
      {status !== undefined && status.state.type !== 'live' && (
        <Now>{(now) => <StatePill status={status} now={now} />}</Now>
      )}
    </div>
  );
}
