import assert from 'node:assert/strict';
import { alertNewsText } from '../../../../src/extension/alerts/alertNewsText';
import type { Alert } from '../../../../src/protocol/alert';

function alert(name: string | undefined, subject = 'n1', source = 's'): Alert {
  return {
    source,
    ...(name === undefined ? {} : { name }),
    fingerprint: 'f',
    severity: 'critical',
    ...(name === undefined ? { rule: 'sourceStale' } : { rule: 'nodeNotReady', subject }),
    raisedAt: 0,
  };
}
const textOf = (...alerts: readonly Alert[]): string =>
  alertNewsText(alerts, (source) => `context ${source}`).text;

describe('the text of a notification', () => {
  it('says what is wrong with one cluster, and how much more', () => {
    assert.equal(textOf(alert('eu')), 'eu: Node n1 is not ready');
    assert.equal(textOf(alert('eu'), alert('eu', 'n2')), 'eu: Node n1 is not ready, and 1 more alert');
    assert.equal(
      textOf(alert('eu'), alert('eu', 'n2'), alert('eu', 'n3')),
      'eu: Node n1 is not ready, and 2 more alerts',
    );
    assert.equal(textOf(alert(undefined)), 'context s: What is shown is no longer known to be true');
  });

  it('names some of many clusters, each once', () => {
    assert.equal(textOf(alert('a'), alert('b'), alert('a', 'n2')), '2 clusters need attention: a, b');
    assert.equal(
      textOf(alert('a'), alert('b'), alert('a', 'x', 't'), alert('c'), alert('d')),
      '5 clusters need attention: a, b, a, and 2 more',
    );
  });

  it('is about one cluster only where all of it is', () => {
    assert.equal(alertNewsText([alert('a'), alert('a')], String).only?.name, 'a');
    assert.equal(alertNewsText([alert('a'), alert('b')], String).only, undefined);
  });

  it('makes no link and no novel of a name', () => {
    const text = textOf(alert('[x](command:y)\nz', `[a](command:b)${'n'.repeat(100_000)}`));
    assert.ok(!text.includes('](') && !text.includes('\n') && text.length < 300, text);
  });
});
