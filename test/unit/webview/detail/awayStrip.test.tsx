import assert from 'node:assert/strict';
import type { AwayChange } from '../../../../src/protocol/awayChange';
import { queryKeys } from '../../../../src/protocol/queryKeys';
import { trackLeaks } from '../../../support/leakTracker';
import { fullPersona, NOW, showDetail } from './detailFixture';

function textWith(
  change: Partial<AwayChange> | undefined,
  object: object | 'absent' = fullPersona(),
): string {
  const whole: AwayChange | undefined = change && {
    type: 'updated',
    how: 'inferred',
    from: NOW - 4_000_000,
    until: NOW - 60_000,
    fields: [],
    more: 0,
    isSeen: false,
    ...change,
  };
  return showDetail({
    object,
    arrange: ({ queryClient }) =>
      queryClient.setQueryData(queryKeys.awayChange('s', 'eu'), whole === undefined ? {} : { change: whole }),
  }).text;
}

describe('detail panel, what changed while nobody could watch', () => {
  trackLeaks();

  it('counts the changes, names the first three, and owns up to steps that may be missing', () => {
    const text = textWith({
      fields: [
        { path: 'status.phase', before: 'Ready', after: 'Degraded' },
        { path: 'status.nodes[node-d]', after: '{"name":"node-d"}' },
        { path: 'status.addons[loki]', before: '{"name":"loki"}' },
        { path: 'spec.environment', before: 'staging', after: 'production' },
      ],
      more: 2,
    });
    assert.match(text, /6 changes while you were away .*, steps in between may be missing/);
    assert.match(text, /phase Ready → Degraded \+ nodes\[node-d\] − addons\[loki\]/);
    assert.doesNotMatch(text, /spec\.environment staging/);
  });

  it('says that every step was observed where it was', () => {
    const text = textWith({
      how: 'observed',
      fields: [{ path: 'status.phase', before: 'Ready', after: 'Degraded' }],
    });
    assert.match(text, /1 change while you were away .*, every step was observed/);
  });

  it('says that a cluster was deleted, where there is nothing else to show', () => {
    assert.match(textWith({ type: 'deleted' }, 'absent'), /Deleted while you were away/);
  });

  it('is not there where nothing changed', () => {
    assert.doesNotMatch(textWith(undefined), /while you were away/);
  });
});
