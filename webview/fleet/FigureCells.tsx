import * as l10n from '@vscode/l10n';
import { useState, type ReactElement } from 'react';
import { percentText } from '../../src/texts/percentText';
import { Now } from '../realtime/Now';
import { useRealtimeMetrics } from '../realtime/useRealtimeMetrics';
import { unknownText } from '../ui/formatNumber';
import { Meter } from '../ui/Meter';
import { Sparkline } from '../ui/Sparkline';
import { EmptyCell } from './EmptyCell';

const METRICS = ['cpuPercent', 'memoryPercent'] as const;
/** As long as a view keeps points by default. */
const WINDOW_MS = 600_000;
/** A drawing moves on by this much at once: about two of its pixels. */
const STEP_MS = 15_000;

export interface FigureCellsProps {
  readonly source: string;
  readonly name: string;
  /** Nothing is asked for rows that fly by. */
  readonly isMoving: boolean;
}

/** How CPU and memory of a cluster went and are, read for as long as the row is laid out. */
export function FigureCells({ source, name, isMoving }: FigureCellsProps): ReactElement {
  const [isAsked, setAsked] = useState(!isMoving);
  if (!isMoving && !isAsked) {
    setAsked(true);
  }
  return isAsked ? (
    <Figures source={source} name={name} />
  ) : (
    <>
      <EmptyCell column="cpu" />
      <EmptyCell column="memory" />
    </>
  );
}

function Figures({ source, name }: { readonly source: string; readonly name: string }): ReactElement {
  const [cpu, memory] = useRealtimeMetrics({
    source,
    name,
    metrics: METRICS,
    aggregation: 'last',
    windowMs: WINDOW_MS,
  });
  const title = l10n.t('CPU');
  return (
    <>
      <td className="col-cpu" data-label={title}>
        {cpu?.value === undefined ? (
          <span className="muted">{unknownText()}</span>
        ) : (
          <span className="figure">
            <Now>
              {(now) => (
                <Sparkline
                  title={title}
                  points={cpu.points}
                  until={Math.ceil(now / STEP_MS) * STEP_MS}
                  windowMs={WINDOW_MS}
                  hue="blue"
                />
              )}
            </Now>
            <span className="figure-value">{percentText(cpu.value)}</span>
          </span>
        )}
      </td>
      <td className="col-memory" data-label={l10n.t('Memory')}>
        {memory?.value === undefined ? (
          <span className="muted">{unknownText()}</span>
        ) : (
          <span className="figure">
            <Meter percent={memory.value} label={l10n.t('Memory')} />
            <span className="figure-value">{percentText(memory.value)}</span>
          </span>
        )}
      </td>
    </>
  );
}
