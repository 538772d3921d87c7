import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { capacityOf } from '../../src/persona/capacity';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { isAhead, spanText } from '../../src/texts/ageText';
import { Now } from '../realtime/Now';
import { formatInstant, parseInstant } from '../ui/formatInstant';
import { formatCount, unknownText } from '../ui/formatNumber';
import { Meter } from '../ui/Meter';
import { Tile } from '../ui/Tile';

/** The figures that are good to know beside those of the status card. */
export function MoreTiles({ persona }: { readonly persona: ClusterPersona }): ReactElement {
  const { pods } = capacityOf(persona);
  const applications = persona.status?.applicationCount;
  return (
    <>
      <PodsTile running={pods.running} total={pods.total} absent={absentCountText(persona, 'runningPods')} />
      <Tile
        title={l10n.t('Applications')}
        value={applications === undefined ? undefined : formatCount(applications)}
        absent={absentCountText(persona, 'applicationCount')}
      />
      <DiscoveryTile persona={persona} />
    </>
  );
}

/** After a discovery the operator leaves out what is zero. Before it nothing is known, nor of what cannot be read. */
function absentCountText(persona: ClusterPersona, field: 'runningPods' | 'applicationCount'): string {
  const { status } = persona;
  return status?.lastDiscovery === undefined || status.unreadableFields.has(field)
    ? unknownText()
    : l10n.t('none reported');
}

function PodsTile(props: {
  readonly running: number | undefined;
  readonly total: number | undefined;
  readonly absent: string;
}): ReactElement {
  const { running, total } = props;
  return (
    <Tile
      title={l10n.t('Pods running')}
      value={running === undefined ? undefined : formatCount(running)}
      absent={props.absent}
      unit={total === undefined ? undefined : l10n.t('of {0} capacity', formatCount(total))}
    >
      {running !== undefined && total !== undefined && total > 0 && (
        <Meter percent={(running / total) * 100} label={l10n.t('Pods running')} />
      )}
    </Tile>
  );
}

function DiscoveryTile({ persona }: { readonly persona: ClusterPersona }): ReactElement {
  const title = l10n.t('Last discovery');
  const discovered = parseInstant(persona.status?.lastDiscovery);
  if (discovered === undefined) {
    return <Tile title={title} value={undefined} absent={absentInstantText(persona)} />;
  }
  return (
    <section className="tile" title={formatInstant(discovered)}>
      <h2>{title}</h2>
      <div className="tile-figure">
        <Now>{(now) => <AgeFigure instant={discovered} now={now} />}</Now>
      </div>
    </section>
  );
}

/** Nobody has looked yet, or when they did cannot be read. */
function absentInstantText({ phase, status }: ClusterPersona): string {
  const isUnreadable =
    status === undefined ? phase === 'Unknown' : status.unreadableFields.has('lastDiscovery');
  return isUnreadable ? unknownText() : l10n.t('not yet');
}

function AgeFigure({ instant, now }: { readonly instant: number; readonly now: number }): ReactElement {
  // By a clock that is wrong, it is not known how long ago it was.
  if (isAhead(instant, now)) {
    return (
      <>
        <span className="tile-value tile-absent">{l10n.t('in the future')}</span>
        <span className="muted">{formatInstant(instant)}</span>
      </>
    );
  }
  return (
    <>
      <span className="tile-value">{spanText(now - instant)}</span>
      <span className="muted">{l10n.t('ago')}</span>
    </>
  );
}
