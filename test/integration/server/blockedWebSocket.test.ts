import assert from 'node:assert/strict';
import { systemClock, type Clock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { HubClient } from '../../../src/client/hubClient';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import { ConnectionManager } from '../../../src/transport/connectionManager';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import { pollingRoute } from '../../../src/transport/web/pollingChannel';
import { sseRoute } from '../../../src/transport/web/sseChannel';
import { webSocketRoute } from '../../../src/transport/web/webSocketChannel';
import { until } from '../../support/testbed/until';
import { HubProcess } from './hubProcess';
import { SocketBlockingProxy, type Blocking } from './socketBlockingProxy';

function rethrow(error: unknown): never {
  throw error;
}

const soon = { deadlineMs: 30_000, pollMs: 20 };
/** As if twenty seconds were one: nobody has to wait as long for what hangs. */
const hurried: Clock = {
  ...systemClock,
  schedule: (delayMs, callback) => systemClock.schedule(delayMs / 20, callback),
};

for (const blocking of ['refuses', 'hangs'] satisfies Blocking[]) {
  describe(`a client of a hub, behind a proxy that ${blocking} WebSockets`, function () {
    this.timeout(90_000);
    let hub: HubProcess;
    let proxy: SocketBlockingProxy;
    let owned: DisposableStore;

    before(async () => {
      hub = await HubProcess.start(['--demo']);
      await hub.untilReady();
      proxy = await SocketBlockingProxy.start(hub.port, blocking);
      owned = new DisposableStore();
    });
    after(async () => {
      owned.dispose();
      await proxy?.stop();
      await hub?.stop();
    });

    it('is live over a stream, through a cut and a hub that is killed', async () => {
      const shared = { clock: systemClock, logger: nullLogger };
      const http = { ...shared, baseUrl: `http://127.0.0.1:${proxy.port}`, fetch };
      const settings = { ...DEFAULT_CONNECTION_SETTINGS, initialBackoffMs: 100, maxBackoffMs: 200 };
      const manager = new ConnectionManager({
        ...shared,
        random: systemRandom,
        settings,
        routes: [
          webSocketRoute({
            ...shared,
            clock: hurried,
            url: `ws://127.0.0.1:${proxy.port}/api/v1/ws`,
            openSocket: (url) => new WebSocket(url),
          }),
          sseRoute(http),
          pollingRoute({ ...http, pollMs: settings.pollMs }),
        ],
        onAwake: new Emitter<void>(rethrow).event,
      });
      const client = owned.add(new HubClient(manager, systemClock, rethrow));
      let events: HubEvent[] = [];
      owned.add(client.onEvents((told) => events.push(...told)));
      client.subscribe(['cluster.*.*', 'connection.*']);
      client.connect();
      manager.start();
      const live = async (): Promise<void> => {
        await until('it is open over a stream', () => isOpenOver(manager, 'stream'), soon);
        const { rows } = await client.request('clusters.list', { source: 'demo' });
        assert.equal(rows.length, 12);
        events = [];
        await until(
          'it is told what happens',
          () => events.some(({ topic }) => topic.startsWith('cluster.demo.')),
          soon,
        );
      };
      await live();
      assert.equal(proxy.blocked, settings.fallbackAfter);
      let recoveries = 0;
      owned.add(client.onRecovered(() => (recoveries += 1)));
      let losses = 0;
      owned.add(manager.onOpenChanged((isOpen) => (losses += Number(!isOpen))));
      proxy.cut();
      await until('it noticed', () => losses === 1, soon);
      await live();
      assert.equal(recoveries, 0, 'what was missed was told');
      const before = hub;
      before.process.signal('SIGKILL');
      await before.process.ended();
      await until('it noticed', () => losses === 2, soon);
      hub = await HubProcess.start(['--demo'], 'http', before);
      await before.stop();
      await hub.untilReady();
      await live();
      assert.ok(recoveries > 0, 'nothing is known of another demo');
    });
  });
}

function isOpenOver({ state }: ConnectionManager, route: string): boolean {
  return state.type === 'open' && state.route === route;
}
