import assert from 'node:assert/strict';
import type { Alert, AlertRule, Severity } from '../../../src/protocol/alert';
import { activeWorstFirst } from '../../../src/texts/alertSummary';

function alert(severity: Severity, rule: AlertRule, raisedAt: number, fingerprint: string): Alert {
  return { source: 's', name: 'eu', fingerprint, severity, rule, raisedAt };
}

describe('activeWorstFirst', () => {
  it('has the worst first, then those that name a thing, then the latest, and none that ended', () => {
    const alerts = [
      alert('info', 'nodeNotReady', 9, 'info'),
      alert('warning', 'phaseDegraded', 9, 'sums up'),
      alert('warning', 'conditionFalse', 9, 'sums up a part'),
      alert('warning', 'nodeNotReady', 1, 'earlier'),
      alert('warning', 'addonUnhealthy', 2, 'later'),
      { ...alert('critical', 'nodeNotReady', 9, 'ended'), resolvedAt: 10 },
      alert('critical', 'phaseUnknown', 1, 'worst'),
    ];
    assert.deepEqual(
      activeWorstFirst(alerts).map(({ fingerprint }) => fingerprint),
      ['worst', 'later', 'earlier', 'sums up a part', 'sums up', 'info'],
    );
  });
});
