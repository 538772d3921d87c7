import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { HubEvent } from '../../../../src/protocol/hubEvent';
import { DEFAULT_REALTIME_LIMITS, type RealtimeLimits } from '../../../../src/protocol/realtimeLimits';
import type { HubClient } from '../../../../src/client/hubClient';
import { EXPIRY_SPACING_MS } from '../../../../webview/realtime/expiryTimer';
import { RealtimeStore } from '../../../../webview/realtime/realtimeStore';
import { MAX_STREAMS } from '../../../../webview/realtime/streamStates';
import type { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { ScriptedVisibility } from '../hookBench';
import { makeOpenClient, type ScriptedHost } from '../scriptedHost';

const limits: RealtimeLimits = { ...DEFAULT_REALTIME_LIMITS, events: 5, eventMs: 10_000, alerts: 3 };

interface Made {
  readonly host: ScriptedHost;
  readonly clock: FakeClock;
  readonly page: ScriptedVisibility;
  readonly client: HubClient;
  readonly store: RealtimeStore;
}

function make(): Made {
  const { host, clock, client } = makeOpenClient();
  const page = new ScriptedVisibility();
  const store = new RealtimeStore(client, clock, page);
  host.deliver({ type: 'limits', limits });
  return { host, clock, page, client, store };
}

function dispose({ store, client }: Made): void {
  store.dispose();
  client.dispose();
}

let sequence = 0;

function event(change: Partial<Extract<HubEvent, { type: 'cluster.updated' }>> = {}): HubEvent {
  sequence += 1;
  return {
    type: 'cluster.updated',
    topic: 'cluster.s.eu',
    cursor: `${sequence}`,
    at: 0,
    priority: 'normal',
    data: { source: 's', name: 'eu' },
    ...change,
  };
}

function alert(type: 'alert.raised' | 'alert.resolved', fingerprint: string): HubEvent {
  const data = { source: 's', name: 'eu', fingerprint, severity: 'critical' } as const;
  return { ...event(), type, data };
}

function component(name: string): HubEvent {
  const data = { source: 's', name: 'eu', kind: 'node', component: name } as const;
  return { ...event(), type: 'component.changed', data };
}

function appended(stream: string, first: number, next: number): HubEvent {
  return { ...event(), type: 'log.appended', data: { source: 's', stream, first, next } };
}

describe('RealtimeStore', () => {
  let made: Made;

  afterEach('clean up', () => dispose(made));

  trackLeaks();

  beforeEach(() => {
    made = make();
  });

  const cursors = (): string[] => made.store.api.getState().updates.map(({ value }) => value.cursor);

  it('changes its state once for a frame, however many events it has, and not at all for none', () => {
    const states = new Set([made.store.api.getState()]);
    made.store.apply(Array.from({ length: 1_000 }, () => event()));
    states.add(made.store.api.getState());
    made.store.apply([]);
    states.add(made.store.api.getState());
    assert.equal(states.size, 2);
  });

  it('keeps the latest within the number and the age that it was told', async () => {
    made.store.apply(Array.from({ length: 7 }, (_, index) => event({ cursor: `a${index}` })));
    assert.deepEqual(cursors(), ['a6', 'a5', 'a4', 'a3', 'a2']);
    await made.clock.advance(9_999);
    made.store.apply([event({ cursor: 'b' })]);
    assert.deepEqual(cursors(), ['b', 'a6', 'a5', 'a4', 'a3']);
    await made.clock.advance(1);
    assert.deepEqual(cursors(), ['b']);
  });

  it('counts age from when an event came, whatever the clock of its host says', async () => {
    made.store.apply([event({ at: made.clock.now() - 86_400_000 }), event({ at: made.clock.now() * 2 })]);
    assert.equal(cursors().length, 2);
    await made.clock.advance(10_000);
    assert.equal(cursors().length, 0);
  });

  it('applies other limits at once', () => {
    made.store.apply(Array.from({ length: 5 }, (_, index) => event({ cursor: `${index}` })));
    made.host.deliver({ type: 'limits', limits: { ...limits, events: 2 } });
    assert.deepEqual(cursors(), ['4', '3']);
    assert.equal(made.store.api.getState().limits.events, 2);
  });

  it('has one timer while it holds something, and none while nothing is held or the view is hidden', async () => {
    const { clock, page, store } = made;
    assert.equal(clock.pendingTimers, 0);
    store.apply([event(), alert('alert.raised', 'f'), appended('1', 0, 1)]);
    assert.equal(clock.pendingTimers, 1);
    page.set(false);
    assert.equal(clock.pendingTimers, 0);
    await clock.advance(limits.alertMs * 2);
    assert.equal(cursors().length, 2);
    page.set(true);
    await clock.advance(0);
    const { updates, alerts, logs } = store.api.getState();
    assert.deepEqual([updates.length, alerts.length, logs.size, clock.pendingTimers], [0, 0, 0, 0]);
  });

  it('lets what expires within a second of each other go in one pass', async () => {
    let passes = 0;
    let last = made.store.api.getState();
    for (let index = 0; index < 5; index += 1) {
      made.store.apply([event()]);
      await made.clock.advance(100);
    }
    await made.clock.advance(9_400);
    last = made.store.api.getState();
    for (let ms = 0; ms < 2_500; ms += 10) {
      await made.clock.advance(10);
      passes += made.store.api.getState() === last ? 0 : 1;
      last = made.store.api.getState();
    }
    assert.equal(passes, 2);
    assert.deepEqual(cursors(), []);
  });

  it('knows each component and alert once, as last told', () => {
    made.store.apply([
      component('a'),
      component('constructor'),
      component('a'),
      alert('alert.raised', 'f'),
      alert('alert.raised', '__proto__'),
      alert('alert.resolved', 'f'),
    ]);
    const { components, alerts } = made.store.api.getState();
    assert.deepEqual(
      components.map(({ value }) => value.component),
      ['a', 'constructor'],
    );
    assert.deepEqual(
      alerts.map(({ value }) => [value.type, value.data.fingerprint]),
      [
        ['alert.resolved', 'f'],
        ['alert.raised', '__proto__'],
      ],
    );
  });

  it('takes what is replayed for no news: it replaces nothing that was told live, and stands where it belongs', () => {
    const now = made.clock.now();
    made.store.apply([alert('alert.resolved', 'f')]);
    made.store.apply([
      { ...alert('alert.raised', 'f'), at: now - 2_000, replayed: true },
      { ...alert('alert.raised', 'g'), at: now - 1_000, replayed: true },
      { ...alert('alert.raised', 'h'), at: now - 3_000, replayed: true },
      { ...alert('alert.resolved', 'h'), at: now - 500, replayed: true },
    ]);
    assert.deepEqual(
      made.store.api
        .getState()
        .alerts.map(({ value, isReplayed }) => [value.type, value.data.fingerprint, isReplayed]),
      [
        ['alert.resolved', 'f', false],
        ['alert.resolved', 'h', true],
        ['alert.raised', 'g', true],
      ],
    );
  });

  it('does not hold what is replayed and too old', () => {
    made.store.apply([event({ at: made.clock.now() - 10_000, replayed: true })]);
    assert.deepEqual(cursors(), []);
  });

  it('keeps the last step of each run of a command alone', () => {
    for (const id of ['1', '2', '1']) {
      const data = { id, command: 'refresh', state: 'running' } as const;
      made.store.apply([{ ...event(), type: 'command.progress', data }]);
    }
    const { updates } = made.store.api.getState();
    assert.deepEqual(
      updates.map(({ value }) => value.type === 'command.progress' && value.data.id),
      ['1', '2'],
    );
  });

  it('knows of each stream what can be read and what was lost, as long as it is told of', async () => {
    made.store.apply([appended('1', 0, 10), appended('2', 5, 6)]);
    made.store.apply([appended('1', 15, 20), appended('1', 15, 30)]);
    const states = (): unknown[] =>
      [...made.store.api.getState().logs].map(([topic, { first, next, lost }]) => [topic, first, next, lost]);
    assert.deepEqual(states(), [
      ['log.s.2', 5, 6, 0],
      ['log.s.1', 15, 30, 5],
    ]);
    made.store.apply([appended('1', 0, 3)]);
    assert.deepEqual(states()[1], ['log.s.1', 0, 3, 0], 'it began anew');
    await made.clock.advance(limits.logMs);
    assert.deepEqual(states(), []);
  });

  it('bounds the streams that it knows of', () => {
    made.store.apply(Array.from({ length: MAX_STREAMS + 5 }, (_, index) => appended(`${index}`, 0, 1)));
    const { logs } = made.store.api.getState();
    assert.equal(logs.size, MAX_STREAMS);
    assert.equal(logs.has('log.s.4'), false);
    assert.equal(logs.has(`log.s.${MAX_STREAMS + 4}`), true);
  });

  it('forgets the streams and the flow of a host that started anew, but not what happened', () => {
    made.store.apply([event(), appended('1', 0, 10)]);
    made.host.deliver({ type: 'flow', rate: 1, queued: 2, dropped: 3 });
    made.host.hello();
    const { updates, logs, flow } = made.store.api.getState();
    assert.deepEqual([updates.length, logs.size, flow], [1, 0, undefined]);
  });

  it('says for as long as it keeps updates that some were missed', async () => {
    made.store.missed();
    assert.equal(made.store.api.getState().missedAt, made.clock.now());
    await made.clock.advance(limits.eventMs);
    assert.equal(made.store.api.getState().missedAt, undefined);
    assert.equal(made.clock.pendingTimers, 0);
  });

  it('gives a subscription back only once, however often it is disposed', () => {
    const { store, host } = made;
    const first = store.subscribe(['a']);
    const second = store.subscribe(['a', 'b']);
    first.dispose();
    first.dispose();
    assert.deepEqual(
      host.ofType('subscribe').map(({ patterns }) => patterns),
      [['a'], ['b']],
    );
    assert.equal(host.ofType('unsubscribe').length, 0);
    second.dispose();
    assert.equal(host.ofType('unsubscribe').length, 2);
  });
});

/** What the store should hold, in as few words as possible: one list, sorted and cut in each step. */
class NaiveUpdates {
  held: { id: string; since: number; isReplayed: boolean }[] = [];
  #count = limits.events;
  #ageMs = limits.eventMs;

  frame(events: readonly { id: string; at: number; replayed: boolean }[], now: number): void {
    this.cut(now);
    for (const { id, at, replayed } of events) {
      const known = this.held.find((item) => item.id === id);
      const since = replayed ? Math.min(at, now) : now;
      if (replayed && known !== undefined && (!known.isReplayed || known.since > since)) {
        continue;
      }
      this.held = this.held.filter((item) => item !== known);
      const place = replayed
        ? this.held.findIndex((item) => item.since < since || (item.since === since && item.isReplayed))
        : 0;
      this.held.splice(place === -1 ? this.held.length : place, 0, { id, since, isReplayed: replayed });
    }
    this.cut(now);
  }

  limit(count: number, ageMs: number, now: number): void {
    this.cut(now);
    this.#count = count;
    this.#ageMs = ageMs;
    this.cut(now);
  }

  cut(now: number): void {
    this.held = this.held.filter(({ since }) => now - since < this.#ageMs).slice(0, this.#count);
  }

  /** What is to be held at `now`, and what may be so for another `graceMs`. */
  expected(now: number, graceMs: number): { readonly must: string[]; readonly may: string[] } {
    const ids = (ageMs: number): string[] =>
      this.held.filter(({ since }) => now - since < ageMs).map(({ id }) => id);
    return { must: ids(this.#ageMs), may: ids(this.#ageMs + graceMs) };
  }
}

describe('RealtimeStore, in any order of things', () => {
  trackLeaks();

  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('frame' as const),
        events: fc.array(
          fc.record({
            id: fc.integer({ min: 0, max: 12 }).map(String),
            // Coarse, so that some happened at the same instant.
            agoMs: fc.integer({ min: -1, max: 24 }).map((halves) => halves * 500),
            replayed: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('advance' as const),
        ms: fc.integer({ min: 0, max: 6_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('limits' as const),
        events: fc.integer({ min: 1, max: 8 }),
        eventMs: fc.integer({ min: 1, max: 10_000 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('visible' as const), is: fc.boolean() }) },
  );

  it('holds what a list that is sorted and cut by hand holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const made = make();
        const { clock, page, host, store } = made;
        const naive = new NaiveUpdates();
        for (const each of steps) {
          if (each.type === 'frame') {
            const now = clock.now();
            store.apply(
              each.events.map(({ id, agoMs, replayed }) =>
                event({ cursor: id, at: now - agoMs, ...(replayed && { replayed }) }),
              ),
            );
            naive.frame(
              each.events.map(({ id, agoMs, replayed }) => ({ id, at: now - agoMs, replayed })),
              now,
            );
          } else if (each.type === 'advance') {
            await clock.advance(each.ms);
          } else if (each.type === 'limits') {
            const { events, eventMs } = each;
            host.deliver({ type: 'limits', limits: { ...limits, events, eventMs } });
            naive.limit(events, eventMs, clock.now());
          } else {
            page.set(each.is);
            await clock.advance(0);
          }
          const shown = store.api.getState().updates.map(({ value }) => value.cursor);
          if (each.type === 'frame' || each.type === 'limits') {
            assert.deepEqual(
              shown,
              naive.held.map(({ id }) => id),
            );
          } else if (page.isVisible()) {
            // What has expired may stay for the time between two passes.
            const { must, may } = naive.expected(clock.now(), EXPIRY_SPACING_MS);
            assert.deepEqual(
              shown.filter((id) => must.includes(id)),
              must,
            );
            assert.deepEqual(
              shown.filter((id) => !may.includes(id)),
              [],
            );
          }
          assert.ok(clock.pendingTimers <= 1);
          assert.equal(clock.pendingTimers > 0 && !page.isVisible(), false);
        }
        dispose(made);
      }),
      { numRuns: 300 },
    );
  });
});
