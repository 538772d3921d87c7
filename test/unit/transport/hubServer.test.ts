import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as openConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter, type Event } from '../../../src/base/emitter';
import { unknownLoad } from '../../../src/base/loadMeter';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { HubClient } from '../../../src/client/hubClient';
import { HubServer } from '../../../src/server/hubServer';
import { ConnectionManager } from '../../../src/transport/connectionManager';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import { CompatClient } from '../../../src/transport/web/compatClient';
import { pollingRoute } from '../../../src/transport/web/pollingChannel';
import type { OpenSocket } from '../../../src/transport/web/socket';
import { sseRoute } from '../../../src/transport/web/sseChannel';
import { webSocketRoute } from '../../../src/transport/web/webSocketChannel';
import { FaultServer } from '../../support/faultServer/faultServer';
import { ScriptedCredentials } from './scriptedCredentials';

function rethrow(error: unknown): never {
  throw error;
}

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

const SETTINGS = { ...DEFAULT_CONNECTION_SETTINGS, initialBackoffMs: 20, maxBackoffMs: 50, pollMs: 50 };
const TOKEN = 'a-token-that-is-long-enough-to-be-taken-0123456789';

const openSocket: OpenSocket = (url) => new WebSocket(url);
/** As behind a proxy that lets nothing but HTTP through: nobody listens there. */
const blocked: OpenSocket = () => new WebSocket('ws://127.0.0.1:9');

