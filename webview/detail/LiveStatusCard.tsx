import * as l10n from '@vscode/l10n';
import type { ReactElement, ReactNode } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { Now } from '../realtime/Now';
import { useCommand, useCommandLink } from '../realtime/useCommand';
import { useRealtimeAlerts } from '../realtime/useRealtimeAlerts';
import { useRealtimeMetrics } from '../realtime/useRealtimeMetrics';
import { ActionButton } from '../ui/ActionButton';
import { IconButton } from '../ui/IconButton';
import { PlatformStatusCard, type CardAlerts } from '../ui/PlatformStatusCard';
import type { UsageSeries } from '../ui/VitalTiles';
import type { WithNow } from '../ui/withNow';
import { alertLink } from './alertLink';
import type { DetailTab } from './detailState';

const METRICS = ['cpuPercent', 'memoryPercent'] as const;
/** As long as a view keeps points by default. */
const WINDOW_MS = 600_000;

const withNow: WithNow = (render) => <Now>{render}</Now>;

export interface LiveStatusCardProps {
  readonly source: string;
  readonly name: string;
  readonly persona: ClusterPersona | undefined;
  readonly status: SourceStatus | undefined;
  readonly notices: ReactNode;
  readonly news: ReactNode;
  readonly moreTiles: ReactNode;
  readonly onOpenTab: (tab: DetailTab) => void;
}

/** The status card with what it shows kept up to date. What changes here renders nothing else of the panel. */
export function LiveStatusCard(props: LiveStatusCardProps): ReactElement {
  const { source, name, persona, status, notices, news, moreTiles, onOpenTab } = props;
  const run = useCommand();
  const logs = useCommandLink({ type: 'openLogs', source, name });
  return (
    <PlatformStatusCard
      {...{ name, persona, status, withNow, notices, news, moreTiles }}
      alerts={useCardAlerts(source, name, onOpenTab)}
      series={useUsageSeries(source, name)}
      nameActions={
        <IconButton
          icon="copy"
          label={l10n.t('Copy name')}
          onClick={() => run({ type: 'copy', text: name })}
        />
      }
      actions={persona !== undefined && <ActionButton {...logs}>{l10n.t('Logs…')}</ActionButton>}
    />
  );
}

function useCardAlerts(
  source: string,
  name: string,
  onOpenTab: (tab: DetailTab) => void,
): CardAlerts | undefined {
  const { alerts: active, isUnwatched, isLoading, problem } = useRealtimeAlerts({ source, name });
  // Without an answer there may be some.
  if (isLoading || (problem !== undefined && active.length === 0)) {
    return undefined;
  }
  return {
    active,
    isUnwatched: isUnwatched || problem !== undefined,
    linkOf: (alert) => alertLink(alert, onOpenTab),
  };
}

function useUsageSeries(source: string, name: string): UsageSeries {
  const [cpu, memory] = useRealtimeMetrics({
    source,
    name,
    metrics: METRICS,
    aggregation: 'last',
    windowMs: WINDOW_MS,
  });
  return {
    cpu: { points: cpu?.points ?? [], latest: cpu?.value },
    memory: { points: memory?.points ?? [], latest: memory?.value },
    windowMs: WINDOW_MS,
  };
}
