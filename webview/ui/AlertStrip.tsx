import * as l10n from '@vscode/l10n';
import { useState, type ReactElement } from 'react';
import type { Alert, Severity } from '../../src/protocol/alert';
import { agoText } from '../../src/texts/ageText';
import { mayHaveEndedText } from '../../src/texts/mayHaveEndedText';
import { alertText, severityText } from '../../src/texts/alertText';
import { Clamped } from './Clamped';
import { formatInstant } from './formatInstant';
import { formatCount } from './formatNumber';
import type { Look } from './healthLook';
import { Icon } from './Icon';
import { LinkButton } from './LinkButton';
import type { WithNow } from './withNow';

/** The strip is for a glance; the rest is behind "Show all", but for one that takes no more room than that. */
const MAX_SHOWN = 3;
/** And nobody reads on after so many. */
const MAX_LISTED = 200;

/** Where more is told of what an alert is about. */
export interface AlertLink {
  /** Names the place: "Nodes". */
  readonly label: string;
  readonly onOpen: () => void;
}

export interface AlertStripProps {
  /** Those that last, the worst first. */
  readonly alerts: readonly Alert[];
  /** Whether nobody knows at the moment if they still last. */
  readonly isUnwatched: boolean;
  readonly linkOf: (alert: Alert) => AlertLink | undefined;
  readonly withNow: WithNow;
}

/** What is wrong now, and where to look; nothing where nothing is. */
export function AlertStrip(props: AlertStripProps): ReactElement {
  const { alerts } = props;
  return (
    <>
      <NewCriticals alerts={alerts} />
      {alerts.length > 0 && <Strip {...props} />}
    </>
  );
}

function Strip({ alerts, isUnwatched, linkOf, withNow }: AlertStripProps): ReactElement {
  const [wantsAll, setWantsAll] = useState(false);
  const isFolded = alerts.length > MAX_SHOWN + 1;
  const shown = alerts.slice(0, wantsAll || !isFolded ? MAX_LISTED : MAX_SHOWN);
  const worst = alerts[0]?.severity ?? 'info';
  const unlisted = wantsAll ? alerts.length - shown.length : 0;
  return (
    <section className={`notice alerts notice-${noticeTone(worst)}`} aria-label={l10n.t('Alerts')}>
      <ul className="alert-list">
        {shown.map((alert) => (
          <AlertRow
            key={`${alert.source} ${alert.fingerprint}`}
            alert={alert}
            link={linkOf(alert)}
            withNow={withNow}
          />
        ))}
      </ul>
      {(isFolded || isUnwatched) && (
        <div className="alerts-foot">
          {isUnwatched && <span>{mayHaveEndedText()}</span>}
          {unlisted > 0 && <span>{l10n.t('and {0} more', formatCount(unlisted))}</span>}
          {isFolded && (
            <LinkButton isExpanded={wantsAll} onClick={() => setWantsAll(!wantsAll)}>
              {wantsAll ? l10n.t('Show fewer') : l10n.t('Show all {0}', formatCount(alerts.length))}
            </LinkButton>
          )}
        </div>
      )}
    </section>
  );
}

function AlertRow(props: {
  readonly alert: Alert;
  readonly link: AlertLink | undefined;
  readonly withNow: WithNow;
}): ReactElement {
  const { alert, link, withNow } = props;
  const { icon, tone } = severityLook(alert.severity);
  const text = alertText(alert);
  return (
    <li className="alert">
      <Icon id={icon} tone={tone} />
      <span className="alert-text">
        <Clamped text={text} />
      </span>
      <span className="alert-facts muted">
        {severityText(alert.severity)}
        {' · '}
        <span title={l10n.t('First seen {0}', formatInstant(alert.raisedAt))}>
          {withNow((now) => agoText(alert.raisedAt, now))}
        </span>
      </span>
      {link !== undefined && (
        <span className="alert-link">
          <LinkButton label={l10n.t('{0}: {1}', link.label, text)} onClick={link.onOpen}>
            {link.label}
          </LinkButton>
        </span>
      )}
    </li>
  );
}

const NONE: readonly Alert[] = [];

/**
 * Tells screen readers of critical alerts that came while the view was open, each once. Those that were there before stand
 * where they are read anyway.
 */
function NewCriticals({ alerts }: { readonly alerts: readonly Alert[] }): ReactElement {
  const [told, setTold] = useState(() => ({ alerts, known: fingerprints(alerts), announced: NONE }));
  if (told.alerts !== alerts) {
    const known = fingerprints(alerts);
    const fresh = alerts.filter(({ fingerprint }) => known.has(fingerprint) && !told.known.has(fingerprint));
    // What has ended is not said any more, and is news when it comes back.
    const lasting = told.announced.filter(({ fingerprint }) => known.has(fingerprint));
    const announced = fresh.length > 0 ? fresh.slice(0, MAX_SHOWN) : lasting;
    setTold({ alerts, known, announced });
  }
  return (
    <span className="sr-only" role="alert">
      {told.announced.map(alertText).join('. ')}
    </span>
  );
}

function fingerprints(alerts: readonly Alert[]): ReadonlySet<string> {
  return new Set(
    alerts.filter(({ severity }) => severity === 'critical').map(({ fingerprint }) => fingerprint),
  );
}

/** Each severity has a shape of its own, so that colour only repeats it. */
function severityLook(severity: Severity): Look {
  switch (severity) {
    case 'critical':
      return { icon: 'error', tone: 'error' };
    case 'warning':
      return { icon: 'warning', tone: 'warning' };
    case 'info':
      return { icon: 'info', tone: 'plain' };
    default:
      return severity satisfies never;
  }
}

function noticeTone(severity: Severity): 'error' | 'warning' | 'plain' {
  switch (severity) {
    case 'critical':
      return 'error';
    case 'warning':
      return 'warning';
    case 'info':
      return 'plain';
    default:
      return severity satisfies never;
  }
}
