import type { AlertCounts } from '../../hub/alerts/alertCounts';
import type { AwayChange } from '../../protocol/awayChange';
import { alertCountText } from '../../texts/alertText';
import { awayHeadline } from '../../texts/changeText';

/** A badge has room for two characters. */
const MAX_COUNT = 9;
/** Something changed while nobody could watch: before how much did, or behind a count of alerts. */
const CHANGED = '•';

export interface RowBadge {
  /** Two characters at most. */
  readonly badge: string;
  readonly tooltip: string;
}

/**
 * What stands at the end of a row. A count of alerts comes first, since they are about now, and has a dot behind it where
 * there is also an unseen change: `3`, `9+`, `3•`. Without alerts it is the dot and how many fields changed, nine meaning
 * nine or more, or that the persona is new or gone: `•3`, `•+`, `•−`. Undefined where there is neither.
 */
export function rowBadge({ total }: AlertCounts, change: AwayChange | undefined): RowBadge | undefined {
  const unseen = change?.isSeen === false ? change : undefined;
  if (total === 0) {
    return unseen === undefined
      ? undefined
      : { badge: `${CHANGED}${changeSign(unseen)}`, tooltip: awayHeadline(unseen) };
  }
  if (unseen === undefined) {
    const badge = total > MAX_COUNT ? `${MAX_COUNT}+` : String(total);
    return { badge, tooltip: alertCountText(total) };
  }
  return {
    badge: `${Math.min(total, MAX_COUNT)}${CHANGED}`,
    tooltip: `${alertCountText(total)} · ${awayHeadline(unseen)}`,
  };
}

function changeSign({ type, fields, more }: AwayChange): string {
  if (type === 'added') {
    return '+';
  }
  if (type === 'deleted') {
    return '−';
  }
  return String(Math.min(MAX_COUNT, Math.max(1, fields.length + more)));
}
