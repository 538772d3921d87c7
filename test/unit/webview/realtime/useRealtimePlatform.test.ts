import assert from 'node:assert/strict';
import { standsFor } from '../../protocol/naiveMatcher';
import {
  addonTopic,
  addonsPattern,
  alertsPattern,
  clusterTopic,
  connectionTopic,
  nodesPattern,
  nodeTopic,
} from '../../../../src/protocol/topics';
import { useRealtimePlatform } from '../../../../webview/realtime/useRealtimePlatform';
import { withHookBench } from '../hookBench';
import { hubEvent } from '../scriptedHost';

const object = { metadata: { name: 'eu' } };
const node = { kind: 'node', component: 'a', health: 'ok' };
const status = { source: 's', kind: 'kubeconfig', label: 'kind-eu', state: { type: 'live' }, count: 1 };

describe('useRealtimePlatform', () => {
  const bench = withHookBench();

  const usePlatform = (): ReturnType<typeof useRealtimePlatform> => useRealtimePlatform('s', 'eu');

  async function answerAll(): Promise<void> {
    await bench().answer('sources.get', status);
    await bench().answer('clusters.get', { object, version: '1' });
    await bench().answer('components.list', { components: [node] });
    await bench().answer('alerts.list', { alerts: [], unwatched: [] });
  }

  it('asks for all that a card shows, and is told of what changes it', async () => {
    const { current } = await bench().mount(usePlatform);
    assert.deepEqual(
      bench().wirePatterns().toSorted(),
      [
        clusterTopic('s', 'eu'),
        nodesPattern('s', 'eu'),
        addonsPattern('s', 'eu'),
        alertsPattern('s'),
        connectionTopic('s'),
      ].toSorted(),
    );
    assert.deepEqual([current().cluster.type, current().components.type], ['loading', 'loading']);
    await answerAll();
    const { cluster, components, source, alerts } = current();
    assert.deepEqual(cluster.type === 'found' && cluster.object, object);
    assert.deepEqual(components.type === 'found' && components.components, [node]);
    assert.deepEqual([source.status?.label, alerts.isLoading], ['kind-eu', false]);
  });

  it('asks again for its components alone when one of them changed', async () => {
    const { current } = await bench().mount(usePlatform);
    await answerAll();
    const before = bench().host.requests().length;
    const key = { source: 's', kind: 'node', component: 'a' };
    await bench().frame(hubEvent('component.changed', { ...key, name: 'us' }));
    assert.equal(bench().host.requests().length, before);
    await bench().frame(hubEvent('component.changed', { ...key, name: 'eu' }));
    assert.deepEqual(
      bench()
        .host.requests()
        .slice(before)
        .map(({ method }) => method),
      ['components.list'],
    );
    await bench().answer('components.list', { components: [{ ...node, health: 'error' }] });
    const { components } = current();
    assert.equal(components.type === 'found' && components.components[0]?.health, 'error');
  });

  it('says why the components are not known when the source is gone, and keeps what it knew', async () => {
    const { current } = await bench().mount(usePlatform);
    await bench().refuse('components.list', { code: 'notFound', detail: 's' });
    const { components } = current();
    assert.equal(components.type === 'failed' && components.problem.code, 'notFound');
    await bench().frame(hubEvent('connection.state', { source: 's' }));
    await answerAll();
    await bench().frame(
      hubEvent('component.changed', { source: 's', name: 'eu', kind: 'node', component: 'a' }),
    );
    await bench().refuse('components.list', { code: 'closed', detail: 's' });
    const later = current().components;
    assert.equal(later.type === 'found' && later.problem?.code, 'closed');
    assert.equal(later.type === 'found' && later.components.length, 1);
  });

  it('ends in the middle of its questions without a trace, also with a host that says hello twice', async () => {
    const { unmount } = await bench().mount(usePlatform);
    await bench().does(() => bench().host.hello());
    assert.equal(new Set(bench().wirePatterns()).size, bench().wirePatterns().length);
    await unmount();
    assert.deepEqual(bench().wirePatterns(), []);
  });

  it('is told of nodes and add-ons with any name, and of no other cluster’s', () => {
    for (const name of ['eu', 'a.b', '*', '**', '', '__proto__']) {
      assert.ok(standsFor(nodesPattern('s', name), nodeTopic('s', name, 'ip-1.internal')));
      assert.ok(standsFor(addonsPattern('s', name), addonTopic('s', name, '')));
      assert.ok(!standsFor(nodesPattern('s', name), nodeTopic('s', 'other', 'a')));
    }
  });
});
