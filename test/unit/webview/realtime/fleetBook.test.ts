import assert from 'node:assert/strict';
import { toDisposable } from '../../../../src/base/disposable';
import { createConnection, type Connection } from '../../../../webview/realtime/connection';
import {
  FleetBook,
  fleetKey,
  RETRY_MS,
  ROUND_PAUSE_MS,
  SOURCES_PAUSE_MS,
} from '../../../../webview/realtime/fleetBook';
import type { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { cluster, status } from '../fleet/fleetFixture';
import { hubEvent, makeOpenClient, type ScriptedHost } from '../scriptedHost';

describe('what a list of a hub holds', () => {
  let host: ScriptedHost;
  let clock: FakeClock;
  let connection: Connection;
  let book: FleetBook;
  let told: number;
  let stop: () => void;

  afterEach(() => {
    stop();
    book.dispose();
    connection.dispose();
  });

  trackLeaks();

  beforeEach(async () => {
    const made = makeOpenClient();
    ({ host, clock } = made);
    const visibility = { isVisible: () => true, onChange: () => toDisposable(() => undefined) };
    connection = createConnection(made.client, clock, visibility);
    book = new FleetBook(made.client, connection.realtime, clock);
    told = 0;
    stop = book.subscribe(() => (told += 1));
    await clock.advance(0);
  });

  /** The methods that are asked and were not answered yet. */
  const asked = (): string[] => host.requests().map(({ method }) => method);

  async function answer(method: string, result: object): Promise<void> {
    host.respond(host.lastRequest(method).id, result);
    host.sent.splice(
      host.sent.findIndex((message) => message.type === 'request' && message.method === method),
      1,
    );
    await clock.settle();
  }

  const rowsAnswer = (
    names: readonly string[],
    version: string,
    reset = true,
    removed: readonly string[] = [],
  ) => ({
    rows: names.map((name) => cluster(name)),
    removed: removed.map((name) => ({ source: 's', name })),
    version,
    reset,
  });

  async function answerAll(): Promise<void> {
    await answer('clusters.list', rowsAnswer(['a', 'b'], 'v1'));
    await answer('sources.list', { sources: [status('s'), status('t')] });
    await answer('alerts.counts', {
      counts: [
        { source: 's', name: 'a', total: 2, worst: 'critical' },
        { source: 't', total: 1, worst: 'warning' },
      ],
      unwatched: [],
    });
  }

  async function events(...list: readonly object[]): Promise<void> {
    host.deliver({ type: 'events', events: list });
    await clock.settle();
  }

  it('is asked for once somebody listens, and told at once', async () => {
    assert.deepEqual(asked().toSorted(), ['alerts.counts', 'clusters.list', 'sources.list']);
    assert.ok(book.snapshot().isLoading);
    await answerAll();
    const { isLoading, clusters, sources, alerts } = book.snapshot();
    assert.equal(isLoading, false);
    assert.deepEqual(
      [...clusters.values()].map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual([...sources.keys()], ['s', 't']);
    assert.equal(alerts.get(fleetKey({ source: 's', name: 'a' }))?.total, 2);
    assert.equal(alerts.get('t')?.worst, 'warning');
    assert.equal(told, 1);
  });

  it('asks only for what changed since, however many changes were told', async () => {
    await answerAll();
    for (let count = 0; count < 100; count += 1) {
      await events(hubEvent('cluster.updated', { source: 's', name: 'a' }));
    }
    await clock.advance(ROUND_PAUSE_MS);
    assert.deepEqual(asked(), ['clusters.list']);
    assert.deepEqual(host.lastRequest('clusters.list').params, { since: 'v1' });
    // Of what is told while an answer is on its way nobody knows whether it is in it.
    await events(hubEvent('cluster.deleted', { source: 's', name: 'b' }));
    await answer('clusters.list', rowsAnswer(['c'], 'v2', false));
    assert.deepEqual([...book.snapshot().clusters.keys()].length, 3);
    await clock.advance(ROUND_PAUSE_MS);
    assert.deepEqual(host.lastRequest('clusters.list').params, { since: 'v2' });
    await answer('clusters.list', rowsAnswer([], 'v3', false, ['b']));
    assert.deepEqual(
      [...book.snapshot().clusters.values()].map(({ name }) => name),
      ['a', 'c'],
    );
    await clock.advance(60_000);
    assert.deepEqual(asked(), []);
  });

  it('asks for a source that gives signs of life no more than every two seconds', async () => {
    await answerAll();
    await events(hubEvent('connection.state', { source: 's' }));
    await clock.advance(ROUND_PAUSE_MS);
    assert.deepEqual(asked(), []);
    await clock.advance(SOURCES_PAUSE_MS);
    assert.deepEqual(asked(), ['sources.get']);
    await answer('sources.get', status('s', { type: 'stale', since: 0 }));
    assert.equal(book.snapshot().sources.get('s')?.state.type, 'stale');
    assert.equal(book.snapshot().sources.get('t')?.state.type, 'live');
    await events(hubEvent('connection.state', { source: 'new' }));
    await clock.advance(SOURCES_PAUSE_MS);
    assert.deepEqual(asked(), ['sources.list']);
  });

  it('counts alerts anew when one begins or ends', async () => {
    await answerAll();
    await events(
      hubEvent('alert.resolved', { source: 's', name: 'a', fingerprint: 'f', severity: 'critical' }),
    );
    await clock.advance(ROUND_PAUSE_MS);
    await answer('alerts.counts', { counts: [], unwatched: [] });
    assert.equal(book.snapshot().alerts.size, 0);
  });

  it('rests while nobody listens, and then catches up', async () => {
    await answerAll();
    stop();
    await events(hubEvent('cluster.updated', { source: 's', name: 'a' }));
    await clock.advance(60_000);
    assert.deepEqual(asked(), []);
    stop = book.subscribe(() => undefined);
    await clock.advance(0);
    assert.deepEqual(host.lastRequest('clusters.list').params, { since: 'v1' });
    assert.equal(book.snapshot().clusters.size, 2);
  });

  it('asks for everything where something was missed', async () => {
    await answerAll();
    host.deliver({ type: 'recovered', ok: false, reset: true });
    await clock.advance(0);
    assert.deepEqual(asked().toSorted(), ['alerts.counts', 'clusters.list', 'sources.list']);
    assert.deepEqual(host.lastRequest('clusters.list').params, {});
  });

  it('says why it may be out of date, and keeps what it has until it is answered', async () => {
    await answerAll();
    await events(hubEvent('cluster.updated', { source: 's', name: 'a' }));
    await clock.advance(ROUND_PAUSE_MS);
    const { id } = host.lastRequest('clusters.list');
    host.sent.length = 0;
    host.deliver({ type: 'error', id, problem: { code: 'internal', detail: 'd' } });
    await clock.settle();
    assert.equal(book.snapshot().problem?.code, 'internal');
    assert.equal(book.snapshot().clusters.size, 2);
    await clock.advance(RETRY_MS);
    await answerAll();
    assert.equal(book.snapshot().problem, undefined);
  });
});
