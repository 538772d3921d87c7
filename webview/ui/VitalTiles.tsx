import * as l10n from '@vscode/l10n';
import { memo, useMemo, type ReactElement, type ReactNode } from 'react';
import type { SeriesPoint } from '../../src/base/readSeries';
import { capacityOf, type Capacity } from '../../src/persona/capacity';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { countNodes } from '../../src/persona/nodeCounts';
import { percentText } from '../../src/texts/percentText';
import { coresText, formatBytes, formatCount } from './formatNumber';
import { Meter } from './Meter';
import { SegmentBar, type SegmentState } from './SegmentBar';
import { Sparkline, type SparklineProps } from './Sparkline';
import { Tile } from './Tile';
import type { WithNow } from './withNow';

/** The share of something in use, as it was measured. */
export interface Usage {
  /** Percentages, in any order and state; empty where nobody told. */
  readonly points: readonly SeriesPoint[];
  /** The last of them, as far as it counts as current. */
  readonly latest: number | undefined;
}

export interface UsageSeries {
  readonly cpu: Usage;
  readonly memory: Usage;
  /** How far back they are drawn. */
  readonly windowMs: number;
}

export interface VitalTilesProps {
  readonly persona: ClusterPersona;
  readonly series: UsageSeries;
  readonly withNow: WithNow;
  /** Further tiles of the same grid. */
  readonly children: ReactNode;
}

/** A drawing moves on by this much at once: about two pixels of ten minutes. */
const STEP_MS = 5_000;

/** The figures that say how the cluster is. What is not known reads so; a zero that was never reported is none. */
export function VitalTiles({ persona, series, withNow, children }: VitalTilesProps): ReactElement {
  // A new reading comes more often than a new persona, which may have thousands of nodes.
  const { cpu, memory } = useMemo(() => capacityOf(persona), [persona]);
  const { windowMs } = series;
  return (
    <div className="tiles">
      <NodesTile persona={persona} />
      <UsageTile
        {...{ windowMs, withNow }}
        title={l10n.t('CPU')}
        capacity={cpu}
        format={coresText}
        usage={series.cpu}
        hue="blue"
      />
      <UsageTile
        {...{ windowMs, withNow }}
        title={l10n.t('Memory')}
        capacity={memory}
        format={formatBytes}
        usage={series.memory}
        hue="purple"
      />
      {children}
    </div>
  );
}

const NodesTile = memo(function NodesTile(props: { readonly persona: ClusterPersona }): ReactElement {
  const { persona } = props;
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
});

function UsageTile(
  props: Pick<SparklineProps, 'title' | 'hue' | 'windowMs'> & {
    readonly usage: Usage;
    readonly capacity: Capacity;
    readonly format: (amount: number) => string;
    readonly withNow: WithNow;
  },
): ReactElement {
  const { title, usage, hue, windowMs, capacity, format, withNow } = props;
  const { points } = usage;
  const available = capacity.allocatable ?? capacity.total;
  const hint = capacityHint(capacity, format);
  // What was measured may be newer than what was reported, and the line ends in it.
  const percent = usage.latest ?? capacity.utilizationPercent;
  const sparkline =
    points.length === 0
      ? undefined
      : withNow((now) => (
          <Sparkline {...{ title, points, hue, windowMs }} until={Math.ceil(now / STEP_MS) * STEP_MS} />
        ));
  if (percent === undefined) {
    return (
      <Tile title={title} value={available === undefined ? undefined : format(available)} hint={hint}>
        {available !== undefined && l10n.t('use unknown')}
        {sparkline}
      </Tile>
    );
  }
  return (
    <Tile
      title={title}
      value={percentText(percent)}
      unit={available === undefined ? undefined : l10n.t('of {0}', format(available))}
      hint={hint}
    >
      {sparkline ?? <Meter percent={percent} label={title} />}
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
