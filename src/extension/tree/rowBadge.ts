import type { AlertCounts } from '../../hub/alerts/alertCounts';
import type { AwayChange } from '../../protocol/awayChange';
import { alertCountText } from '../../texts/alertText';
import { awayHeadline } from '../../texts/changeText';

/** A badge has room for two characters. */
const MAX_COUNT = 9;
/** Beside a count of alerts: something also changed while nobody could watch. */
const CHANGED = '•';

export interface RowBadge {
  /** Two characters at most. */
  readonly badge: string;
  readonly tooltip: string;
}

/**
 * What stands at the end of a row: how many alerts last, since they are about now, and behind the count a dot where there
 * is also an unseen change; without alerts what changed. Undefined where there is neither.
 */
export function rowBadge({ total }: AlertCounts, change: AwayChange | undefined): RowBadge | undefined {
  const unseen = change?.isSeen === false ? change : undefined;
  if (total === 0) {
    return unseen === undefined ? undefined : { badge: badgeOf(unseen), tooltip: awayHeadline(unseen) };
  }
  if (unseen === undefined) {
    return { badge: countBadge(total), tooltip: alertCountText(total) };
  }
  return {
    badge: `${Math.min(total, MAX_COUNT)}${CHANGED}`,
    tooltip: `${alertCountText(total)} · ${awayHeadline(unseen)}`,
  };
}

function badgeOf({ type, fields, more }: AwayChange): string {
  if (type === 'added') {
    return '+';
  }
  if (type === 'deleted') {
    return '−';
  }
  return countBadge(Math.max(1, fields.length + more));
}

function countBadge(count: number): string {
  return count > MAX_COUNT ? `${MAX_COUNT}+` : String(count);
}
