import assert from 'node:assert/strict';
import { createElement } from 'react';
import { createStore } from 'zustand/vanilla';
import type { Channel } from '../../../../src/protocol/channel';
import type { ClientMessage } from '../../../../src/protocol/messages';
import { clusterTopic } from '../../../../src/protocol/topics';
import { HubClient } from '../../../../src/client/hubClient';
import { DetailApp } from '../../../../webview/detail/DetailApp';
import { INITIAL_DETAIL_STATE } from '../../../../webview/detail/detailState';
import { createConnection } from '../../../../webview/realtime/connection';
import { useRealtime } from '../../../../webview/realtime/useRealtime';
import { useRealtimeAlerts } from '../../../../webview/realtime/useRealtimeAlerts';
import { useRealtimeMetrics } from '../../../../webview/realtime/useRealtimeMetrics';
import { useRealtimePlatform } from '../../../../webview/realtime/useRealtimePlatform';
import type { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { withHub, type HubFixture } from '../../hub/hubFixture';
import { ReactBench, withPage } from '../reactBench';
import { ScriptedVisibility } from '../hookBench';

const WINDOW_MS = 600_000;

/** What `p` is after its change number `turn`: all that hooks show of it is another one. */
function heartbeat({ clock }: HubFixture, turn: number): Readonly<Record<string, unknown>> {
  return {
    spec: { name: 'p', environment: 'production' },
    status: {
      phase: turn % 3 === 0 ? 'Ready' : 'Degraded',
      lastDiscovery: new Date(clock.now()).toISOString(),
      nodes: Array.from({ length: 5 }, (_, node) => ({ name: `n${node}`, ready: (turn + node) % 4 !== 0 })),
      addons: [{ name: 'dns', installed: true, healthy: turn % 2 === 0 }],
      resourceSummary: { cpuUtilization: `${90 + (turn % 9)}%`, memoryUtilization: `${turn % 80}%` },
    },
  };
}

/** The channel, with what is sent over it. */
function noting(channel: Channel<ClientMessage>, sent: ClientMessage[]): Channel<ClientMessage> {
  return {
    onMessage: channel.onMessage,
    onClose: channel.onClose,
    dispose: () => channel.dispose(),
    send: (message) => {
      sent.push(message);
      channel.send(message);
    },
  };
}

/** A view of persona `p` of source `s`, served by the hub itself. */
class LiveView extends ReactBench {
  readonly #fixture: HubFixture;
  readonly #served: ReturnType<HubFixture['serve']>;
  readonly sent: ClientMessage[];

  constructor(fixture: HubFixture) {
    const served = fixture.serve({ type: 'detail', source: 's', name: 'p' });
    const sent: ClientMessage[] = [];
    const client = new HubClient(noting(served.client, sent), fixture.clock, (error) => {
      throw error;
    });
    super(createConnection(client, fixture.clock, new ScriptedVisibility()), fixture.clock);
    this.#fixture = fixture;
    this.#served = served;
    this.sent = sent;
    // Also of a test that failed.
    fixture.owned.add(this.connection);
    client.connect();
  }

  async show(isVisible: boolean): Promise<void> {
    await this.does(() => this.#served.session.setVisible(isVisible));
    await this.advance(1_000);
  }

  /** Methods asked for since the last call, those of messages that are no requests left out. */
  takeRequests(): string[] {
    return this.sent
      .splice(0)
      .flatMap((message) => (message.type === 'request' ? [message.method] : []))
      .toSorted();
  }

  /** Changes `p`, and others so many times, in the middle of a turn and over several. */
  async flood(server: FaultServer, turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      await this.does(() => {
        for (let change = 0; change < 20; change += 1) {
          server.put('p', heartbeat(this.#fixture, turn * 20 + change));
          server.put(`q${change}`, heartbeat(this.#fixture, turn));
        }
      });
      await this.advance(7);
    }
    await this.advance(2_000);
  }
}

/** What the hub itself would answer. */
function truth({ hub }: HubFixture) {
  const key = { source: 's', name: 'p' };
  const lasting = (name?: string): string[] =>
    hub.alerts
      .list({ source: 's', ...(name !== undefined && { name }) })
      .alerts.filter(({ resolvedAt }) => resolvedAt === undefined)
      .map((alert) => JSON.stringify(alert))
      .toSorted();
  const points = (metric: 'cpuPercent' | 'memoryPercent'): unknown =>
    hub.metrics.read({ ...key, metric, from: 0, limit: 5_000 }).points.slice(-500);
  return {
    object: hub.getCluster(key).object,
    components: hub.listComponents(key).components,
    state: hub.status('s').state,
    alerts: lasting('p'),
    allAlerts: lasting(),
    cpu: points('cpuPercent'),
    memory: points('memoryPercent'),
  };
}

function useAll() {
  const platform = useRealtimePlatform('s', 'p');
  const all = useRealtimeAlerts({ source: 's' });
  const [cpu, memory] = useRealtimeMetrics({
    source: 's',
    name: 'p',
    metrics: ['cpuPercent', 'memoryPercent'],
    aggregation: 'max',
    windowMs: WINDOW_MS,
  });
  const recent = useRealtime([clusterTopic('s', 'p')]);
  const { cluster, components, source, alerts } = platform;
  const inOrder = (list: typeof alerts.alerts): string[] =>
    list.map((alert) => JSON.stringify(alert)).toSorted();
  const shown = {
    object: cluster.type === 'found' ? cluster.object : cluster.type,
    components: components.type === 'found' ? components.components : components.type,
    state: source.status?.state,
    alerts: inOrder(alerts.alerts),
    allAlerts: inOrder(all.alerts),
    cpu: cpu?.points,
    memory: memory?.points,
  };
  return { shown, recent, cpu };
}

describe('Hooks of a view that the hub serves', () => {
  withPage();
  trackLeaks();

  it(
    'show what the hub holds after a flood, after one while the view was hidden, and after the source was away',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('p');
      const view = new LiveView(fixture);
      const { current, commits } = await view.mount(useAll);
      await view.flood(server, 30);
      assert.deepEqual(current().shown, truth(fixture));
      assert.ok(commits() < 600 + 200, `${commits()} commits for 1,200 changes`);
      assert.ok(current().recent.updates.length > 0);
      assert.equal(current().cpu?.value, 98);

      await view.show(false);
      view.takeRequests();
      const before = commits();
      await view.flood(server, 20);
      assert.deepEqual([view.takeRequests(), commits()], [[], before], 'a hidden view costs nothing');
      await view.show(true);
      assert.deepEqual(current().shown, truth(fixture));

      source.disconnect();
      await view.advance(100);
      assert.deepEqual([current().shown.alerts, current().shown.allAlerts], [[], []]);
      source.connect();
      await view.advance(2_000);
      assert.equal(fixture.stateOf('s'), 'live');
      await view.flood(server, 3);
      const { object, components, alerts } = current().shown;
      const now = truth(fixture);
      assert.deepEqual(
        { object, components, alerts },
        {
          object: now.object,
          components: now.components,
          alerts: now.alerts,
        },
      );
      await view.dispose();
    }),
  );

  it(
    'show a figure that an alert tells as it is now, though the alert itself goes on',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer();
      const high = (percent: number) => ({ status: { resourceSummary: { cpuUtilization: `${percent}%` } } });
      server.put('p', high(92));
      const view = new LiveView(fixture);
      const { current } = await view.mount(() => useRealtimePlatform('s', 'p').alerts);
      await view.advance(100);
      assert.equal(current().alerts[0]?.value, 92);
      await view.does(() => server.put('p', high(97)));
      await view.advance(100);
      assert.equal(current().alerts[0]?.value, 97);
      await view.dispose();
    }),
  );

  it(
    'ask again for the components of a persona that comes after the view',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('q');
      const view = new LiveView(fixture);
      const { current } = await view.mount(() => useRealtimePlatform('s', 'p').components);
      await view.advance(100);
      assert.equal(current().type, 'failed');
      await view.does(() => server.put('p', heartbeat(fixture, 1)));
      await view.advance(100);
      const components = current();
      assert.equal(components.type === 'found' && components.components.length, 6);
      await view.dispose();
    }),
  );

  it(
    'make a panel ask for its cluster and for new figures when the cluster reports, and for nothing of others',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('p');
      server.put('p', heartbeat(fixture, 1));
      const view = new LiveView(fixture);
      const store = createStore(() => INITIAL_DETAIL_STATE);
      await view.mountPage(createElement(DetailApp, { source: 's', name: 'p', store }));
      await view.advance(5_000);
      view.takeRequests();
      // The phase and what is unwell are the same as before.
      await view.does(() => server.put('p', { ...heartbeat(fixture, 1), status: undefined }));
      await view.advance(5_000);
      view.takeRequests();
      const steady = (): Readonly<Record<string, unknown>> => ({
        status: {
          lastDiscovery: new Date(fixture.clock.now()).toISOString(),
          resourceSummary: { cpuUtilization: '40%', memoryUtilization: '50%' },
          nodes: [{ name: 'n', ready: false }],
        },
      });
      await view.does(() => server.put('p', steady()));
      await view.advance(5_000);
      view.takeRequests();
      await view.does(() => server.put('p', steady()));
      await view.advance(900);
      assert.deepEqual(view.takeRequests(), ['clusters.get', 'metrics.read', 'metrics.read', 'sources.get']);
      await view.advance(5_000);
      view.takeRequests();
      await view.does(() => server.put('q', steady()));
      await view.advance(900);
      assert.deepEqual(view.takeRequests(), ['sources.get'], 'when the last sign of life was');
      await view.dispose();
    }),
  );
});
