import { compareSeverity, type Alert, type AlertRule, type Severity } from './alert';

/** Whether `severity` is at least as bad as `least`. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return compareSeverity(severity, least) <= 0;
}

/**
 * The worst first; of equal ones those first that name the thing to look at, then those that only sum up, then the latest, and
 * what is the same in all of it in one order. Alerts that ended are left out.
 */
export function activeWorstFirst(alerts: readonly Alert[]): readonly Alert[] {
  return alerts
    .filter(({ resolvedAt }) => resolvedAt === undefined)
    .toSorted(
      (a, b) =>
        compareSeverity(a.severity, b.severity) ||
        vagueness(a.rule) - vagueness(b.rule) ||
        b.raisedAt - a.raisedAt ||
        compareFingerprints(a, b),
    );
}

/** Those that ended, the last first. */
export function endedLatestFirst(alerts: readonly Alert[]): readonly Alert[] {
  return alerts
    .filter(({ resolvedAt }) => resolvedAt !== undefined)
    .toSorted((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0) || compareFingerprints(a, b));
}

function vagueness(rule: AlertRule): number {
  switch (rule) {
    case 'nodeNotReady':
    case 'addonUnhealthy':
    case 'cpuHigh':
    case 'memoryHigh':
      return 0;
    case 'conditionFalse':
      return 1;
    case 'phaseDegraded':
    case 'phaseUnknown':
    case 'discoveryOld':
    case 'sourceStale':
      return 2;
    default:
      return rule satisfies never;
  }
}

function compareFingerprints({ fingerprint: a }: Alert, { fingerprint: b }: Alert): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
