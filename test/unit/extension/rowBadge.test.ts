import assert from 'node:assert/strict';
import { rowBadge } from '../../../src/extension/tree/rowBadge';
import type { AlertCounts } from '../../../src/hub/alerts/alertCounts';
import type { AwayChange } from '../../../src/protocol/awayChange';

const NONE: AlertCounts = { total: 0, worst: undefined };
const alerts = (total: number): AlertCounts => ({ total, worst: 'warning' });
const change = (fields: Partial<AwayChange>): AwayChange => ({
  type: 'updated',
  how: 'observed',
  fields: [],
  more: 0,
  from: 0,
  until: 1,
  isSeen: false,
  ...fields,
});

describe('the badge of a row', () => {
  it('counts alerts', () => {
    assert.deepEqual(rowBadge(alerts(1), undefined), { badge: '1', tooltip: '1 alert' });
    assert.deepEqual(rowBadge(alerts(9), undefined)?.badge, '9');
    assert.deepEqual(rowBadge(alerts(4_711), undefined), { badge: '9+', tooltip: '4711 alerts' });
  });

  it('says what changed where there is no alert', () => {
    assert.equal(rowBadge(NONE, change({ more: 3 }))?.badge, '•3');
    assert.equal(rowBadge(NONE, change({ more: 40 }))?.badge, '•9');
    assert.equal(rowBadge(NONE, change({ type: 'added' }))?.badge, '•+');
    assert.equal(rowBadge(NONE, change({ type: 'deleted' }))?.badge, '•−');
  });

  it('shows both in two characters, and says both', () => {
    const both = rowBadge(alerts(2), change({ more: 3 }));
    assert.equal(both?.badge, '2•');
    assert.match(both?.tooltip ?? '', /^2 alerts · .+/);
    assert.equal(rowBadge(alerts(12), change({ more: 3 }))?.badge, '9•');
  });

  it('is not there for what was seen', () => {
    assert.equal(rowBadge(NONE, change({ isSeen: true })), undefined);
    assert.equal(rowBadge(alerts(2), change({ isSeen: true }))?.badge, '2');
    assert.equal(rowBadge(NONE, undefined), undefined);
  });
});
