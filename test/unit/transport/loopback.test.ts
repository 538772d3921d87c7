import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { WebSocket as PackagedWebSocket } from 'ws';
import { systemClock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter, type Event } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { HubClient } from '../../../src/client/hubClient';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import { ConnectionManager } from '../../../src/transport/connectionManager';
import type { ConnectionState } from '../../../src/transport/connectionState';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import type { OpenSocket } from '../../../src/transport/web/socket';
import { webSocketRoute } from '../../../src/transport/web/webSocketChannel';
import { FaultServer } from '../../support/faultServer/faultServer';
import { trackLeaks } from '../../support/leakTracker';
import { LoopbackHub } from './loopbackHub';
import { ScriptedCredentials } from './scriptedCredentials';

function rethrow(error: unknown): never {
  throw error;
}

interface Connected {
  readonly manager: ConnectionManager;
  readonly client: HubClient;
}

/** The first value for which `isIt` says so; what comes later is too late only for the time-out of the test. */
function next<T>(event: Event<T>, isIt: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const listening = event((value) => {
      if (isIt(value)) {
        listening.dispose();
        resolve(value);
      }
    });
  });
}

const sockets: readonly (readonly [string, OpenSocket])[] = [
  ['of the platform', (url) => new WebSocket(url)],
  ['of the package ws', (url) => new PackagedWebSocket(url)],
];

for (const [whose, openSocket] of sockets) {
  describe(`A hub on loopback, by the WebSocket ${whose}`, () => {
    let owned: DisposableStore;
    let cluster: FaultServer;
    let hub: LoopbackHub;

    beforeEach(async () => {
      owned = new DisposableStore();
      cluster = new FaultServer();
      cluster.put('a');
      cluster.put('b');
      hub = await LoopbackHub.start(cluster.fetch);
    });

    afterEach(async () => {
      owned.dispose();
      await hub.kill();
    });
    trackLeaks();

    function connect(credentials?: ScriptedCredentials): Connected {
      const shared = {
        clock: systemClock,
        logger: nullLogger,
        ...(credentials === undefined ? {} : { credentials }),
      };
      const manager = new ConnectionManager({
        ...shared,
        random: systemRandom,
        settings: { ...DEFAULT_CONNECTION_SETTINGS, initialBackoffMs: 20, maxBackoffMs: 50 },
        // As behind a balancer: the address stays, and who answers does not.
        routes: [webSocketRoute({ ...shared, url: hub.url, openSocket: () => openSocket(hub.url) })],
        onAwake: new Emitter<void>(rethrow).event,
      });
      const client = owned.add(new HubClient(manager, systemClock, rethrow));
      client.connect();
      manager.start();
      return { manager, client };
    }

    const isOpen = ({ type }: ConnectionState): boolean => type === 'open';

    it('answers what it is asked', async () => {
      const { client } = connect();
      const { rows } = await client.request('clusters.list', {});
      assert.deepEqual(
        rows.map(({ name }) => name),
        ['a', 'b'],
      );
    });

    /** A client that was told of a change of `a`, and what it was told since. */
    async function follow(): Promise<
      Connected & { readonly seen: HubEvent[]; readonly resets: () => number }
    > {
      const connected = connect();
      const { client } = connected;
      const seen: HubEvent[] = [];
      let resets = 0;
      owned.add(client.onEvents((events) => seen.push(...events)));
      owned.add(client.onRecovered(() => (resets += 1)));
      owned.add(client.subscribe(['cluster.s.*', 'connection.s']));
      // What is asked after a subscription is answered after it counts.
      await client.request('sources.list', {});
      const told = next(client.onEvents, (events) => events.some(({ type }) => type === 'cluster.updated'));
      cluster.put('a');
      await told;
      seen.length = 0;
      return { ...connected, seen, resets: () => resets };
    }

    it('has everything asked again when it was killed, and started again after a change that nobody saw', async () => {
      const { manager, client, seen, resets } = await follow();
      const lost = next(manager.onOpenChanged, (is) => !is);
      await hub.kill();
      await lost;
      cluster.put('b');
      const asked = client.request('clusters.get', { source: 's', name: 'b' });
      const recovered = next(client.onRecovered, () => true);
      hub = await LoopbackHub.start(cluster.fetch, hub.port);
      assert.equal((await asked).object.metadata.name, 'b');
      await recovered;
      assert.equal(manager.state.type, 'open');
      assert.deepEqual([seen, resets()], [[], 1]);
    });

    it('is replaced by another hub of the same cluster, which tells what changed meanwhile and no more', async () => {
      const { manager, client, seen, resets } = await follow();
      const other = await LoopbackHub.start(cluster.fetch);
      const lost = next(manager.onOpenChanged, (is) => !is);
      await hub.kill();
      await lost;
      const known = next(other.hub.onEvent, ({ type }) => type === 'cluster.deleted');
      cluster.put('c');
      cluster.delete('b');
      await known;
      const replayed = next(client.onEvents, (events) => events.some(({ replayed: is }) => is === true));
      hub = other;
      await replayed;
      const personas = seen.flatMap(({ type, data }) => ('name' in data ? [`${type} ${data.name}`] : []));
      assert.deepEqual(personas.sort(), ['cluster.added c', 'cluster.deleted b']);
      assert.equal(resets(), 0);
      const { rows } = await client.request('clusters.list', {});
      assert.deepEqual(
        rows.map(({ name }) => name),
        ['a', 'c'],
      );
    });

    it('is told of a goodbye, stays away as long as it is asked to, and comes back', async () => {
      const { manager } = connect();
      await next(manager.onStateChanged, isOpen);
      const [channel] = hub.channels;
      const sinceMs = performance.now();
      channel?.sayGoodbye('update', 100);
      const state = await next(manager.onStateChanged, ({ type }) => type === 'reconnecting');
      assert.ok('problem' in state && state.problem?.detail === 'update', JSON.stringify(state));
      await next(manager.onStateChanged, isOpen);
      assert.ok(performance.now() - sinceMs >= 99);
    });

    it('is let in by its token alone, renews it, and is unauthorised once that is revoked for good', async () => {
      hub.token = 'right';
      const credentials = new ScriptedCredentials({ token: 'wrong' });
      const { manager, client } = connect(credentials);
      const refused = await next(manager.onStateChanged, ({ type }) => type === 'unauthorized');
      assert.ok('problem' in refused && refused.problem?.detail === 'the token is not known');
      const open = next(manager.onStateChanged, isOpen);
      credentials.change({ token: 'right' });
      await open;
      await client.request('sources.list', {});
      const revoked = next(manager.onStateChanged, ({ type }) => type === 'unauthorized');
      hub.token = 'other';
      hub.revoked.fire({ code: 4401, reason: 'the token is no longer good' });
      await revoked;
      assert.equal(hub.channels.size, 0);
    });

    it('takes for no hub what answers without WebSockets, or with something else', async () => {
      const server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const route = webSocketRoute({
        url: `ws://127.0.0.1:${port}/`,
        openSocket,
        clock: systemClock,
        logger: nullLogger,
      });
      const connection = owned.add(route.connect());
      await next(connection.onClose, () => true);
      assert.equal(connection.closeReason?.kind, 'unreachable');
      server.close();
    });
  });
}
