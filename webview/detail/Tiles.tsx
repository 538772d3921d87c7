import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { capacityOf, type Capacity } from '../../src/persona/capacity';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { countNodes } from '../../src/persona/nodeCounts';
import { isAhead, spanText } from '../../src/texts/ageText';
import { Now } from '../realtime/Now';
import { formatInstant, parseInstant } from '../ui/formatInstant';
import { coresText, formatBytes, formatCount, formatPercent, unknownText } from '../ui/formatNumber';
import { Meter } from '../ui/Meter';
import { SegmentBar, type SegmentState } from '../ui/SegmentBar';
import { Tile } from '../ui/Tile';

/** The figures that say how the cluster is. What is not known reads so; a zero that was never reported is none. */
export function Tiles({ persona }: { readonly persona: ClusterPersona }): ReactElement {
  const { cpu, memory, pods } = capacityOf(persona);
  return (
    <div className="tiles">
      <NodesTile persona={persona} />
      <UsageTile title={l10n.t('CPU')} capacity={cpu} format={coresText} />
      <UsageTile title={l10n.t('Memory')} capacity={memory} format={formatBytes} />
      <PodsTile running={pods.running} total={pods.total} absent={absentCountText(persona, 'runningPods')} />
      <Tile
        title={l10n.t('Applications')}
        value={
          persona.status?.applicationCount === undefined
            ? undefined
            : formatCount(persona.status.applicationCount)
        }
        absent={absentCountText(persona, 'applicationCount')}
      />
      <DiscoveryTile persona={persona} />
    </div>
  );
}

/** After a discovery the operator leaves out what is zero. Before it nothing is known, nor of what cannot be read. */
function absentCountText(persona: ClusterPersona, field: 'runningPods' | 'applicationCount'): string {
  const { status } = persona;
  return status?.lastDiscovery === undefined || status.unreadableFields.has(field)
    ? unknownText()
    : l10n.t('none reported');
}

function NodesTile({ persona }: { readonly persona: ClusterPersona }): ReactElement {
  const title = l10n.t('Nodes ready');
  const counts = countNodes(persona);
  if (counts === undefined) {
    return <Tile title={title} value={undefined} />;
  }
  const unreadable = persona.status?.unreadable.nodes ?? 0;
  const undecided = counts.unknown - unreadable;
  const segments = [
    ...(persona.status?.nodes ?? []).map((node): SegmentState =>
      node.ready === undefined ? 'unknown' : node.ready ? 'ok' : 'warning',
    ),
    ...Array.from({ length: unreadable }, () => 'unknown' as const),
  ];
  const unreadableText = l10n.t('{0} unreadable', formatCount(unreadable));
  const label = [
    l10n.t('{0} ready', formatCount(counts.ready)),
    ...(counts.notReady > 0 ? [l10n.t('{0} not ready', formatCount(counts.notReady))] : []),
    ...(undecided > 0 ? [l10n.t('{0} unknown', formatCount(undecided))] : []),
    ...(unreadable > 0 ? [unreadableText] : []),
  ].join(', ');
  return (
    <Tile
      title={title}
      value={formatCount(counts.ready)}
      unit={l10n.t('of {0}', formatCount(counts.total))}
      hint={label}
    >
      {unreadable > 0 && <span aria-hidden="true">{unreadableText}</span>}
      <SegmentBar segments={segments} label={label} />
    </Tile>
  );
}

function UsageTile(props: {
  readonly title: string;
  readonly capacity: Capacity;
  readonly format: (amount: number) => string;
}): ReactElement {
  const { title, capacity, format } = props;
  const available = capacity.allocatable ?? capacity.total;
  const hint = capacityHint(capacity, format);
  const percent = capacity.utilizationPercent;
  if (percent === undefined) {
    return (
      <Tile title={title} value={available === undefined ? undefined : format(available)} hint={hint}>
        {available !== undefined && l10n.t('use unknown')}
      </Tile>
    );
  }
  return (
    <Tile
      title={title}
      value={formatPercent(percent)}
      unit={available === undefined ? undefined : l10n.t('of {0}', format(available))}
      hint={hint}
    >
      <Meter percent={percent} label={title} />
    </Tile>
  );
}

function capacityHint(capacity: Capacity, format: (amount: number) => string): string | undefined {
  const parts = [
    capacity.used === undefined ? undefined : l10n.t('{0} used', format(capacity.used)),
    capacity.allocatable === undefined
      ? undefined
      : l10n.t('{0} for workloads', format(capacity.allocatable)),
    capacity.total === undefined ? undefined : l10n.t('{0} in total', format(capacity.total)),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
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
