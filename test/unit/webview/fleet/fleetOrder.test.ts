import assert from 'node:assert/strict';
import { FleetOrder } from '../../../../webview/fleet/fleetOrder';
import type { FleetRow } from '../../../../webview/fleet/fleetRows';
import { FLEET_COLUMNS, parseSort, sortText } from '../../../../webview/fleet/fleetState';
import { cluster, line, status } from './fleetFixture';

const names = (rows: readonly FleetRow[]): (string | undefined)[] => rows.map((row) => row.cluster?.name);

describe('the order of the list', () => {
  it('has what needs somebody first, and otherwise names as people order them', () => {
    const rows = [
      line(cluster('node-10')),
      line(cluster('node-2')),
      line(cluster('stale'), { type: 'stale', since: 0 }),
      line(cluster('warned', { health: 'warning' })),
      line(cluster('alerted'), undefined, { total: 1, worst: 'warning' }),
      line(cluster('critical', { health: 'error' }), undefined, { total: 3, worst: 'critical' }),
    ];
    assert.deepEqual(names(new FleetOrder().sort(rows, undefined)), [
      'critical',
      'alerted',
      'warned',
      'stale',
      'node-2',
      'node-10',
    ]);
  });

  it('goes by a column, with what is not known last either way', () => {
    const rows = [
      line(cluster('a', { kubernetesVersion: 'v1.9.0' })),
      line(cluster('b', { kubernetesVersion: 'v1.10.1+k3s1' })),
      line(cluster('c', { kubernetesVersion: 'unreadable' })),
      line(cluster('d')),
    ];
    const order = new FleetOrder();
    const by = (isDescending: boolean) => names(order.sort(rows, { column: 'version', isDescending }));
    assert.deepEqual(by(false), ['a', 'b', 'c', 'd']);
    assert.deepEqual(by(true), ['b', 'a', 'c', 'd']);
  });

  it('finds a place for names that come later, and forgets those that went', () => {
    const order = new FleetOrder();
    const sort = { column: 'name', isDescending: false } as const;
    const numbered = (from: number, count: number): FleetRow[] =>
      Array.from({ length: count }, (_, place) => line(cluster(`c-${from + place}`)));
    order.sort(numbered(0, 3_000), sort);
    const later = [...numbered(5_000, 3), line(cluster('c-4')), line(cluster('a'))];
    assert.deepEqual(names(order.sort(later, sort)), ['a', 'c-4', 'c-5000', 'c-5001', 'c-5002']);
  });

  it('has room for sources of which nothing is known', () => {
    const source: FleetRow = {
      key: 'x',
      cluster: undefined,
      status: status('x', { type: 'failed', problem: { code: 'dns', detail: 'd' } }, 0),
      alerts: undefined,
    };
    const rows = [line(cluster('a')), source];
    for (const column of FLEET_COLUMNS) {
      assert.equal(new FleetOrder().sort(rows, { column, isDescending: false }).length, 2);
    }
    assert.deepEqual(names(new FleetOrder().sort(rows, undefined)), [undefined, 'a']);
  });

  it('can be written into an address', () => {
    for (const column of FLEET_COLUMNS) {
      for (const isDescending of [true, false]) {
        assert.deepEqual(parseSort(sortText({ column, isDescending })), { column, isDescending });
      }
    }
    assert.equal(parseSort('constructor'), undefined);
  });
});
