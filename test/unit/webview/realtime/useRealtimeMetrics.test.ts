import assert from 'node:assert/strict';
import { useEffect, useState } from 'react';
import type { MetricKey, MetricPoint } from '../../../../src/protocol/metric';
import { DEFAULT_REALTIME_LIMITS } from '../../../../src/protocol/realtimeLimits';
import { metricTopic } from '../../../../src/protocol/topics';
import { useRealtimeMetrics } from '../../../../webview/realtime/useRealtimeMetrics';
import { withHookBench, type HookBench } from '../hookBench';
import { hubEvent } from '../scriptedHost';

const cpu: MetricKey = { source: 's', name: 'eu', metric: 'cpuPercent' };
const memory: MetricKey = { source: 's', name: 'eu', metric: 'memoryPercent' };
const WINDOW_MS = 60_000;

describe('useRealtimeMetrics', () => {
  const bench = withHookBench();

  const useCpu = (): ReturnType<typeof useRealtimeMetrics> =>
    useRealtimeMetrics({ keys: [cpu], aggregation: 'avg', windowMs: WINDOW_MS });

  function point(seq: number, value: number, agoMs = 0): MetricPoint {
    return { seq, at: bench().clock.now() - agoMs, value };
  }

  async function answer(...points: readonly MetricPoint[]): Promise<void> {
    const next = (points.at(-1)?.seq ?? -1) + 1;
    await bench().answer('metrics.read', { points, first: 0, next });
  }

  async function appended(first: number, next: number, key: MetricKey = cpu): Promise<void> {
    await bench().frame(hubEvent('metric.appended', { ...key, first, next }));
  }

  function reads(made: HookBench): unknown[] {
    return made.host.requests('metrics.read').map(({ params }) => params);
  }

  it('subscribes before it asks, and knows nothing until the answer', async () => {
    const { current } = await bench().mount(useCpu);
    const kinds = bench().host.sent.map(({ type }) => type);
    assert.ok(kinds.lastIndexOf('subscribe') < kinds.lastIndexOf('request'));
    assert.deepEqual(bench().wirePatterns(), [metricTopic(cpu)]);
    assert.deepEqual(bench().host.lastRequest('metrics.read').params, {
      ...cpu,
      from: 0,
      limit: DEFAULT_REALTIME_LIMITS.metricPoints,
    });
    assert.deepEqual(current(), [
      { key: cpu, points: [], value: undefined, isUnknown: true, hasGap: false, problem: undefined },
    ]);
    await answer(point(0, 10, 70_000), point(1, 20, WINDOW_MS), point(2, 40));
    const [window] = current();
    assert.deepEqual(
      window?.points.map(({ seq }) => seq),
      [1, 2],
    );
    assert.deepEqual([window?.value, window?.isUnknown, window?.hasGap], [30, false, false]);
  });

  it('says of a series that nobody reports that it is unknown, not 0', async () => {
    const { current } = await bench().mount(useCpu);
    await answer();
    assert.deepEqual([current()[0]?.value, current()[0]?.isUnknown], [undefined, true]);
  });

  it('reads only what is new', async () => {
    const { current } = await bench().mount(useCpu);
    await answer(point(0, 10), point(1, 20));
    await appended(0, 3);
    assert.deepEqual(bench().host.lastRequest('metrics.read').params, {
      ...cpu,
      from: 2,
      limit: DEFAULT_REALTIME_LIMITS.metricPoints,
    });
    await answer(point(2, 60));
    assert.equal(current()[0]?.value, 30);
  });

  it('asks once for what two components show, and ends with the last of them', async () => {
    const first = await bench().mount(useCpu);
    const asked = reads(bench()).length;
    const second = await bench().mount(() =>
      useRealtimeMetrics({
        source: 's',
        name: 'eu',
        metrics: ['cpuPercent'],
        aggregation: 'last',
        windowMs: 1_000,
      }),
    );
    assert.equal(reads(bench()).length, asked);
    await answer(point(0, 10, 2_000), point(1, 20));
    assert.deepEqual([first.current()[0]?.value, second.current()[0]?.value], [15, 20]);
    await first.unmount();
    await appended(0, 3);
    await answer(point(2, 5));
    assert.equal(second.current()[0]?.value, 5);
    await second.unmount();
    // A client that paints nothing gives back its credits within this time.
    await bench().clock.advance(200);
    assert.deepEqual(bench().wirePatterns(), []);
    assert.deepEqual(
      [bench().clock.pendingTimers, bench().clock.nextTimerInMs],
      [1, DEFAULT_REALTIME_LIMITS.metricMs - 200],
      'only the store still knows of the series',
    );
  });

  it('shows another window of a series that it follows at once, without asking again', async () => {
    let setWindow: (windowMs: number) => void = () => undefined;
    const given: (number | undefined)[] = [];
    await bench().mount(() => {
      const [windowMs, set] = useState(WINDOW_MS);
      useEffect(() => {
        setWindow = set;
      }, [set]);
      const [cpuWindow] = useRealtimeMetrics({ keys: [cpu], aggregation: 'avg', windowMs });
      given.push(cpuWindow?.value);
    });
    await answer(point(0, 10, 30_000), point(1, 20));
    given.length = 0;
    const asked = reads(bench()).length;
    await bench().does(() => setWindow(20_000));
    assert.deepEqual([[...new Set(given)], reads(bench()).length - asked], [[20], 0]);
    assert.deepEqual(bench().wirePatterns(), [metricTopic(cpu)]);
  });

  it('lets points leave the window as time passes, by one timer that rests while the view is hidden', async () => {
    const { current } = await bench().mount(useCpu);
    await answer(point(0, 10, 50_000), point(1, 20));
    assert.equal(bench().clock.pendingTimers, 1);
    await bench().advance(10_000);
    assert.equal(current()[0]?.value, 15, 'its edge is still inside');
    await bench().advance(1);
    assert.equal(current()[0]?.value, 20);
    bench().page.set(false);
    assert.equal(bench().clock.pendingTimers, 0);
    await bench().advance(WINDOW_MS);
    await bench().does(() => bench().page.set(true));
    await bench().advance(0);
    assert.deepEqual([current()[0]?.value, current()[0]?.isUnknown], [undefined, true]);
    assert.equal(bench().clock.pendingTimers, 0);
  });

  it('does nothing while the host says that the view is hidden', async () => {
    await bench().mount(useCpu);
    await answer(point(0, 10));
    await bench().does(() => bench().host.deliver({ type: 'visibility', isVisible: false }));
    assert.equal(bench().clock.pendingTimers, 0);
    await bench().does(() => bench().host.deliver({ type: 'visibility', isVisible: true }));
    assert.equal(bench().clock.pendingTimers, 1);
  });

  it('says where points were given up before they could be read', async () => {
    const { current } = await bench().mount(useCpu);
    await answer(point(0, 10));
    await appended(5, 7);
    await bench().answer('metrics.read', { points: [point(5, 20), point(6, 30)], first: 5, next: 7 });
    assert.deepEqual([current()[0]?.hasGap, current()[0]?.points.length], [true, 3]);
    await bench().does(() => bench().host.deliver({ type: 'recovered', ok: false, reset: true }));
    await bench().answer('metrics.read', { points: [point(6, 30)], first: 5, next: 7 });
    assert.equal(current()[0]?.hasGap, false, 'what is read anew goes on from its first point');
  });

  it('says so also where the points before and after the loss came one answer later', async () => {
    const { current } = await bench().mount(useCpu);
    await answer(point(0, 10));
    await appended(4, 4);
    await bench().answer('metrics.read', { points: [], first: 4, next: 4 });
    assert.equal(current()[0]?.hasGap, false, 'nothing stands behind it yet');
    await appended(4, 5);
    await bench().answer('metrics.read', { points: [point(4, 20)], first: 4, next: 5 });
    assert.equal(current()[0]?.hasGap, true);
  });

  it('takes merged measurements for no gap, and a time without any for one', async () => {
    const { current } = await bench().mount(useCpu);
    const merged = { ...point(9, 20, 50_000), min: 10, max: 30 };
    const regular = [40_000, 35_000, 30_000, 25_000, 20_000].map((agoMs, index) =>
      point(10 + index, 20, agoMs),
    );
    await answer(merged, ...regular);
    assert.equal(current()[0]?.hasGap, false);
    await appended(0, 16);
    await answer(point(15, 20));
    assert.equal(current()[0]?.hasGap, true);
  });

  it('holds no more than the limits allow, also when they change', async () => {
    const { current } = await bench().mount(useCpu);
    await answer(...Array.from({ length: 20 }, (_, seq) => point(seq, seq, 20 - seq)));
    const limits = { ...DEFAULT_REALTIME_LIMITS, metricPoints: 5 };
    await bench().does(() => bench().host.deliver({ type: 'limits', limits }));
    assert.deepEqual(
      current()[0]?.points.map(({ seq }) => seq),
      [15, 16, 17, 18, 19],
    );
    await appended(0, 22);
    await answer(point(20, 1), point(21, 1));
    assert.deepEqual(
      current()[0]?.points.map(({ seq }) => seq),
      [17, 18, 19, 20, 21],
    );
  });

  it('keeps to the age that the limits allow, however long the window is', async () => {
    const { current } = await bench().mount(() =>
      useRealtimeMetrics({ keys: [cpu], aggregation: 'last', windowMs: 1e12 }),
    );
    await answer(point(0, 1, DEFAULT_REALTIME_LIMITS.metricMs + 1), point(1, 2));
    assert.equal(current()[0]?.points.length, 1);
    await bench().advance(DEFAULT_REALTIME_LIMITS.metricMs + 1);
    assert.equal(current()[0]?.isUnknown, true);
  });

  it('reads all of it again when notifications were missed, and shows what it has until then', async () => {
    const { current } = await bench().mount(useCpu);
    await answer(point(0, 10), point(1, 20));
    await bench().does(() => bench().host.deliver({ type: 'recovered', ok: false, reset: true }));
    assert.equal(current()[0]?.value, 15);
    assert.deepEqual(bench().host.lastRequest('metrics.read').params, {
      ...cpu,
      from: 0,
      limit: DEFAULT_REALTIME_LIMITS.metricPoints,
    });
    await answer(point(0, 80));
    assert.equal(current()[0]?.value, 80);
  });

  it('begins again with a series that began again', async () => {
    const { current } = await bench().mount(useCpu);
    await answer(point(0, 10), point(1, 20));
    await appended(0, 1);
    await bench().answer('metrics.read', { points: [], first: 0, next: 1 });
    await answer(point(0, 70));
    assert.deepEqual(
      current()[0]?.points.map(({ value }) => value),
      [70],
    );
  });

  it('tells why there is no answer, keeps what it has, and asks again when the source is another way', async () => {
    const { current } = await bench().mount(useCpu);
    await answer(point(0, 10));
    await appended(0, 2);
    await bench().refuse('metrics.read', { code: 'closed', detail: 'gone' });
    assert.deepEqual([current()[0]?.problem?.code, current()[0]?.value], ['closed', 10]);
    const asked = reads(bench()).length;
    await bench().frame(hubEvent('connection.state', { source: 'other' }));
    assert.equal(reads(bench()).length, asked);
    await bench().frame(hubEvent('connection.state', { source: 's' }));
    await answer(point(1, 30));
    assert.deepEqual([current()[0]?.problem, current()[0]?.value], [undefined, 20]);
  });

  it('survives a second hello, and a host that never answers', async () => {
    const { current, unmount } = await bench().mount(() =>
      useRealtimeMetrics({ keys: [cpu, memory], aggregation: 'max', windowMs: WINDOW_MS }),
    );
    await bench().does(() => bench().host.hello());
    assert.deepEqual(bench().wirePatterns(), [metricTopic(cpu), metricTopic(memory)]);
    assert.deepEqual(
      current().map(({ isUnknown }) => isUnknown),
      [true, true],
    );
    await unmount();
    assert.deepEqual(bench().wirePatterns(), []);
    assert.equal(bench().host.ofType('cancel').length >= 2, true);
  });

  it('tells apart series whose names mean something to JavaScript or to topics', async () => {
    const names = ['__proto__', 'constructor', 'a.b', '*', ''];
    const { current } = await bench().mount(() =>
      useRealtimeMetrics({
        keys: names.map((name) => ({ ...cpu, name })),
        aggregation: 'last',
        windowMs: WINDOW_MS,
      }),
    );
    await bench().does(() => {
      for (const { id, params } of bench().host.requests('metrics.read').slice(-names.length)) {
        const { name } = params as { readonly name: string };
        bench().host.respond(id, { points: [point(0, names.indexOf(name))], first: 0, next: 1 });
      }
    });
    assert.deepEqual(
      current().map(({ value }) => value),
      [0, 1, 2, 3, 4],
    );
  });
});
