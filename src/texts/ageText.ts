import * as l10n from '@vscode/l10n';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A span of time in one unit, as short as `kubectl` says it: "12 s", "4 min", "3 h", "5 d". */
export function spanText(spanMs: number): string {
  const ms = Math.max(0, spanMs);
  if (ms < MINUTE_MS) {
    return l10n.t('{0} s', Math.floor(ms / SECOND_MS));
  }
  if (ms < HOUR_MS) {
    return l10n.t('{0} min', Math.floor(ms / MINUTE_MS));
  }
  if (ms < 2 * DAY_MS) {
    return l10n.t('{0} h', Math.floor(ms / HOUR_MS));
  }
  return l10n.t('{0} d', Math.floor(ms / DAY_MS));
}

/** Clocks of two machines differ by this much without anybody noticing. */
const CLOCK_SKEW_MS = MINUTE_MS;

/** Whether `instant` is further ahead of `now` than clocks differ. Both are wall milliseconds. */
export function isAhead(instant: number, now: number): boolean {
  return instant - now > CLOCK_SKEW_MS;
}

/** How long ago an instant was: "4 min ago". Both are wall milliseconds; a cluster's clock may be wrong. */
export function agoText(instant: number, now: number): string {
  return isAhead(instant, now) ? l10n.t('in the future') : l10n.t('{0} ago', spanText(now - instant));
}

/** How old the data is: "as of 2 s ago". `asOf` and `now` are wall milliseconds. */
export function asOfText(asOf: number, now: number): string {
  return l10n.t('as of {0} ago', spanText(now - asOf));
}
