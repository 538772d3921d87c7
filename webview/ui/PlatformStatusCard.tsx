import { useMemo, type ReactElement, type ReactNode } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import type { Alert } from '../../src/protocol/alert';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { AlertStrip, type AlertLink } from './AlertStrip';
import { StatusHead } from './StatusHead';
import { VitalTiles, type UsageSeries } from './VitalTiles';
import type { WithNow } from './withNow';

export interface CardAlerts {
  /** Those that last, the worst first. */
  readonly active: readonly Alert[];
  /** Whether nobody knows at the moment if they still last. */
  readonly isUnwatched: boolean;
  /** Where more is told of an alert, if anywhere. */
  readonly linkOf: (alert: Alert) => AlertLink | undefined;
}

export interface PlatformStatusCardProps {
  readonly name: string;
  /** Absent while there is nothing to show but the name. */
  readonly persona: ClusterPersona | undefined;
  readonly status: SourceStatus | undefined;
  /** Absent while it is not known whether there are any. */
  readonly alerts: CardAlerts | undefined;
  readonly series: UsageSeries;
  readonly withNow: WithNow;
  /** Stands beside the name. */
  readonly nameActions?: ReactNode;
  /** Buttons, beside the state. */
  readonly actions?: ReactNode;
  /** What is to be known before anything below is trusted. */
  readonly notices?: ReactNode;
  /** News, between the alerts and the figures. */
  readonly news?: ReactNode;
  /** Tiles beside those of nodes, CPU and memory. */
  readonly moreTiles?: ReactNode;
}

/**
 * One cluster at a glance: phase, environment, nodes, CPU and memory and how they went, alerts, and how true all that is.
 * What an alert tells is not told by the head again. It asks for nothing itself.
 */
export function PlatformStatusCard(props: PlatformStatusCardProps): ReactElement {
  const { name, persona, status, alerts, withNow } = props;
  const active = alerts?.active;
  const told = useMemo(() => new Set(active?.map(({ rule }) => rule)), [active]);
  return (
    <div className="status-card">
      <StatusHead
        {...{ name, persona, status, told, withNow }}
        nameActions={props.nameActions}
        actions={props.actions}
      />
      {props.notices}
      {alerts !== undefined && (
        <AlertStrip
          alerts={alerts.active}
          isUnwatched={alerts.isUnwatched}
          linkOf={alerts.linkOf}
          withNow={withNow}
        />
      )}
      {props.news}
      {persona !== undefined && (
        <VitalTiles persona={persona} series={props.series} withNow={withNow}>
          {props.moreTiles}
        </VitalTiles>
      )}
    </div>
  );
}
