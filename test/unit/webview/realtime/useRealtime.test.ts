import assert from 'node:assert/strict';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryKeys } from '../../../../src/protocol/queryKeys';
import { DEFAULT_REALTIME_LIMITS } from '../../../../src/protocol/realtimeLimits';
import { useCluster } from '../../../../webview/realtime/useCluster';
import { useRealtime } from '../../../../webview/realtime/useRealtime';
import { withHookBench } from '../hookBench';

function updated(name: string, cursor: string, more: object = {}): object {
  const topic = `cluster.s.${name}`;
  return {
    type: 'cluster.updated',
    topic,
    cursor,
    at: 0,
    priority: 'normal',
    data: { source: 's', name },
    ...more,
  };
}

describe('useRealtime', () => {
  const bench = withHookBench();

  it('tells what happened, the latest first', async () => {
    const { current } = await bench().mount(() => useRealtime(['cluster.s.*']));
    assert.deepEqual(current().updates, []);
    assert.equal(current().isConnected, true);
    await bench().frame(updated('eu', '1'), updated('us', '2'));
    await bench().frame(updated('eu', '3'));
    assert.deepEqual(
      current().updates.map(({ value }) => value.cursor),
      ['3', '2', '1'],
    );
  });

  it('renders once for a frame of 1,000 events, together with what the same frame changes elsewhere', async () => {
    const view = await bench().mount(
      () => useRealtime(['cluster.s.*']),
      () => useCluster('s', 'gone'),
      () =>
        useQuery({
          queryKey: queryKeys.clusters(),
          queryFn: () => bench().connection.client.request('clusters.list', {}),
        }).isFetching,
    );
    await bench().answer('clusters.list', { rows: [], removed: [], version: '1', reset: true });
    await bench().answer('clusters.get', { object: { metadata: { name: 'gone' } }, version: '1' });
    const before = view.commits();
    const asked = bench().host.requests('clusters.list').length;
    const passesBefore = view.passes();
    const frame = Array.from({ length: 999 }, (_, index) => updated(`c${index}`, `${index}`));
    const deleted = { type: 'cluster.deleted', data: { source: 's', name: 'gone' } };
    await bench().doesUnbatched(() =>
      bench().host.deliver({
        type: 'events',
        events: [...frame, { ...updated('gone', 'last'), ...deleted }],
      }),
    );
    assert.deepEqual([view.commits() - before, view.passes() - passesBefore], [1, 1]);
    assert.equal(bench().host.requests('clusters.list').length, asked + 1);
    assert.equal(view.current().updates.length, DEFAULT_REALTIME_LIMITS.events);
  });

  it('does not render for what others asked for', async () => {
    const view = await bench().mount(() => useRealtime(['cluster.s.eu']));
    const other = await bench().mount(() => useRealtime(['cluster.s.us'], { limit: 1 }));
    const before = view.commits();
    await bench().frame(updated('us', '1'), updated('us', '2'));
    assert.equal(view.commits(), before);
    assert.deepEqual(
      other.current().updates.map(({ value }) => value.cursor),
      ['2'],
    );
  });

  it('takes only the types asked for', async () => {
    const { current } = await bench().mount(() => useRealtime(['**'], { types: ['cluster.added'] }));
    await bench().frame(updated('eu', '1'), { ...updated('us', '2'), type: 'cluster.added' });
    assert.deepEqual(
      current().updates.map(({ value }) => value.type),
      ['cluster.added'],
    );
  });

  it('asks the host once for what two components want, and takes it back with the last of them', async () => {
    const first = await bench().mount(() => useRealtime(['cluster.s.*', 'away.s.*']));
    const second = await bench().mount(() => useRealtime(['cluster.s.*', 'cluster.s.*']));
    assert.deepEqual(bench().wirePatterns().toSorted(), ['away.s.*', 'cluster.s.*']);
    await first.unmount();
    assert.deepEqual(bench().wirePatterns(), ['cluster.s.*']);
    await second.unmount();
    assert.deepEqual(bench().wirePatterns(), []);
  });

  it('asks a host that started anew again, once', async () => {
    const first = await bench().mount(() => useRealtime(['cluster.s.*']));
    const second = await bench().mount(() => useRealtime(['cluster.s.*']));
    bench().host.sent.length = 0;
    await bench().does(() => bench().host.hello());
    assert.deepEqual(bench().wirePatterns(), ['cluster.s.*']);
    assert.equal(first.current().missedAt, bench().clock.now());
    await first.unmount();
    await second.unmount();
    assert.deepEqual(bench().wirePatterns(), []);
  });

  it('changes its patterns without a moment in which nothing is asked for', async () => {
    let pattern = 'cluster.s.eu';
    let rerender: () => void = () => undefined;
    const { current } = await bench().mount(() => {
      const [, setCount] = useState(0);
      rerender = () => setCount((count) => count + 1);
      return useRealtime([pattern]);
    });
    pattern = 'cluster.s.us';
    await bench().does(() => rerender());
    assert.deepEqual(bench().wirePatterns(), ['cluster.s.us']);
    await bench().frame(updated('eu', '1'), updated('us', '2'));
    assert.deepEqual(
      current().updates.map(({ value }) => value.cursor),
      ['2'],
    );
  });

  it('marks what is told again, and puts it where it belongs', async () => {
    const { current } = await bench().mount(() => useRealtime(['cluster.s.*']));
    const now = bench().clock.now();
    await bench().frame(updated('eu', 'new', { at: now }));
    await bench().frame(
      updated('eu', 'old', { at: now - 60_000, replayed: true }),
      updated('eu', 'new', { at: now, replayed: true }),
    );
    assert.deepEqual(
      current().updates.map(({ value, isReplayed }) => [value.cursor, isReplayed]),
      [
        ['new', false],
        ['old', true],
      ],
    );
  });

  it('says how fast events come, and that the connection ended', async () => {
    const { current } = await bench().mount(() => useRealtime(['cluster.s.*']));
    assert.equal(current().flow, undefined);
    await bench().does(() => bench().host.deliver({ type: 'flow', rate: 100, queued: 3, dropped: 1 }));
    assert.deepEqual(current().flow, { rate: 100, queued: 3, dropped: 1 });
    await bench().does(() => bench().host.dispose());
    assert.deepEqual([current().connection, current().isConnected], ['closed', false]);
  });
});
