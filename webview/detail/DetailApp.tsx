import * as l10n from '@vscode/l10n';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { decodePersona } from '../../src/persona/clusterPersona';
import type { SourceStatus } from '../../src/protocol/sourceState';
import type { ViewHost } from '../bridge/viewHost';
import { Now } from '../realtime/Now';
import { useCluster, type ClusterResult } from '../realtime/useCluster';
import { useHost } from '../realtime/useHost';
import { useSource } from '../realtime/useSource';
import { FreshnessLine } from '../ui/FreshnessLine';
import { ProblemNotice } from '../ui/ProblemNotice';
import { Skeleton } from '../ui/Skeleton';
import { AbsentView } from './AbsentView';
import { AwayStrip } from './AwayStrip';
import type { DetailState } from './detailState';
import { DetailTabs } from './DetailTabs';
import { LiveStatusCard } from './LiveStatusCard';
import { MoreTiles } from './MoreTiles';
import { SourceNotice } from './SourceNotice';

export interface DetailAppProps {
  readonly source: string;
  readonly name: string;
  readonly store: StoreApi<DetailState>;
}

/** One ClusterPersona: is it healthy, and what is it? */
export function DetailApp({ source, name, store }: DetailAppProps): ReactElement {
  const host = useHost();
  const { run, offers } = host;
  const { status, problem, retry } = useSource(source);
  const cluster = useCluster(source, name);
  const object = cluster.type === 'found' ? cluster.object : undefined;
  const persona = useMemo(() => (object === undefined ? undefined : decodePersona(object)), [object]);
  const state = useStore(store);
  const label = status?.label ?? l10n.t('the cluster');
  return (
    <main className="page">
      <LiveStatusCard
        {...{ source, name, persona, status }}
        notices={
          <>
            {problem !== undefined && status === undefined && (
              <ProblemNotice {...{ problem, source, label, offers }} onRetry={retry} onCommand={run} />
            )}
            {status !== undefined && <SourceNotice status={status} hasData={persona !== undefined} />}
            {cluster.type === 'found' && cluster.problem !== undefined && status?.state.type === 'live' && (
              <ProblemNotice
                {...{ source, label, offers }}
                problem={cluster.problem}
                stillShown={l10n.t('What is shown may be out of date.')}
                onRetry={cluster.retry}
                onCommand={run}
              />
            )}
          </>
        }
        news={<AwayStrip source={source} name={name} />}
        moreTiles={persona !== undefined && <MoreTiles persona={persona} />}
        onOpenTab={(tab) => store.setState({ tab })}
      />
      {persona === undefined ? (
        <Missing {...{ cluster, source, name, status, label, host }} />
      ) : (
        <DetailTabs
          source={source}
          persona={persona}
          state={state}
          onChange={(change) => store.setState(change)}
        />
      )}
      {status !== undefined && (
        <footer className="page-footer">
          <Now>{(now) => <FreshnessLine status={status} now={now} />}</Now>
        </footer>
      )}
    </main>
  );
}

/** What stands where the cluster would. */
function Missing(props: {
  readonly cluster: ClusterResult;
  readonly source: string;
  readonly name: string;
  readonly status: SourceStatus | undefined;
  readonly label: string;
  readonly host: ViewHost;
}): ReactNode {
  const { cluster, source, status, label, host } = props;
  switch (cluster.type) {
    case 'loading':
      return <Skeleton tiles={6} rows={4} />;
    case 'absent':
      return (
        <AbsentView
          name={props.name}
          reason={cluster.wasDeleted ? 'deleted' : wasRead(status) ? 'absent' : 'unknown'}
          status={status}
        />
      );
    case 'failed':
      // A source that is not connected has said so already, and what to do about it.
      return cluster.problem.code === 'closed' && status?.state.type !== 'live' ? (
        <AbsentView name={props.name} reason="unknown" status={status} />
      ) : (
        <ProblemNotice
          {...{ source, label }}
          problem={cluster.problem}
          onRetry={cluster.retry}
          onCommand={host.run}
          offers={host.offers}
        />
      );
    case 'found':
      return null;
    default:
      return cluster satisfies never;
  }
}

/** Whether the source's list is there, so that a name missing from it means something. */
function wasRead(status: SourceStatus | undefined): boolean {
  const state = status?.state.type;
  return status?.asOf !== undefined && state !== 'idle' && state !== 'connecting' && state !== 'syncing';
}
