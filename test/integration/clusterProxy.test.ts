import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect as connectTo, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { readText } from '../../src/base/readBody';
import type { ClusterConnection } from '../../src/cluster/clusterConnection';
import { CertificateAuthority } from '../../src/demoServer/certificateAuthority';
import { temporaryFolder, type TemporaryFolder } from '../support/testbed/temporaryFolder';
import { startStandIn, type StandIn } from './clusterHttpsServer';
import { openFile, writeTestKubeconfig, type OpenOptions } from './clusterKubeconfig';

const authority = new CertificateAuthority('proxy-test-ca');

describe('a connection through a proxy', () => {
  let folder: TemporaryFolder;
  let standIn: StandIn;
  let connection: ClusterConnection | undefined;
  const proxies: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

  beforeEach(async () => {
    folder = temporaryFolder('proxy');
    standIn = await startStandIn({ authority, onRequest: (_request, response) => response.end('through') });
  });
  afterEach(async () => {
    connection?.dispose();
    await standIn.stop();
    for (const { server, sockets } of proxies.splice(0)) {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    }
    folder.remove();
  });

  async function listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    proxies.push({ server, sockets });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  /** An HTTP proxy that remembers what it was asked to connect to. */
  async function httpProxy(asked: IncomingMessage[], refuseWith?: number): Promise<number> {
    const server = createHttpServer((_request, response) => response.writeHead(500).end());
    server.on('connect', (request: IncomingMessage, client: Socket) => {
      asked.push(request);
      if (refuseWith !== undefined) {
        client.end(`HTTP/1.1 ${refuseWith} No\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      const upstream = connectTo(standIn.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
    });
    return listen(server);
  }

  /** RFC 1928 without authentication, to any name. */
  async function socksProxy(asked: string[], reply = 0): Promise<number> {
    return listen(
      createServer((client) => {
        client.once('data', () => {
          client.write(Buffer.from([5, 0]));
          client.once('data', (request: Buffer) => {
            asked.push(
              request[3] === 3 ? request.toString('latin1', 5, 5 + (request[4] ?? 0)) : 'an address',
            );
            if (reply !== 0) {
              client.end(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
              return;
            }
            const upstream = connectTo(standIn.port, '127.0.0.1', () => {
              client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
              upstream.pipe(client).pipe(upstream);
            });
            upstream.on('error', () => client.destroy());
            client.on('error', () => upstream.destroy());
          });
        });
      }),
    );
  }

  async function connect(
    proxyUrl: string | undefined,
    options: OpenOptions = {},
  ): Promise<ClusterConnection> {
    const file = writeTestKubeconfig(
      folder.path,
      {
        // Only the proxy knows where this is.
        server: `https://localhost.example:${standIn.port}`,
        'tls-server-name': 'localhost',
        'certificate-authority-data': Buffer.from(authority.certificate).toString('base64'),
        ...(proxyUrl === undefined ? {} : { 'proxy-url': proxyUrl }),
      },
      { token: 'secret-token' },
    );
    connection = await openFile(file, options);
    return connection;
  }
  const get = async ({ fetch }: ClusterConnection): Promise<string> =>
    readText((await fetch('/api')).body, 1000);

  it('tunnels through the http proxy of the kubeconfig, with its login', async () => {
    const asked: IncomingMessage[] = [];
    const port = await httpProxy(asked);
    const cluster = await connect(`http://user:pass@127.0.0.1:${port}`, {
      proxyFor: () => assert.fail('the kubeconfig names a proxy'),
    });
    assert.equal(await get(cluster), 'through');
    assert.equal(asked[0]?.url, `localhost.example:${standIn.port}`);
    assert.equal(
      asked[0]?.headers['proxy-authorization'],
      `Basic ${Buffer.from('user:pass').toString('base64')}`,
    );
    assert.equal(asked[0]?.headers.authorization, undefined);
  });

  it('takes the proxy that the editor or environment names where the kubeconfig has none', async () => {
    const asked: IncomingMessage[] = [];
    const port = await httpProxy(asked);
    const cluster = await connect(undefined, {
      proxyFor: (server) => (server.includes('localhost.example') ? `http://127.0.0.1:${port}` : undefined),
    });
    assert.equal(await get(cluster), 'through');
    assert.equal(asked.length, 1);
  });

  for (const scheme of ['socks5', 'socks5h']) {
    it(`goes through a ${scheme} proxy, which resolves the name`, async () => {
      const asked: string[] = [];
      const cluster = await connect(`${scheme}://127.0.0.1:${await socksProxy(asked)}`);
      assert.equal(await get(cluster), 'through');
      assert.deepEqual(asked, ['localhost.example']);
    });
  }

  it('still checks the cluster’s certificate', async () => {
    const port = await httpProxy([]);
    const file = writeTestKubeconfig(
      folder.path,
      {
        server: `https://localhost.example:${standIn.port}`,
        'proxy-url': `http://127.0.0.1:${port}`,
        'certificate-authority-data': Buffer.from(authority.certificate).toString('base64'),
      },
      { token: 't' },
    );
    connection = await openFile(file);
    await assert.rejects(get(connection), { name: 'KubeTransportError', code: 'tls' });
  });

  it('says proxy when it refuses, is not there, or hangs up', async () => {
    for (const port of [
      await httpProxy([], 407),
      await httpProxy([], 503),
      await rudeProxy(),
      await closedPort(),
    ]) {
      const cluster = await connect(`http://127.0.0.1:${port}`);
      await assert.rejects(get(cluster), { name: 'KubeTransportError', code: 'proxy' });
      cluster.dispose();
    }
    const socks = await connect(`socks5://127.0.0.1:${await socksProxy([], 5)}`);
    await assert.rejects(get(socks), { name: 'KubeTransportError', code: 'proxy' });
  });

  async function rudeProxy(): Promise<number> {
    return listen(createServer((socket) => socket.destroy()));
  }
  async function closedPort(): Promise<number> {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => {
      server.close(resolve);
    });
    return port;
  }
});
