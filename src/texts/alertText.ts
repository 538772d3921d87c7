import * as l10n from '@vscode/l10n';
import type { Alert, Severity } from '../protocol/alert';
import { spanText } from './ageText';
import { countText } from './countText';

/**
 * What is wrong, in one sentence without an end: "Node ip-10-0-1-2 is not ready". Without a subject, nodes, add-ons and
 * conditions are counted: "14 nodes are not ready".
 */
export function alertText(alert: Pick<Alert, 'rule' | 'subject' | 'value' | 'threshold'>): string {
  const subject = alert.subject ?? '';
  const value = Math.round(alert.value ?? 0);
  switch (alert.rule) {
    case 'phaseDegraded':
      return l10n.t('The operator reports Degraded');
    case 'phaseUnknown':
      return l10n.t('The operator reports Unknown');
    case 'nodeNotReady':
      if (alert.subject === undefined) {
        return countText(value, l10n.t('1 node is not ready'), l10n.t('{0} nodes are not ready', value));
      }
      return l10n.t('Node {0} is not ready', subject);
    case 'addonUnhealthy':
      if (alert.subject === undefined) {
        return countText(value, l10n.t('1 add-on is unhealthy'), l10n.t('{0} add-ons are unhealthy', value));
      }
      return l10n.t('Add-on {0} is unhealthy', subject);
    case 'conditionFalse':
      if (alert.subject === undefined) {
        return countText(value, l10n.t('1 condition is False'), l10n.t('{0} conditions are False', value));
      }
      return l10n.t('Condition {0} is False', subject);
    case 'cpuHigh':
      return l10n.t('CPU is at {0} %, above {1} %', ...percents(alert));
    case 'memoryHigh':
      return l10n.t('Memory is at {0} %, above {1} %', ...percents(alert));
    case 'discoveryOld':
      return l10n.t('The last discovery was {0} ago', spanText(alert.value ?? 0));
    case 'sourceStale':
      return l10n.t('What is shown is no longer known to be true');
    default:
      return alert.rule satisfies never;
  }
}

/** The value is whole, unless it would then not read as above the threshold. */
function percents({ value = 0, threshold = 0 }: Pick<Alert, 'value' | 'threshold'>): [number, number] {
  const whole = Math.round(value);
  return [whole > threshold ? whole : Math.ceil(value * 10) / 10, Math.round(threshold * 10) / 10];
}

export function severityText(severity: Severity): string {
  switch (severity) {
    case 'critical':
      return l10n.t('critical');
    case 'warning':
      return l10n.t('warning');
    case 'info':
      return l10n.t('info');
    default:
      return severity satisfies never;
  }
}

export function alertCountText(count: number): string {
  return countText(count, l10n.t('1 alert'), l10n.t('{0} alerts', count));
}
