import { SEVERITIES, type Alert, type Severity } from '../../src/protocol/alert';

/** Whether `severity` is at least as bad as `least`. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}

/** The worst first, of equally bad ones the latest; what is the same in both keeps one order, by fingerprint. */
export function byUrgency(a: Alert, b: Alert): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.raisedAt - a.raisedAt ||
    compareTexts(a.fingerprint, b.fingerprint)
  );
}

/** What ended last first. */
export function byEnd(a: Alert, b: Alert): number {
  return (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0) || compareTexts(a.fingerprint, b.fingerprint);
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
