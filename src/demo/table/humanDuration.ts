const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;
const DAYS_PER_YEAR = 365;

/**
 * A length of time as kubectl and the API server show ages: one or two units, coarser the longer it is. What ends a
 * moment in the future counts as now, since clocks differ.
 */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < -1) {
    return '<invalid>';
  }
  if (seconds < 120) {
    return `${Math.max(0, seconds)}s`;
  }
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) {
    return withRest(minutes, 'm', seconds % 60, 's');
  }
  if (minutes < 3 * MINUTES_PER_HOUR) {
    return `${minutes}m`;
  }
  const hours = Math.trunc(minutes / MINUTES_PER_HOUR);
  if (hours < 8) {
    return withRest(hours, 'h', minutes % MINUTES_PER_HOUR, 'm');
  }
  if (hours < 2 * HOURS_PER_DAY) {
    return `${hours}h`;
  }
  const days = Math.trunc(hours / HOURS_PER_DAY);
  if (days < 8) {
    return withRest(days, 'd', hours % HOURS_PER_DAY, 'h');
  }
  if (days < 2 * DAYS_PER_YEAR) {
    return `${days}d`;
  }
  const years = Math.trunc(days / DAYS_PER_YEAR);
  return years < 8 ? withRest(years, 'y', days % DAYS_PER_YEAR, 'd') : `${years}y`;
}

/** The time since an RFC 3339 instant; `<unknown>` where there is none. */
export function humanAge(instant: unknown, nowMs: number): string {
  if (typeof instant !== 'string' || instant === '') {
    return '<unknown>';
  }
  const timeMs = Date.parse(instant);
  return Number.isNaN(timeMs) ? '<invalid>' : humanDuration(nowMs - timeMs);
}

function withRest(count: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${count}${unit}` : `${count}${unit}${rest}${restUnit}`;
}
