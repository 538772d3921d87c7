import { memo, type ReactElement } from 'react';
import { readSeries, type SeriesPoint } from '../../src/base/readSeries';
import { seriesText } from '../../src/texts/seriesText';
import { unknownText } from './formatNumber';
import { sparklineShape } from './sparklineShape';

/** The drawing is stretched to the room there is, which is about as wide. */
const SIZE = { width: 240, height: 24 } as const;

export interface SparklineProps {
  /** What is drawn: "CPU". */
  readonly title: string;
  /** Percentages; in any order and state. */
  readonly points: readonly SeriesPoint[];
  /** The right end, in wall milliseconds. */
  readonly until: number;
  readonly windowMs: number;
  /** Which of the theme's colours: two things in one view have two. */
  readonly hue: 'blue' | 'purple';
}

/**
 * How a percentage went, from 0 to 100, the latest at the right. A time of which nothing is known is left empty, and where
 * nothing is known at all there is a word. It does not move: a new point makes a new drawing.
 */
export const Sparkline = memo(function Sparkline(props: SparklineProps): ReactElement {
  const { title, points, until, windowMs, hue } = props;
  const window = { from: until - windowMs, until };
  const series = readSeries(points, window);
  if (series === undefined) {
    return <span>{unknownText()}</span>;
  }
  const { lines, areas, dots } = sparklineShape(series, window, SIZE);
  const label = `${title}, ${seriesText(series, windowMs)}`;
  return (
    <span className="sparkline-frame" title={label}>
      <svg
        className={`sparkline sparkline-${hue}`}
        role="img"
        aria-label={label}
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        preserveAspectRatio="none"
      >
        <path className="sparkline-area" d={areas.join('')} />
        <path className="sparkline-line" d={lines.join('')} vectorEffect="non-scaling-stroke" />
        <path className="sparkline-dot" d={dots.join('')} vectorEffect="non-scaling-stroke" />
      </svg>
    </span>
  );
});