describe('Clients of the hub server', () => {
  let owned: DisposableStore;
  let cluster: FaultServer;
  let folder: string;
  let server: HubServer;

  async function start(port = 0): Promise<HubServer> {
    const open = () => Promise.resolve({ fetch: cluster.fetch, dispose: () => {} });
    return HubServer.start({
      arguments: {
        listen: { host: '127.0.0.1', port },
        auth: { type: 'token', file: path.join(folder, 'tokens') },
        allowedOrigins: [],
        maxConnections: 100,
        maxConnectionsPerPeer: 100,
        maxRequestsPerPeer: 1_000,
      },
      sources: [{ id: 's', kind: 'kubeconfig', label: 's', open }],
      clock: systemClock,
      random: systemRandom,
      logger: nullLogger,
      loadMeter: unknownLoad,
    });
  }

  beforeEach(async () => {
    owned = new DisposableStore();
    cluster = new FaultServer();
    cluster.put('a');
    folder = mkdtempSync(path.join(tmpdir(), 'hub-client-'));
    writeFileSync(path.join(folder, 'tokens'), `${TOKEN}\n`);
    server = await start();
  });

  afterEach(async () => {
    owned.dispose();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function connect(open: OpenSocket, isStreaming = false): { manager: ConnectionManager; client: HubClient } {
    const credentials = new ScriptedCredentials({ token: TOKEN });
    const shared = { clock: systemClock, logger: nullLogger, credentials };
    const url = `${server.url.replace('http', 'ws')}/api/v1/ws`;
    const manager = new ConnectionManager({
      ...shared,
      random: systemRandom,
      settings: SETTINGS,
      routes: [
        webSocketRoute({ ...shared, url, openSocket: open }),
        ...(isStreaming ? [sseRoute({ ...shared, baseUrl: server.url, fetch })] : []),
        pollingRoute({ ...shared, baseUrl: server.url, fetch, pollMs: SETTINGS.pollMs }),
      ],
      onAwake: new Emitter<void>(rethrow).event,
    });
    const client = owned.add(new HubClient(manager, systemClock, rethrow));
    client.connect();
    manager.start();
    return { manager, client };
  }

  it('are served over a WebSocket, and again when it was stopped and started anew', async () => {
    const { manager, client } = connect(openSocket);
    const { object } = await client.request('clusters.get', { source: 's', name: 'a' });
    assert.equal(object.metadata.name, 'a');
    const { port } = new URL(server.url);
    const lost = next(manager.onOpenChanged, (isOpen) => !isOpen);
    await server.stop();
    await lost;
    cluster.put('b');
    const asked = client.request('sources.list', {});
    server = await start(Number(port));
    // It asked to be left alone for a while, which the user need not heed.
    manager.retryNow();
    assert.equal((await asked).sources.length, 1);
    assert.deepEqual(manager.state, { type: 'open', route: 'webSocket' });
  });

  it('poll it where WebSockets do not get through', async () => {
    const { manager, client } = connect(blocked);
    const { sources } = await client.request('sources.list', {});
    assert.equal(sources[0]?.source, 's');
    assert.partialDeepStrictEqual(manager.state, {
      type: 'open',
      route: 'polling',
      problem: { code: 'unreachable' },
    });
    const polled = next(client.onRecovered, () => true);
    cluster.put('b');
    await polled;
    const { rows } = await client.request('clusters.list', { source: 's' });
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['a', 'b'],
    );
    await assert.rejects(client.request('clusters.get', { source: 's', name: 'gone' }), /notFound/);
    const log = { source: 's', namespace: 'n', pod: 'p' };
    await assert.rejects(client.request('logs.open', log), /unsupported/);
  });

  it('listen to a stream where WebSockets do not get through, until their token is revoked', async () => {
    const { manager, client } = connect(blocked, true);
    const told = next(client.onEvents, (events) => events.some(({ topic }) => topic === 'cluster.s.b'));
    client.subscribe(['cluster.s.*']);
    const { sources } = await client.request('sources.list', {});
    assert.equal(sources[0]?.source, 's');
    assert.partialDeepStrictEqual(manager.state, { type: 'open', route: 'stream' });
    cluster.put('b');
    await told;
    const { object } = await client.request('clusters.get', { source: 's', name: 'b' });
    assert.equal(object.metadata.name, 'b');
    const refused = next(manager.onStateChanged, ({ type }) => type === 'unauthorized');
    writeFileSync(path.join(folder, 'tokens'), `${TOKEN.replace('a', 'b')}\n`);
    await refused;
  });

  it('know by polling that their token is refused, which a browser does not tell of a WebSocket', async () => {
    writeFileSync(path.join(folder, 'tokens'), `${TOKEN.replace('a', 'b')}\n`);
    await server.stop();
    server = await start();
    const { manager } = connect(blocked);
    await next(manager.onStateChanged, ({ type }) => type === 'unauthorized');
  });

  it('follow its compatible interface', async () => {
    const told: string[] = [];
    const heard = new Emitter<string>(rethrow);
    const tell = (what: string): void => {
      told.push(what);
      heard.fire(what);
    };
    const client = owned.add(
      new CompatClient({
        baseUrl: server.url,
        fetch,
        // The compatible interface knows no message to show a token by.
        openSocket: (url) => new WebSocket(url, { headers: { authorization: `Bearer ${TOKEN}` } }),
        clock: systemClock,
        random: systemRandom,
        logger: nullLogger,
        settings: SETTINGS,
        credentials: new ScriptedCredentials({ token: TOKEN }),
        onAwake: new Emitter<void>(rethrow).event,
        resyncMs: () => 300_000,
        listener: {
          listed: (clusters) => tell(`listed ${clusters.map(({ name }) => name).join(' ')}`),
          changed: ({ name }) => tell(`changed ${name}`),
          deleted: (name) => tell(`deleted ${name}`),
        },
      }),
    );
    const listed = next(heard.event, (what) => what === 'listed a');
    client.start();
    await listed;
    const changed = next(heard.event, (what) => what === 'changed b');
    cluster.put('b');
    await changed;
    const deleted = next(heard.event, (what) => what === 'deleted a');
    cluster.delete('a');
    await deleted;
    assert.deepEqual(client.state, { type: 'open', route: 'webSocket' });
  });

  it('are answered no more than 16 requests of one connection at once', async () => {
    const { port } = new URL(server.url);
    const request = `GET /api/clusters HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;
    const connection = openConnection(Number(port), '127.0.0.1');
    let answers = '';
    connection.on('data', (data) => (answers += data.toString()));
    connection.on('error', () => undefined);
    connection.write(request.repeat(40));
    await once(connection, 'close');
    assert.equal(answers.match(/HTTP\/1\.1 429/g)?.length, 1, 'the connection ends with it');
    assert.equal(answers.match(/HTTP\/1\.1 \d+/g)?.length, 17);
  });
});
