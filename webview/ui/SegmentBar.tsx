import type { ReactElement } from 'react';

export type SegmentState = 'ok' | 'warning' | 'unknown';

export interface SegmentBarProps {
  /** One a thing, in order. */
  readonly segments: readonly SegmentState[];
  /** What the bar says, in words. */
  readonly label: string;
}

/** Beyond this a segment is narrower than the gap beside it. */
const MAX_SEGMENTS = 24;

/**
 * Things as a row of blocks. What is not well is lower as well as coloured. Of many things the bar shows shares: each
 * state that occurs has at least one block, so that one bad node of a thousand is seen.
 */
export function SegmentBar({ segments, label }: SegmentBarProps): ReactElement | null {
  if (segments.length === 0) {
    return null;
  }
  const shown = segments.length > MAX_SEGMENTS ? shares(segments) : segments;
  return (
    <div className="segments">
      <span className="sr-only">{label}</span>
      {shown.map((state, place) => (
        <span key={`${place}`} className={`segment segment-${state}`} />
      ))}
    </div>
  );
}

function shares(segments: readonly SegmentState[]): readonly SegmentState[] {
  const bad = (['warning', 'unknown'] as const).flatMap((state) => {
    const count = segments.reduce((sum, segment) => sum + (segment === state ? 1 : 0), 0);
    const blocks = count === 0 ? 0 : Math.max(1, Math.round((count / segments.length) * MAX_SEGMENTS));
    return Array.from({ length: blocks }, () => state);
  });
  const ok = segments.includes('ok') ? Math.max(1, MAX_SEGMENTS - bad.length) : 0;
  return [...bad, ...Array.from({ length: ok }, () => 'ok' as const)];
}
