import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { connect as connectTo, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { systemClock, type Clock } from '../../src/base/clock';
import type { CheckId, CheckResult } from '../../src/doctor/diagnosis';
import { CertificateAuthority } from '../../src/demoServer/certificateAuthority';
import { checkInShort } from '../support/checkInShort';
import { FakeClock } from '../support/fakeClock';
import { temporaryFolder, type TemporaryFolder } from '../support/testbed/temporaryFolder';
import { freePort } from '../support/testbed/freePort';
import { until } from '../support/testbed/until';
import { startStandIn, type StandIn } from './clusterHttpsServer';
import { openFile, writeTestKubeconfig } from './clusterKubeconfig';
import { diagnoseFile, type DiagnoseOptions } from './connectionDiagnosis';

const DAY_MS = 24 * 60 * 60 * 1000;
const soon = { deadlineMs: 5_000, pollMs: 10 };

describe('the checks of the way to a cluster', () => {
  let folder: TemporaryFolder;
  let issuedAt: number;
  let authority: CertificateAuthority;
  const standIns: StandIn[] = [];
  const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

  beforeEach(() => {
    folder = temporaryFolder('checks');
    issuedAt = Date.now();
    const clock: Clock = { ...systemClock, now: () => issuedAt };
    authority = new CertificateAuthority('checks-test-ca', clock);
  });
  afterEach(async () => {
    await Promise.all(standIns.splice(0).map((standIn) => standIn.stop()));
    for (const { server, sockets } of servers.splice(0)) {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    }
    folder.remove();
  });

  /** Answers the question for the version, and knows nothing else. */
  async function start(): Promise<StandIn> {
    const standIn = await startStandIn({
      authority,
      onRequest: (request, response) => {
        if (request.url === '/version') {
          response.end('{"gitVersion":"v1.36.3","platform":"linux/amd64"}');
        } else {
          response.writeHead(404).end('404 page not found');
        }
      },
    });
    standIns.push(standIn);
    return standIn;
  }
  async function listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    servers.push({ server, sockets });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  }
  const trusted = (): object => ({
    'certificate-authority-data': Buffer.from(authority.certificate).toString('base64'),
  });
  function diagnose(
    cluster: object,
    user: object | undefined = { token: 'secret-token' },
    options: DiagnoseOptions = {},
  ): Promise<ReadonlyMap<CheckId, CheckResult>> {
    return diagnoseFile(writeTestKubeconfig(folder.path, cluster, user), options);
  }
  const way = (results: ReadonlyMap<CheckId, CheckResult>): string[] =>
    (['kubeconfig', 'credentials', 'dns', 'tcp', 'proxy', 'tls', 'version'] as const).map(
      (id) => `${id} ${checkInShort(results.get(id))}`,
    );
  const detailsOf = (results: ReadonlyMap<CheckId, CheckResult>, id: CheckId): string =>
    results.get(id)?.details.join('\n') ?? '';

  it('pass on a server that is well, and tell addresses, protocol and certificate', async () => {
    const { port } = await start();
    const results = await diagnose({ ...trusted(), server: `https://localhost:${port}` });
    assert.deepEqual(way(results), [
      'kubeconfig passed',
      'credentials passed',
      'dns passed',
      'tcp passed',
      'proxy skipped noProxy',
      'tls passed',
      'version passed',
    ]);
    assert.match(detailsOf(results, 'dns'), /^localhost is .*127\.0\.0\.1/);
    assert.match(detailsOf(results, 'tcp'), new RegExp(`port ${port}$`));
    assert.match(
      detailsOf(results, 'tls'),
      /^TLSv1\.3, TLS_\w+\nCertificate of CN=stand-in\nIssued by CN=checks-test-ca\n/,
    );
    assert.match(detailsOf(results, 'tls'), /For DNS:localhost, IP Address:127\.0\.0\.1/);
    assert.equal(detailsOf(results, 'version'), 'Kubernetes v1.36.3, linux/amd64');
    assert.equal(checkInShort(results.get('clock')), 'passed');
    assert.equal(checkInShort(results.get('discovery')), 'failed notInstalled');
    assert.equal(checkInShort(results.get('watch')), 'skipped after discovery');
    assert.ok(!JSON.stringify([...results]).includes('secret-token'));
  });

  it('close every connection at the end', async () => {
    const standIn = await start();
    await diagnose({ ...trusted(), server: standIn.url });
    await until('all are closed', () => standIn.open === 0, soon);
  });

  it('use the connection that is open, and leave it open', async () => {
    const standIn = await start();
    const file = writeTestKubeconfig(folder.path, { ...trusted(), server: standIn.url }, { token: 't' });
    const connection = await openFile(file);
    const results = await diagnoseFile(file, { connection });
    assert.equal(checkInShort(results.get('version')), 'passed');
    assert.equal((await connection.fetch('/version')).status, 200);
    connection.dispose();
  });

  it('need no name resolution for an address', async () => {
    const { url } = await start();
    assert.equal(
      checkInShort((await diagnose({ ...trusted(), server: url })).get('dns')),
      'skipped addressGiven',
    );
  });

  for (const [what, daysAgo, expected] of [
    ['has expired', 60, 'failed tls certificateExpired'],
    ['is not valid yet', -60, 'failed tls certificateNotYetValid'],
    ['expires soon', 20, 'warning certificateExpiresSoon'],
  ] as const) {
    it(`say of a certificate that it ${what}, and whose it is`, async () => {
      issuedAt = Date.now() - daysAgo * DAY_MS;
      const { url } = await start();
      const results = await diagnose({ ...trusted(), server: url });
      assert.equal(checkInShort(results.get('tls')), expected);
      assert.match(detailsOf(results, 'tls'), /Certificate of CN=stand-in/);
    });
  }

  it('say that the authority is not known', async () => {
    const { url } = await start();
    const other = new CertificateAuthority('other-ca').certificate;
    const results = await diagnose({
      server: url,
      'certificate-authority-data': Buffer.from(other).toString('base64'),
    });
    assert.equal(checkInShort(results.get('tls')), 'failed tls authorityUnknown');
    assert.match(detailsOf(results, 'tls'), /Issued by CN=checks-test-ca/);
    assert.equal(checkInShort(results.get('version')), 'skipped after tls');
    assert.equal(checkInShort(results.get('clock')), 'skipped after tls');
  });

  it('say that the certificate is made for another name', async () => {
    const { url } = await start();
    const results = await diagnose({ ...trusted(), server: url, 'tls-server-name': 'other.example' });
    assert.equal(checkInShort(results.get('tls')), 'failed tls certificateForOtherName');
  });

  it('warn where nothing is verified', async () => {
    const { url } = await start();
    const results = await diagnose({ server: url, 'insecure-skip-tls-verify': true });
    assert.equal(checkInShort(results.get('tls')), 'warning certificateNotVerified');
    assert.equal(checkInShort(results.get('version')), 'passed');
  });

  it('warn of a client certificate that runs out, and say that it has', async () => {
    const { url } = await start();
    const client = (): object => {
      const { certificate, key } = authority.client('jane', ['dev']);
      return {
        'client-certificate-data': Buffer.from(certificate).toString('base64'),
        'client-key-data': Buffer.from(key).toString('base64'),
      };
    };
    issuedAt = Date.now() - 20 * DAY_MS;
    const soon = await diagnose({ ...trusted(), server: url }, client());
    assert.equal(checkInShort(soon.get('credentials')), 'warning clientCertificateExpiresSoon');
    issuedAt = Date.now() - 60 * DAY_MS;
    const expired = await diagnose({ ...trusted(), server: url }, client());
    assert.equal(checkInShort(expired.get('credentials')), 'warning clientCertificateExpired');
    assert.match(detailsOf(expired, 'credentials'), /Certificate of O=dev, CN=jane/);
  });

  it('say that nobody listens', async () => {
    const results = await diagnose({ ...trusted(), server: `https://127.0.0.1:${await freePort()}` });
    assert.deepEqual(way(results).slice(3), [
      'tcp failed unreachable',
      'proxy skipped after tcp',
      'tls skipped after tcp',
      'version skipped after tcp',
    ]);
  });

  it('say that the name is not known', async () => {
    const results = await diagnose({ ...trusted(), server: 'https://nowhere.invalid:6443' });
    assert.equal(checkInShort(results.get('dns')), 'failed dns');
    assert.equal(checkInShort(results.get('version')), 'skipped after dns');
  });

  it('say that there is no TLS where the server speaks something else', async () => {
    const port = await listen(createHttpServer((_request, response) => response.end()));
    const results = await diagnose({ ...trusted(), server: `https://127.0.0.1:${port}` });
    assert.equal(checkInShort(results.get('tls')), 'failed tls');
  });

  it('skip TLS on plain http', async () => {
    const port = await listen(
      createHttpServer((_request, response) => response.end('{"gitVersion":"v1.36.3"}')),
    );
    const results = await diagnose({ server: `http://127.0.0.1:${port}` });
    assert.equal(checkInShort(results.get('tls')), 'skipped plainHttp');
    assert.equal(checkInShort(results.get('version')), 'passed');
  });

  it('give up after 10 s on a server that takes the connection and says nothing', async () => {
    const clock = new FakeClock(Date.now());
    const begun: CheckId[] = [];
    const port = await listen(createServer((socket) => socket.resume()));
    const pending = diagnose({ ...trusted(), server: `https://127.0.0.1:${port}` }, undefined, {
      clock,
      onCheck: (id) => begun.push(id),
    });
    await until('the handshake has begun', () => begun.includes('tls'), soon);
    await clock.advance(10_000);
    const results = await pending;
    assert.equal(checkInShort(results.get('tls')), 'failed unreachable');
    assert.equal(results.get('tls')?.durationMs, 10_000);
    assert.equal(checkInShort(results.get('version')), 'skipped after tls');
    assert.equal(clock.pendingTimers, 0);
  });

  it('end at once when they are given up, and close what they opened', async () => {
    const abort = new AbortController();
    const port = await listen(createServer((socket) => socket.resume()));
    const pending = diagnose({ ...trusted(), server: `https://127.0.0.1:${port}` }, undefined, {
      signal: abort.signal,
      onCheck: (id) => {
        if (id === 'tls') {
          abort.abort(new Error('enough'));
        }
      },
    });
    await assert.rejects(pending, /enough/);
    const sockets = servers[0]?.sockets ?? new Set();
    await until('the connection is closed', () => [...sockets].every((socket) => socket.destroyed), soon);
  });

  it('find a kubeconfig that lacks its cluster', async () => {
    const file = writeTestKubeconfig(folder.path, {}, undefined);
    const results = await diagnoseFile(file);
    assert.equal(checkInShort(results.get('kubeconfig')), 'failed kubeconfig');
    assert.equal(checkInShort(results.get('credentials')), 'skipped after kubeconfig');
    assert.equal(checkInShort(results.get('access')), 'skipped after kubeconfig');
  });

  it('go on to TLS where a program may not be run, and run nothing', async () => {
    const { url } = await start();
    const user = {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: '/bin/false',
        args: ['--secret=hunter22'],
        interactiveMode: 'Never',
      },
    };
    const results = await diagnose({ ...trusted(), server: url }, user);
    assert.equal(checkInShort(results.get('credentials')), 'failed consent');
    assert.equal(checkInShort(results.get('tls')), 'passed');
    assert.equal(checkInShort(results.get('version')), 'skipped after credentials');
    assert.ok(!JSON.stringify([...results]).includes('hunter22'));
  });

  describe('through a proxy', () => {
    async function httpProxy(target: number, refuseWith?: number): Promise<number> {
      const server = createHttpServer();
      server.on('connect', (_request, client: Socket) => {
        if (refuseWith !== undefined) {
          client.end(`HTTP/1.1 ${refuseWith} No\r\nContent-Length: 0\r\n\r\n`);
          return;
        }
        const upstream = connectTo(target, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\nVia: test\r\n\r\n');
          upstream.pipe(client).pipe(upstream);
        });
        upstream.on('error', () => client.destroy());
        client.on('error', () => upstream.destroy());
      });
      return listen(server);
    }
    /** RFC 1928 and, for `login`, RFC 1929. */
    async function socksProxy(target: number, login: string | undefined, reply = 0): Promise<number> {
      return listen(
        createServer((client) => {
          const connectAfter = (): void => {
            client.once('data', () => {
              client.write(Buffer.from([5, reply, 0, 1, 127, 0, 0, 1, 0, 0]));
              const upstream = connectTo(target, '127.0.0.1', () => upstream.pipe(client).pipe(upstream));
              upstream.on('error', () => client.destroy());
              client.on('error', () => upstream.destroy());
            });
          };
          client.once('data', () => {
            client.write(Buffer.from([5, login === undefined ? 0 : 2]));
            if (login === undefined) {
              connectAfter();
              return;
            }
            client.once('data', (said: Buffer) => {
              client.write(Buffer.from([1, said.toString('latin1').includes(login) ? 0 : 1]));
              connectAfter();
            });
          });
        }),
      );
    }
    const behind = (proxy: string, port: number): object => ({
      ...trusted(),
      server: `https://only.the.proxy.example:${port}`,
      'tls-server-name': 'localhost',
      'proxy-url': proxy,
    });

    it('pass, and resolve the name of the proxy, not of the server', async () => {
      const { port } = await start();
      const proxy = await httpProxy(port);
      const results = await diagnose(behind(`http://user:hunter22@localhost:${proxy}`, port));
      assert.deepEqual(way(results).slice(2), [
        'dns passed',
        'tcp passed',
        'proxy passed',
        'tls passed',
        'version passed',
      ]);
      assert.match(detailsOf(results, 'dns'), /^localhost is/);
      assert.equal(detailsOf(results, 'proxy'), 'CONNECT answered with HTTP 200');
      assert.ok(!JSON.stringify([...results]).includes('hunter22'));
    });

    it('take the proxy of the settings where the kubeconfig names none', async () => {
      const standIn = await start();
      const proxyUrl = `http://127.0.0.1:${await httpProxy(standIn.port)}`;
      const results = await diagnose({ ...trusted(), server: standIn.url }, undefined, {
        proxyFor: () => proxyUrl,
      });
      assert.equal(checkInShort(results.get('proxy')), 'passed');
      assert.equal(checkInShort(results.get('version')), 'passed');
    });

    for (const status of [403, 407, 502]) {
      it(`say that it refused with ${status}`, async () => {
        const { port } = await start();
        const results = await diagnose(behind(`http://127.0.0.1:${await httpProxy(port, status)}`, port));
        const result = results.get('proxy');
        assert.equal(checkInShort(result), 'failed proxy');
        assert.match(result?.outcome === 'failed' ? result.problem.detail : '', new RegExp(`HTTP ${status}`));
        assert.equal(checkInShort(results.get('tls')), 'skipped after proxy');
      });
    }

    it('say that it is not there', async () => {
      const { port } = await start();
      const results = await diagnose(behind(`http://127.0.0.1:${await freePort()}`, port));
      assert.equal(checkInShort(results.get('tcp')), 'failed proxy');
    });

    it('say that it hung up', async () => {
      const { port } = await start();
      const rude = await listen(createServer((socket) => socket.once('data', () => socket.destroy())));
      const results = await diagnose(behind(`http://127.0.0.1:${rude}`, port));
      assert.equal(checkInShort(results.get('proxy')), 'failed proxy');
    });

    it('pass through SOCKS, with and without a login', async () => {
      const { port } = await start();
      for (const [login, at] of [
        [undefined, ''],
        ['hunter22', 'user:hunter22@'],
      ] as const) {
        const proxy = await socksProxy(port, login);
        const results = await diagnose(behind(`socks5://${at}127.0.0.1:${proxy}`, port));
        assert.equal(checkInShort(results.get('proxy')), 'passed');
        assert.equal(checkInShort(results.get('tls')), 'passed');
      }
    });

    it('say that SOCKS refused, or wants a login', async () => {
      const { port } = await start();
      const refusing = await diagnose(
        behind(`socks5://127.0.0.1:${await socksProxy(port, undefined, 2)}`, port),
      );
      assert.match(JSON.stringify(refusing.get('proxy')), /not allowed by its rules/);
      const asking = await diagnose(behind(`socks5://127.0.0.1:${await socksProxy(port, 'x')}`, port));
      assert.match(JSON.stringify(asking.get('proxy')), /wants a login/);
    });
  });
});
