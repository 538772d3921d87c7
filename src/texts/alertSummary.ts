import * as l10n from '@vscode/l10n';
import { compareSeverity, type Alert, type AlertRule } from '../protocol/alert';
import { compareNames } from './compareNames';

/**
 * The worst first; of equal ones those first that name the thing to look at, then those that only sum up, then the latest.
 * Alerts that ended are left out.
 */
export function activeWorstFirst(alerts: readonly Alert[]): readonly Alert[] {
  return alerts
    .filter(({ resolvedAt }) => resolvedAt === undefined)
    .toSorted(
      (a, b) =>
        compareSeverity(a.severity, b.severity) ||
        vagueness(a.rule) - vagueness(b.rule) ||
        b.raisedAt - a.raisedAt ||
        compareNames(a.fingerprint, b.fingerprint),
    );
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

/** Said beside alerts of a source of which nothing is heard. */
export function mayHaveEndedText(): string {
  return l10n.t('Not live: what is listed here may have ended.');
}
