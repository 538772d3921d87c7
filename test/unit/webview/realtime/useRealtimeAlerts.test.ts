import assert from 'node:assert/strict';
import { standsFor } from '../../protocol/naiveMatcher';
import type { Alert } from '../../../../src/protocol/alert';
import { DEFAULT_REALTIME_LIMITS } from '../../../../src/protocol/realtimeLimits';
import { alertsPattern, alertTopic, connectionTopic } from '../../../../src/protocol/topics';
import { useRealtimeAlerts } from '../../../../webview/realtime/useRealtimeAlerts';
import { withHookBench } from '../hookBench';
import { hubEvent } from '../scriptedHost';

describe('useRealtimeAlerts', () => {
  const bench = withHookBench();

  function alert(fingerprint: string, change: Partial<Alert> = {}): Alert {
    const raisedAt = bench().clock.now() - 60_000;
    return {
      source: 's',
      name: 'eu',
      fingerprint,
      severity: 'warning',
      rule: 'nodeNotReady',
      raisedAt,
      ...change,
    };
  }

  const names = (alerts: readonly Alert[]): string[] => alerts.map(({ fingerprint }) => fingerprint);

  it('shows what lasts, the worst first and then the latest, and what ended', async () => {
    const { current } = await bench().mount(() => useRealtimeAlerts({ source: 's', name: 'eu' }));
    assert.equal(current().isLoading, true);
    assert.deepEqual(bench().host.lastRequest('alerts.list').params, { source: 's', name: 'eu' });
    const now = bench().clock.now();
    await bench().answer('alerts.list', {
      unwatched: [],
      alerts: [
        alert('info', { severity: 'info' }),
        alert('old'),
        alert('ended', { resolvedAt: now - 5 }),
        alert('new', { raisedAt: now - 1 }),
        alert('critical', { severity: 'critical' }),
        alert('ended last', { resolvedAt: now - 1 }),
        alert('forgotten', { resolvedAt: now - DEFAULT_REALTIME_LIMITS.alertMs }),
      ],
    });
    assert.deepEqual(names(current().alerts), ['critical', 'new', 'old', 'info']);
    assert.deepEqual(names(current().resolved), ['ended last', 'ended']);
    assert.deepEqual(
      [current().isLoading, current().isUnwatched, current().problem],
      [false, false, undefined],
    );
  });

  it('takes only what is bad enough', async () => {
    const { current } = await bench().mount(() => useRealtimeAlerts({ source: 's', severity: 'warning' }));
    await bench().answer('alerts.list', {
      unwatched: [],
      alerts: [alert('i', { severity: 'info' }), alert('w'), alert('c', { severity: 'critical' })],
    });
    assert.deepEqual(names(current().alerts), ['c', 'w']);
  });

  it('asks again for its own alerts, those of the source, and when it is another way to it', async () => {
    const { current } = await bench().mount(() => useRealtimeAlerts({ source: 's', name: 'eu' }));
    await bench().answer('alerts.list', { unwatched: [], alerts: [alert('a')] });
    const asked = (): number => bench().host.requests('alerts.list').length;
    const before = asked();
    const key = { source: 's', fingerprint: 'a', severity: 'warning' };
    await bench().frame(hubEvent('alert.raised', { ...key, name: 'us' }));
    assert.equal(asked(), before, 'another cluster is not ours');
    await bench().frame(hubEvent('alert.resolved', { ...key, name: 'eu' }));
    await bench().answer('alerts.list', { unwatched: [], alerts: [] });
    assert.deepEqual(current().alerts, []);
    await bench().frame(hubEvent('alert.raised', key));
    await bench().answer('alerts.list', { unwatched: [], alerts: [] });
    await bench().frame(hubEvent('connection.state', { source: 's' }));
    await bench().answer('alerts.list', { unwatched: ['s'], alerts: [alert('a')] });
    assert.deepEqual([asked() - before, current().isUnwatched], [3, true]);
  });

  it('keeps what it knows when it cannot be asked again, and says why', async () => {
    const { current } = await bench().mount(() => useRealtimeAlerts({ source: 's' }));
    await bench().answer('alerts.list', { unwatched: [], alerts: [alert('a')] });
    await bench().does(() => bench().host.deliver({ type: 'recovered', ok: false, reset: true }));
    await bench().refuse('alerts.list', { code: 'notFound', detail: 's' });
    assert.deepEqual([names(current().alerts), current().problem?.code], [['a'], 'notFound']);
  });

  it('asks to be told once, whoever else does, and leaves nothing behind', async () => {
    const first = await bench().mount(() => useRealtimeAlerts({ source: 's', name: 'eu' }));
    const second = await bench().mount(() => useRealtimeAlerts({ source: 's' }));
    await bench().does(() => bench().host.hello());
    assert.deepEqual(bench().wirePatterns(), [alertsPattern('s'), connectionTopic('s')]);
    await first.unmount();
    await second.unmount();
    assert.deepEqual(bench().wirePatterns(), []);
    assert.equal(bench().host.requests('alerts.list').length > 0, true);
  });

  it('is told of every alert of a source with any name, and of no other’s', () => {
    for (const source of ['s', 'a.b', '*', '', 'constructor']) {
      assert.ok(standsFor(alertsPattern(source), alertTopic(source, 'f.1/*')));
      assert.ok(!standsFor(alertsPattern(source), alertTopic('other', 'f')));
    }
  });
});
