import * as l10n from '@vscode/l10n';
import { memo, type ReactElement } from 'react';
import type { Severity } from '../../src/protocol/alert';
import type { SummaryRow } from '../../src/protocol/summaryRow';
import { alertCountText } from '../../src/texts/alertText';
import { phaseText } from '../../src/texts/personaText';
import { listProblemHeadline } from '../../src/texts/problemHeadline';
import { stateText, stateWord } from '../../src/texts/stateText';
import { Now } from '../realtime/Now';
import { useCommandLink } from '../realtime/useCommand';
import { Changed } from '../ui/Changed';
import { EnvironmentTag } from '../ui/EnvironmentTag';
import { formatCount, unknownText } from '../ui/formatNumber';
import { Icon, type IconProps } from '../ui/Icon';
import { PhaseIcon } from '../ui/PhaseIcon';
import { stateLook } from '../ui/stateLook';
import { EmptyCell } from './EmptyCell';
import { FigureCells } from './FigureCells';
import { rowName, type FleetRow } from './fleetRows';

export interface FleetLineProps {
  readonly row: FleetRow;
  /** From 0, among all that fit the filter. */
  readonly index: number;
  /** Whether the keyboard is on it. */
  readonly isCurrent: boolean;
  /** Whether sources are told apart. */
  readonly hasSource: boolean;
  readonly hasFigures: boolean;
  readonly isMoving: boolean;
}

const ALERT_ICONS: Readonly<Record<Severity, IconProps>> = {
  critical: { id: 'error', tone: 'error' },
  warning: { id: 'warning', tone: 'warning' },
  info: { id: 'info', tone: 'plain' },
};

/** One line. It is a link as a whole, so that it opens in a new tab as links do. */
export const FleetLine = memo(function FleetLine(props: FleetLineProps): ReactElement {
  const { row, index, isCurrent } = props;
  const { cluster, status, alerts } = row;
  return (
    <tr
      className={isCurrent ? 'fleet-line fleet-line-current' : 'fleet-line'}
      aria-rowindex={index + 2}
      data-key={row.key}
    >
      <td className="col-icon">
        {cluster === undefined ? (
          <Icon {...iconOf(row)} />
        ) : (
          <PhaseIcon phase={cluster.phase} health={cluster.health} />
        )}
      </td>
      <th scope="row" className="col-name">
        <span className="fleet-name">
          {cluster === undefined ? (
            <strong className="muted">{rowName(row)}</strong>
          ) : (
            <NameLink cluster={cluster} isCurrent={isCurrent} />
          )}
          {cluster?.displayName !== undefined && (
            <span className="muted fleet-more">{cluster.displayName}</span>
          )}
          {props.hasSource && cluster !== undefined && (
            <span className="muted fleet-more">{status.label}</span>
          )}
        </span>
      </th>
      <td className="col-environment">
        {cluster?.environment !== undefined && <EnvironmentTag environment={cluster.environment} />}
      </td>
      <td className="col-phase">
        {cluster === undefined ? (
          <span className="muted">{l10n.t('no cluster read')}</span>
        ) : (
          <Changed value={cluster.phase}>{phaseText(cluster.phase)}</Changed>
        )}
      </td>
      <td className="col-nodes numeric" data-unit={cluster === undefined ? undefined : l10n.t('nodes')}>
        {cluster !== undefined && <Nodes cluster={cluster} />}
      </td>
      {props.hasFigures &&
        (cluster === undefined ? (
          <>
            <EmptyCell column="cpu" />
            <EmptyCell column="memory" />
          </>
        ) : (
          <FigureCells source={cluster.source} name={cluster.name} isMoving={props.isMoving} />
        ))}
      <td className="col-addons numeric">{cluster !== undefined && <Addons cluster={cluster} />}</td>
      <td className="col-applications numeric">
        {cluster !== undefined && <Count count={cluster.applications} />}
      </td>
      <td className="col-version">
        {cluster?.kubernetesVersion === undefined ? (
          cluster !== undefined && <span className="muted">{unknownText()}</span>
        ) : (
          <span title={cluster.kubernetesVersion}>{cluster.kubernetesVersion.replace(/^v(?=\d)/, '')}</span>
        )}
      </td>
      <td className="col-alerts">
        {alerts !== undefined && (
          <span className={`alert-count alert-count-${alerts.worst}`} title={alertCountText(alerts.total)}>
            <Icon {...ALERT_ICONS[alerts.worst]} />
            <Changed value={alerts.total}>{formatCount(alerts.total)}</Changed>
            <span className="sr-only">{alertCountText(alerts.total)}</span>
          </span>
        )}
      </td>
      <td className="col-state">
        <State row={row} />
      </td>
    </tr>
  );
});

