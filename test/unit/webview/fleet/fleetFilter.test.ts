import assert from 'node:assert/strict';
import { fits, hasTerm, parseFilter, toggledTerm } from '../../../../webview/fleet/fleetFilter';
import { cluster, line } from './fleetFixture';

const row = line(
  cluster('eu-west-1', { displayName: 'Payments', phase: 'Degraded', kubernetesVersion: 'v1.34.2' }),
  { type: 'stale', since: 0 },
  { total: 2, worst: 'warning' },
);

describe('the filter of the list', () => {
  const kept = [
    '',
    '  ',
    'eu-west',
    'EU payments',
    '1.34',
    'context-s',
    'env:production',
    'env:staging env:prod',
    'phase:degraded state:stale has:alerts',
    'source:context west',
  ];
  const left = [
    'asia',
    'eu asia',
    'env:staging',
    'phase:ready',
    'state:live',
    'has:nothing',
    'source:other',
    // No terms, and so words.
    'env:',
    'unknown:term',
  ];
  for (const text of kept) {
    it(`keeps a cluster for "${text}"`, () => assert.ok(fits(row, parseFilter(text))));
  }
  for (const text of left) {
    it(`leaves it out for "${text}"`, () => assert.ok(!fits(row, parseFilter(text))));
  }

  it('takes a term and gives it back, whatever stands beside it', () => {
    const on = toggledTerm('west', 'env', 'production');
    assert.equal(on, 'west env:production');
    assert.ok(hasTerm(on, 'env', 'production') && !hasTerm(on, 'env', 'staging'));
    assert.equal(toggledTerm('ENV:Production west', 'env', 'production'), 'west');
    assert.ok(hasTerm(toggledTerm('', 'phase', 'NotDiscovered'), 'phase', 'NotDiscovered'));
  });
});
