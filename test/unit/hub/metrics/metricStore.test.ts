import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DEFAULT_HUB_SETTINGS, type MetricSettings } from '../../../../src/hub/hubSettings';
import { MetricStore, type SeriesKey } from '../../../../src/hub/metrics/metricStore';
import type { MetricPoint } from '../../../../src/protocol/metric';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
const CPU: SeriesKey = { metric: 'cpuPercent' };

function storeOf(settings: Partial<MetricSettings> = {}): MetricStore {
  return new MetricStore({ ...DEFAULT_HUB_SETTINGS.metrics, ...settings });
}

function read(store: MetricStore, nowMs: number, from = 0, limit = 5_000, name = 'p') {
  return store.read({ source: 's', name, metric: 'cpuPercent' }, from, limit, nowMs);
}

/** A point for each of `values`, `everyMs` apart; returns the time of the last. */
function fill(store: MetricStore, values: readonly number[], everyMs: number, name = 'p'): number {
  let at = START_MS;
  for (const value of values) {
    store.append('s', name, CPU, at, value, at);
    at += everyMs;
  }
  return at - everyMs;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe('The metric store', () => {
  it('reads a series from a number on, the latest where there are more than asked for', () => {
    const store = storeOf();
    const nowMs = fill(store, [10, 11, 12, 13], 1_000);
    const all = read(store, nowMs);
    assert.deepEqual(
      [all.first, all.next, all.points.map(({ seq, at, value }) => [seq, at - START_MS, value])],
      [0, 4, [[0, 0, 10], [1, 1_000, 11], [2, 2_000, 12], [3, 3_000, 13]]], // prettier-ignore
    );
    const seqsOf = (from: number, limit: number) =>
      read(store, nowMs, from, limit).points.map(({ seq }) => seq);
    assert.deepEqual([seqsOf(2, 9), seqsOf(0, 2), seqsOf(4, 9), seqsOf(99, 9)], [[2, 3], [2, 3], [], []]);
    assert.deepEqual(read(store, nowMs, 0, 9, 'other'), { points: [], first: 0, next: 0 });
  });

  it('takes what is not later than the latest measurement for no news', () => {
    const store = storeOf();
    const append = (at: number, value: number) => store.append('s', 'p', CPU, at, value, START_MS + 10_000);
    assert.deepEqual(append(START_MS, 1), { first: 0, next: 1 });
    assert.equal(append(START_MS, 2), undefined);
    assert.equal(append(START_MS - 1, 2), undefined);
    assert.equal(append(START_MS - 2 * HOUR_MS, 2), undefined);
    assert.deepEqual(append(START_MS + 1, 3), { first: 0, next: 2 });
  });

  it('gives up points that a clock which was set back has made ones of the future', () => {
    const store = storeOf();
    fill(store, [1, 2, 3], 1_000);
    const setBackMs = START_MS - HOUR_MS;
    assert.deepEqual(store.append('s', 'p', CPU, setBackMs, 4, setBackMs), { first: 3, next: 4 });
  });

  it('lets points go that are older than is kept, and says so by their first number', () => {
    const store = storeOf({ keptMs: 10_000 });
    const nowMs = fill(store, upTo(5), 1_000);
    const later = read(store, nowMs + 8_000);
    assert.deepEqual([later.first, later.next, later.points.map(({ seq }) => seq)], [2, 5, [2, 3, 4]]);
    assert.deepEqual(read(store, nowMs + HOUR_MS), { points: [], first: 5, next: 5 });
    assert.deepEqual(store.append('s', 'p', CPU, nowMs + HOUR_MS, 1, nowMs + HOUR_MS), { first: 5, next: 6 });
  });

  it('has an hour of a series that is measured every second in 720 points', () => {
    const store = storeOf();
    const nowMs = fill(store, upTo(7_200), 1_000);
    const { points, first } = read(store, nowMs);
    assert.ok(points.length <= 720, String(points.length));
    assert.ok((points[0]?.at ?? nowMs) <= nowMs - HOUR_MS + 16_000, 'it does not reach back');
    assert.ok(first >= 3_570 && first <= 3_600, String(first));
    // The latest eight minutes are one point a measurement.
    assert.deepEqual(points.slice(-480).map(({ seq }) => seq), upTo(480).map((index) => 6_720 + index)); // prettier-ignore
    assert.ok(points.slice(-480).every(({ min, max }) => min === undefined && max === undefined));
    const [merged] = points.slice(5);
    assert.ok(merged?.min !== undefined && merged.max !== undefined && merged.max - merged.min > 10);
    assert.equal(merged.value, (merged.min + merged.max) / 2);
  });

  it('lets the series give way that were written or read the longest ago', () => {
    const names = ['a', 'b', 'c', 'd'];
    const measuring = storeOf();
    fill(measuring, upTo(16), 1_000, 'a');
    const store = storeOf({ budgetBytes: 3 * measuring.bytes });
    for (const name of names.slice(0, 3)) {
      fill(store, upTo(16), 1_000, name);
    }
    const nowMs = START_MS + 15_000;
    assert.equal(read(store, nowMs, 0, 99, 'a').points.length, 16);
    fill(store, [1], 1_000, 'd');
    const held = names.map((name) => read(store, nowMs, 0, 99, name).points.length);
    assert.deepEqual(held, [16, 0, 16, 1], 'not b, which nobody used since');
    // Its numbers are not used again, so whoever has some of them sees that they are void.
    assert.deepEqual(read(store, nowMs, 0, 99, 'b'), { points: [], first: 16, next: 16 });
    fill(store, [7], 1_000, 'b');
    assert.deepEqual(read(store, nowMs, 16, 99, 'b'), {
      points: [{ seq: 16, at: START_MS, value: 7 }],
      first: 16,
      next: 17,
    });
  });

  it('holds to new bounds at once', () => {
    const store = storeOf();
    const nowMs = fill(store, upTo(600), 1_000);
    fill(store, upTo(600), 1_000, 'q');
    store.apply({ ...DEFAULT_HUB_SETTINGS.metrics, keptPoints: 30 });
    const fewer = read(store, nowMs);
    assert.ok(fewer.points.length <= 30);
    assert.deepEqual([fewer.next, fewer.points.at(-1)?.value], [600, 599]);
    store.apply({ ...DEFAULT_HUB_SETTINGS.metrics, keptMs: 5_000 });
    assert.deepEqual(read(store, nowMs).points.map(({ seq }) => seq), [594, 595, 596, 597, 598, 599]); // prettier-ignore
    store.apply({ ...DEFAULT_HUB_SETTINGS.metrics, budgetBytes: 0 });
    assert.deepEqual([store.bytes, store.seriesCount], [0, 0]);
    assert.deepEqual(read(store, nowMs), { points: [], first: 600, next: 600 });
  });

  it('keeps nothing of a persona that ended, nor of nodes that left it, and never uses a number twice', () => {
    const store = storeOf();
    fill(store, [1, 2, 3], 1_000);
    for (const node of ['__proto__', 'constructor', '', 'a/b.c*', 'x'.repeat(100_000)]) {
      store.append('s', 'p', { metric: 'cpuCores', node }, START_MS, 1, START_MS);
    }
    assert.equal(store.seriesCount, 6);
    assert.ok(store.bytes > 200_000, 'a long name is counted');
    store.keepNodes('s', 'p', () => new Set(['a/b.c*']));
    assert.equal(store.seriesCount, 2);
    store.endPersona('s', 'p');
    store.endPersona('s', 'p');
    fill(store, [4], 1_000, 'q');
    store.endSource('s');
    assert.deepEqual([store.bytes, store.seriesCount], [0, 0]);
    assert.deepEqual(store.append('s', 'p', CPU, START_MS, 1, START_MS), { first: 4, next: 5 });
  });

  it('tells of any measurements what a store without bounds would, as far as it holds them', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 400 }),
      value: fc.double({ min: 0, max: 1e15, noNaN: true }),
      from: fc.integer({ min: 0, max: 250 }),
      limit: fc.integer({ min: 1, max: 60 }),
      settings: fc.option(
        fc.record({
          keptMs: fc.integer({ min: 1, max: 20_000 }),
          keptPoints: fc.integer({ min: 1, max: 80 }),
        }),
        { freq: 30 },
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 250, size: 'max' }), (steps) => {
        let settings: MetricSettings = { ...DEFAULT_HUB_SETTINGS.metrics, keptMs: 15_000, keptPoints: 40 };
        let nowMs = START_MS;
        let lastFirst = 0;
        const store = storeOf(settings);
        const model: { at: number; value: number }[] = [];
        for (const { afterMs, value, from, limit, settings: changed } of steps) {
          nowMs += afterMs;
          if (changed !== null) {
            settings = { ...settings, ...changed };
            store.apply(settings);
          }
          const isNews = nowMs > (model.at(-1)?.at ?? -Infinity);
          const range = store.append('s', 'p', CPU, nowMs, value, nowMs);
          assert.equal(range !== undefined, isNews);
          if (isNews) {
            model.push({ at: nowMs, value });
          }
          const { points, first, next } = read(store, nowMs);
          assert.equal(next, model.length);
          assert.ok(first >= lastFirst, 'what was given up came back');
          lastFirst = first;
          assert.ok(points.length <= settings.keptPoints, 'more points than are kept');
          checkAgainst(model, points, first, next, nowMs - settings.keptMs);
          const part = read(store, nowMs, from, limit).points;
          assert.deepEqual(part, points.filter(({ seq }) => seq >= from).slice(-limit));
        }
      }),
    );
  });

  it('covers the whole time that it keeps, however measurements are spread, and the latest of them one by one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 400, size: 'max' }),
        fc.integer({ min: 9, max: 60 }),
        (gaps, keptPoints) => {
          const keptMs = 10_000;
          const store = storeOf({ keptMs, keptPoints });
          let nowMs = START_MS;
          const times = gaps.map((gap) => (nowMs += gap));
          for (const at of times) {
            store.append('s', 'p', CPU, at, 1, at);
          }
          const { first, next, points } = read(store, nowMs);
          const firstWithin = times.findIndex((at) => at >= nowMs - keptMs);
          assert.ok(first <= firstWithin, `${first} is the first held, ${firstWithin} could be`);
          const fine = points.slice(-Math.ceil((keptPoints * 2) / 3)).map(({ seq }) => seq);
          assert.deepEqual(fine, upTo(fine.length).map((index) => next - fine.length + index)); // prettier-ignore
        },
      ),
    );
  });

  it('stays within its budget whatever is written and read, and keeps those used last', () => {
    const step = fc.record({
      name: fc.integer({ min: 0, max: 9 }).map(String),
      what: fc.constantFrom('append', 'append', 'append', 'read', 'read', 'end'),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300, size: 'max' }),
        fc.integer({ min: 0, max: 8_000 }),
        (steps, budgetBytes) => {
          const store = storeOf({ budgetBytes });
          let nowMs = START_MS;
          /** Of those that are held, in the order of their use. */
          let held: string[] = [];
          for (const { name, what } of steps) {
            nowMs += 1_000;
            const wasHeld = held.includes(name);
            held = held.filter((other) => other !== name);
            if (what === 'end') {
              store.endPersona('s', name);
            } else if (what === 'append') {
              store.append('s', name, CPU, nowMs, 1, nowMs);
              held.push(name);
            } else {
              read(store, nowMs, 0, 9, name);
              held.push(...(wasHeld ? [name] : []));
            }
            held = held.slice(held.length - store.seriesCount);
            assert.equal(held.length, store.seriesCount, 'more is held than was written');
            assert.ok(store.bytes <= budgetBytes, `${store.bytes} of ${budgetBytes}`);
          }
          const isHeld = (name: string): boolean => read(store, nowMs, 0, 9, name).points.length > 0;
          assert.deepEqual(upTo(10).map(String).filter(isHeld), held.toSorted());
        },
      ),
    );
  });
});

/** Each point says of the measurements that it stands for what the model does, and together they stand for all. */
function checkAgainst(
  model: readonly { readonly at: number; readonly value: number }[],
  points: readonly MetricPoint[],
  first: number,
  next: number,
  keptFromMs: number,
): void {
  let begin = first;
  for (const { seq, at, value, min = value, max = value } of points) {
    const merged = model.slice(begin, seq + 1);
    const values = merged.map((each) => each.value);
    assert.ok(merged.length > 0, 'points are out of order');
    assert.equal(at, merged.at(-1)?.at);
    assert.ok(at >= keptFromMs, 'a point is too old');
    assert.deepEqual([min, max], [Math.min(...values), Math.max(...values)]);
    assert.ok(min <= value && value <= max, 'an average is beyond what it is of');
    const average = values.reduce((sum, each) => sum + each, 0) / values.length;
    assert.ok(Math.abs(value - average) <= 1e-9 * Math.max(1, ...values), `${value} is not ${average}`);
    begin = seq + 1;
  }
  assert.equal(begin, next, 'the latest are missing');
}
