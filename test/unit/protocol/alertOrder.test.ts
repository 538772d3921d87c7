import assert from 'node:assert/strict';
import type { Alert, AlertRule, Severity } from '../../../src/protocol/alert';
import { activeWorstFirst, endedLatestFirst } from '../../../src/protocol/alertOrder';

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

describe('endedLatestFirst', () => {
  it('has what ended, the last first, and none that lasts', () => {
    const alerts = [
      { ...alert('critical', 'nodeNotReady', 1, 'first'), resolvedAt: 5 },
      alert('critical', 'nodeNotReady', 9, 'lasts'),
      { ...alert('info', 'nodeNotReady', 2, 'last'), resolvedAt: 6 },
    ];
    assert.deepEqual(
      endedLatestFirst(alerts).map(({ fingerprint }) => fingerprint),
      ['last', 'first'],
    );
  });
});