function NameLink(props: { readonly cluster: SummaryRow; readonly isCurrent: boolean }): ReactElement {
  const { source, name } = props.cluster;
  const { href, onClick } = useCommandLink({ type: 'openDetail', source, name });
  const tabIndex = props.isCurrent ? 0 : -1;
  return href === undefined ? (
    <button type="button" className="fleet-link" tabIndex={tabIndex} title={name} onClick={onClick}>
      {name}
    </button>
  ) : (
    <a className="fleet-link" tabIndex={tabIndex} title={name} href={href}>
      {name}
    </a>
  );
}

function Nodes({ cluster }: { readonly cluster: SummaryRow }): ReactElement {
  const { nodesReady, nodesTotal } = cluster;
  if (nodesReady === undefined || nodesTotal === undefined) {
    return <span className="muted">{unknownText()}</span>;
  }
  return (
    <Changed value={`${nodesReady}/${nodesTotal}`}>
      <span title={l10n.t('{0} of {1} ready', formatCount(nodesReady), formatCount(nodesTotal))}>
        {formatCount(nodesReady)} / {formatCount(nodesTotal)}
      </span>
    </Changed>
  );
}

function Addons({ cluster }: { readonly cluster: SummaryRow }): ReactElement {
  const { addonsInstalled, addonsUnhealthy = 0 } = cluster;
  if (addonsInstalled === undefined) {
    return <span className="muted">{unknownText()}</span>;
  }
  return (
    <span className="addon-count">
      {addonsUnhealthy > 0 && (
        <span title={l10n.t('{0} unhealthy', formatCount(addonsUnhealthy))}>
          <Icon id="warning" tone="warning" />
          <span className="sr-only">{l10n.t('{0} unhealthy', formatCount(addonsUnhealthy))}</span>
        </span>
      )}
      {formatCount(addonsInstalled)}
    </span>
  );
}

function Count({ count }: { readonly count: number | undefined }): ReactElement {
  return count === undefined ? (
    <span className="muted">{unknownText()}</span>
  ) : (
    <Changed value={count}>{formatCount(count)}</Changed>
  );
}

/** A live source says so, and nothing that changes with each second. */
function State({ row }: { readonly row: FleetRow }): ReactElement {
  const { state } = row.status;
  const problem = 'problem' in state ? state.problem : undefined;
  const withProblem = (words: string): string =>
    problem === undefined ? words : `${words} · ${listProblemHeadline(problem.code)}`;
  // There is no room for a countdown.
  const short = (now: number): string =>
    state.type === 'reconnecting' ? stateWord(state) : withProblem(stateText(state, now));
  return (
    <span className="fleet-state">
      <Icon {...iconOf(row)} />
      {state.type === 'live' ? (
        stateText(state, 0)
      ) : (
        <Now>
          {(now) => (
            <span className="fleet-state-text" title={withProblem(stateText(state, now))}>
              {short(now)}
            </span>
          )}
        </Now>
      )}
    </span>
  );
}

function iconOf({ status }: FleetRow): IconProps {
  const { icon, tone } = stateLook(status.state);
  return { id: icon, tone };
}
