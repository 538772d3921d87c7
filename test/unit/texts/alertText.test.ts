import assert from 'node:assert/strict';
import { ALERT_RULES, SEVERITIES } from '../../../src/protocol/alert';
import { alertCountText, alertText, severityText } from '../../../src/texts/alertText';
import { assertReadable } from '../../support/assertReadable';

describe('what alerts are called', () => {
  it('is readable for every rule and severity', () => {
    for (const rule of ALERT_RULES) {
      assertReadable(alertText({ rule, subject: 'x', value: 95.4, threshold: 90 }));
    }
    for (const severity of SEVERITIES) {
      assertReadable(severityText(severity));
    }
  });

  it('names the subject, or counts subjects where there is none', () => {
    assert.equal(alertText({ rule: 'nodeNotReady', subject: 'n1' }), 'Node n1 is not ready');
    assert.equal(alertText({ rule: 'nodeNotReady', value: 14 }), '14 nodes are not ready');
    assert.equal(alertText({ rule: 'addonUnhealthy', value: 11 }), '11 add-ons are unhealthy');
    assert.equal(alertText({ rule: 'conditionFalse', value: 12 }), '12 conditions are False');
    assert.equal(alertText({ rule: 'cpuHigh', value: 95.4, threshold: 90 }), 'CPU is at 95 %, above 90 %');
  });

  it('names two figures that read as different where they are', () => {
    const texts = [90.02, 90.6, 1e6].map((value) => alertText({ rule: 'memoryHigh', value, threshold: 90 }));
    assert.deepEqual(texts, [
      'Memory is at 90.1 %, above 90 %',
      'Memory is at 91 %, above 90 %',
      'Memory is at 1000000 %, above 90 %',
    ]);
  });

  it('counts alerts', () => {
    assert.deepEqual([alertCountText(1), alertCountText(3)], ['1 alert', '3 alerts']);
  });
});
