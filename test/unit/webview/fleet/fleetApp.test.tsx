import assert from 'node:assert/strict';
import { createRoot, type Root } from 'react-dom/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AlertCountsOf } from '../../../../src/protocol/alert';
import type { SummaryRow } from '../../../../src/protocol/summaryRow';
import { FleetApp } from '../../../../webview/fleet/FleetApp';
import { INITIAL_FLEET_STATE, type FleetState } from '../../../../webview/fleet/fleetState';
import { ConnectionProvider } from '../../../../webview/realtime/connectionContext';
import { FleetBook } from '../../../../webview/realtime/fleetBook';
import type { SourceStatus } from '../../../../src/protocol/sourceState';
import { withHookBench } from '../hookBench';
import { cluster, status } from './fleetFixture';

/** However high the window is: beyond are only rows that nobody sees. */
const MOST_ROWS = 120;

describe('the list of a hub’s clusters', () => {
  const bench = withHookBench();
  let root: Root | undefined;
  let book: FleetBook | undefined;
  let store: StoreApi<FleetState>;

  before(() => {
    Object.assign(globalThis, {
      matchMedia: window.matchMedia.bind(window),
      ResizeObserver: window.ResizeObserver,
      HTMLElement: window.HTMLElement,
    });
  });
  after(() => {
    for (const name of ['matchMedia', 'ResizeObserver', 'HTMLElement']) {
      Reflect.deleteProperty(globalThis, name);
    }
  });
  // Before the bench's own hook, which ends the connection.
  async function leave(): Promise<void> {
    await bench().does(() => root?.unmount());
    book?.dispose();
    root = undefined;
    book = undefined;
  }

  async function show(
    rows: readonly SummaryRow[],
    sources: readonly SourceStatus[] = [status('s')],
    counts: readonly AlertCountsOf[] = [],
    state: Partial<FleetState> = {},
  ): Promise<void> {
    const { connection, clock, host } = bench();
    const made = new FleetBook(connection.client, connection.realtime, clock);
    book = made;
    store = createStore<FleetState>(() => ({ ...INITIAL_FLEET_STATE, ...state }));
    document.body.innerHTML = '<div id="root"></div>';
    const shown = createRoot(document.getElementById('root') ?? assert.fail());
    root = shown;
    await bench().does(() =>
      shown.render(
        <ConnectionProvider connection={connection}>
          <FleetApp book={made} store={store} />
        </ConnectionProvider>,
      ),
    );
    await bench().advance(0);
    await bench().does(() => {
      host.respond(host.lastRequest('clusters.list').id, { rows, removed: [], version: 'v', reset: true });
      host.respond(host.lastRequest('sources.list').id, { sources });
      host.respond(host.lastRequest('alerts.counts').id, { counts, unwatched: [] });
    });
  }

  const lines = (): string[] =>
    [...document.querySelectorAll<HTMLElement>('.fleet-line')].map((line) =>
      line.textContent.replaceAll(/\s+/g, ' ').trim(),
    );
  const names = (): string[] =>
    [...document.querySelectorAll('.fleet-link')].map(({ textContent }) => textContent);

  it('says of each what it is, how it is, and what is wrong', async () => {
    await show(
      [
        cluster('eu', {
          phase: 'Degraded',
          health: 'warning',
          nodesReady: 11,
          nodesTotal: 12,
          addonsInstalled: 6,
          addonsUnhealthy: 1,
          applications: 47,
          kubernetesVersion: 'v1.34.2+k3s1',
          displayName: 'Payments',
        }),
        cluster('ml', { phase: 'NotDiscovered', health: 'unknown', environment: 'development' }),
      ],
      [status('s')],
      [{ source: 's', name: 'eu', total: 3, worst: 'critical' }],
    );
    const [eu = '', ml = ''] = lines();
    assert.match(
      eu,
      /eu.*Payments.*production.*Degraded.*11 \/ 12.*1 unhealthy.*6.*47.*1\.34\.2\+k3s1.*3 alerts.*live/,
    );
    assert.match(ml, /ml.*development.*not discovered yet.*unknown.*unknown.*unknown.*live/);
    assert.match(document.body.textContent, /2 clusters · 2 live/);
    await leave();
  });

  it('lays out only what is seen of thousands, and says how many there are', async () => {
    const many = Array.from({ length: 5_000 }, (_, place) => cluster(`c-${place}`));
    await show(many);
    assert.ok(names().length > 10 && names().length <= MOST_ROWS, `${names().length} rows`);
    assert.equal(document.querySelector('table')?.getAttribute('aria-rowcount'), '5001');
    assert.equal(document.querySelector('.fleet-line')?.getAttribute('aria-rowindex'), '2');
    assert.match(document.body.textContent, /5,000 clusters/);
    await bench().does(() => store.setState({ filter: 'c-4999' }));
    assert.deepEqual(names(), ['c-4999']);
    assert.match(document.body.textContent, /Showing 1 of 5,000/);
    await leave();
  });

  it('shows a source of which nothing is known as what it is, and opens nothing there', async () => {
    const failed = status('t', { type: 'failed', problem: { code: 'dns', detail: 'd' } }, 0);
    await show([cluster('eu')], [status('s'), failed]);
    const line = lines().find((text) => text.includes('context-t')) ?? '';
    assert.match(line, /context-t.*no cluster read.*failed · Server name not found/);
    assert.deepEqual(names(), ['eu']);
    // There are several, so each cluster says from where it is.
    assert.match(lines().find((text) => text.includes('eu')) ?? '', /context-s/);
    await leave();
  });

  it('says so where there is nothing, or nothing that fits', async () => {
    await show([], []);
    assert.match(document.body.textContent, /This hub follows no cluster/);
    await leave();
    await show([cluster('eu')], [status('s')], [], { filter: 'nothing' });
    assert.match(document.body.textContent, /No cluster fits the filter/);
    await leave();
  });

  it('moves with the arrows, and keeps one line in the order of tabs', async () => {
    await show([cluster('a'), cluster('b'), cluster('c')]);
    const press = (key: string): Promise<void> =>
      bench().does(() => {
        document
          .querySelector('table')
          ?.dispatchEvent(new window.KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      });
    const tabStops = (): (string | null)[] =>
      [...document.querySelectorAll('.fleet-link[tabindex="0"]')].map(({ textContent }) => textContent);
    assert.deepEqual(tabStops(), ['a']);
    const stops: (string | null)[] = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'End', 'Home', 'PageDown', 'x']) {
      await press(key);
      stops.push(...tabStops());
    }
    assert.deepEqual(stops, ['b', 'c', 'c', 'b', 'c', 'a', 'c', 'c']);
    assert.equal(document.activeElement?.textContent, 'c');
    await press('l');
    assert.deepEqual(bench().host.lastRequest('command.run').params, {
      command: { type: 'openLogs', source: 's', name: 'c' },
    });
    await leave();
  });

  it('sorts by a column: up, down, and as before', async () => {
    await show([cluster('a', { nodesTotal: 1 }), cluster('b', { nodesTotal: 3 }), cluster('c')]);
    const click = (): Promise<void> =>
      bench().does(() =>
        [...document.querySelectorAll<HTMLElement>('th button')]
          .find(({ textContent }) => textContent === 'Nodes')
          ?.click(),
      );
    const orders: string[][] = [];
    for (let times = 0; times < 3; times += 1) {
      await click();
      orders.push(names());
    }
    assert.deepEqual(orders, [
      ['a', 'b', 'c'],
      ['b', 'a', 'c'],
      ['a', 'b', 'c'],
    ]);
    assert.equal(store.getState().sort, undefined);
    await leave();
  });
});
