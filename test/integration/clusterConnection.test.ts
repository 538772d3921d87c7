import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import * as path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { KubeFetch, KubeResponse } from '../../src/base/kubeFetch';
import { readText } from '../../src/base/readBody';
import type { ClusterConnection } from '../../src/cluster/clusterConnection';
import { FakeClock } from '../support/fakeClock';
import { CertificateAuthority } from '../../src/demoServer/certificateAuthority';
import { temporaryFolder, type TemporaryFolder } from '../support/testbed/temporaryFolder';
import { until } from '../support/testbed/until';
import { startStandIn, type StandIn, type StandInOptions } from './clusterHttpsServer';
import { openFile, writeTestKubeconfig, type OpenOptions } from './clusterKubeconfig';

const authority = new CertificateAuthority('cluster-test-ca');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a connection to a cluster', () => {
  let folder: TemporaryFolder;
  const standIns: StandIn[] = [];
  const connections: ClusterConnection[] = [];
  let requests: IncomingMessage[] = [];

  beforeEach(() => {
    folder = temporaryFolder('connection');
    requests = [];
  });

  afterEach(async () => {
    connections.splice(0).forEach((connection) => connection.dispose());
    await Promise.all(standIns.splice(0).map((standIn) => standIn.stop()));
    folder.remove();
  });

  async function start(
    respond: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
      response.end('{}'),
    options: Partial<StandInOptions> = { authority },
  ): Promise<StandIn> {
    const standIn = await startStandIn({
      ...options,
      onRequest: (request, response) => {
        requests.push(request);
        respond(request, response);
      },
    });
    standIns.push(standIn);
    return standIn;
  }

  async function connect(
    cluster: object,
    user: object | undefined = { token: 'secret-token' },
    options: OpenOptions = {},
  ): Promise<ClusterConnection> {
    const connection = await openFile(writeTestKubeconfig(folder.path, cluster, user), options);
    connections.push(connection);
    return connection;
  }

  const trusting = (standIn: StandIn): object => ({
    server: standIn.url,
    'certificate-authority-data': base64(authority.certificate),
  });

  async function get(fetch: KubeFetch, at = '/api'): Promise<{ response: KubeResponse; text: string }> {
    const response = await fetch(at);
    return { response, text: await readText(response.body, 1024 * 1024) };
  }

  it('sends the token, the user agent and the path below the server’s own path', async () => {
    const standIn = await start();
    const { fetch } = await connect({ ...trusting(standIn), server: `${standIn.url}/k8s/clusters/abc/` });
    const { response, text } = await get(fetch, '/api/v1/pods?limit=1');
    assert.equal(response.status, 200);
    assert.equal(text, '{}');
    assert.equal(requests[0]?.url, '/k8s/clusters/abc/api/v1/pods?limit=1');
    assert.equal(requests[0]?.headers.authorization, 'Bearer secret-token');
    assert.equal(requests[0]?.headers['user-agent'], 'clusterpersona-test/1');
    assert.equal(requests[0]?.httpVersion, '1.1');
  });

  it('sends requests that follow each other over one kept-alive connection', async () => {
    const standIn = await start();
    const { fetch } = await connect(trusting(standIn));
    for (let count = 0; count < 20; count += 1) {
      await get(fetch);
    }
    assert.equal(standIn.accepted, 1);
  });

  it('sends method, headers and body, and lets no request replace its credentials', async () => {
    const bodies: string[] = [];
    const standIn = await start((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.writeHead(201, { 'X-Answer': 'yes' }).end());
    });
    const { fetch } = await connect(trusting(standIn));
    const response = await fetch('/apis', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/merge-patch+json', authorization: 'Bearer other' },
      body: '{"a":1}',
    });
    await readText(response.body, 100);
    assert.equal(response.status, 201);
    assert.equal(response.header('x-ANSWER'), 'yes');
    assert.deepEqual(bodies, ['{"a":1}']);
    assert.equal(requests[0]?.method, 'PATCH');
    assert.equal(requests[0]?.headers['content-type'], 'application/merge-patch+json');
    assert.equal(requests[0]?.headers.authorization, 'Bearer secret-token');
  });

  it('asks for gzip, and unpacks it, but not for streams', async () => {
    const standIn = await start((request, response) => {
      if (request.headers['accept-encoding'] === 'gzip') {
        response.setHeader('Content-Encoding', 'gzip').end(gzipSync('x'.repeat(100_000)));
      } else {
        response.end('plain');
      }
    });
    const { fetch } = await connect(trusting(standIn));
    assert.equal((await get(fetch)).text.length, 100_000);
    assert.equal((await get(fetch, '/api?watch=true')).text, 'plain');
    assert.equal((await get(fetch, '/api?follow=true&tailLines=1')).text, 'plain');
  });

  it('reports a compressed answer that breaks off as a broken connection', async () => {
    const standIn = await start((_request, response) => {
      response.setHeader('Content-Encoding', 'gzip').end(gzipSync('x'.repeat(100_000)).subarray(0, 60));
    });
    const { fetch } = await connect(trusting(standIn));
    await assert.rejects(get(fetch), { name: 'KubeTransportError', code: 'closed' });
  });

  it('reports an answer cut in its middle as a broken connection, and the next request works', async () => {
    let isCutting = true;
    const standIn = await start((_request, response) => {
      if (isCutting) {
        isCutting = false;
        response.write('{"a":');
        response.once('drain', () => undefined);
        setImmediate(() => response.destroy());
      } else {
        response.end('{}');
      }
    });
    const { fetch } = await connect(trusting(standIn));
    await assert.rejects(get(fetch), { name: 'KubeTransportError', code: 'closed' });
    assert.equal((await get(fetch)).text, '{}');
  });

  it('closes the socket at once when the request is aborted in mid-stream', async () => {
    const standIn = await start((_request, response) => {
      response.write('first');
    });
    const { fetch } = await connect(trusting(standIn));
    const controller = new AbortController();
    const response = await fetch('/api?watch=true', { signal: controller.signal });
    const chunks = response.body[Symbol.asyncIterator]();
    assert.equal(Buffer.from((await chunks.next()).value ?? []).toString(), 'first');
    const next = chunks.next();
    const reason = new Error('enough');
    controller.abort(reason);
    await assert.rejects(next, reason);
    await until('the socket is closed', () => standIn.open === 0, { deadlineMs: 5_000, pollMs: 5 });
  });

  it('closes the socket when the reader leaves early', async () => {
    const standIn = await start((_request, response) => {
      response.write('first');
    });
    const { fetch } = await connect(trusting(standIn));
    const response = await fetch('/api?watch=true');
    for await (const chunk of response.body) {
      assert.equal(Buffer.from(chunk).toString(), 'first');
      break;
    }
    await until('the socket is closed', () => standIn.open === 0, { deadlineMs: 5_000, pollMs: 5 });
  });

  it('rejects with the caller’s reason when it was aborted before, or while no answer comes', async () => {
    const standIn = await start(() => undefined);
    const { fetch } = await connect(trusting(standIn));
    const reason = new Error('enough');
    await assert.rejects(fetch('/api', { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(requests.length, 0);
    const controller = new AbortController();
    const pending = fetch('/api', { signal: controller.signal });
    pending.catch(() => undefined);
    await until('the request arrived', () => requests.length === 1, { deadlineMs: 5_000, pollMs: 5 });
    controller.abort(reason);
    await assert.rejects(pending, reason);
    await until('the socket is closed', () => standIn.open === 0, { deadlineMs: 5_000, pollMs: 5 });
  });

  it('gives up on a server that takes the request and says nothing, but not on a followed log', async () => {
    const standIn = await start(() => undefined);
    const clock = new FakeClock();
    const { fetch } = await connect(trusting(standIn), undefined, { clock });
    const pending = fetch('/api');
    const rejected = assert.rejects(pending, { name: 'KubeTransportError', code: 'unreachable' });
    const controller = new AbortController();
    const log = fetch('/log?follow=true', { signal: controller.signal });
    let hasLogEnded = false;
    log.catch(() => (hasLogEnded = true));
    await until('both requests arrived', () => requests.length === 2, { deadlineMs: 5_000, pollMs: 5 });
    await clock.advance(30_000);
    await rejected;
    assert.equal(hasLogEnded, false);
    controller.abort();
    await assert.rejects(log);
    assert.equal(clock.pendingTimers, 0);
  });

  it('ends everything under way when it is disposed, and refuses what comes after', async () => {
    const standIn = await start((request, response) => {
      if (request.url === '/stream?watch=true') {
        response.write('first');
      }
    });
    const connection = await connect(trusting(standIn));
    const stream = await connection.fetch('/stream?watch=true');
    const chunks = stream.body[Symbol.asyncIterator]();
    await chunks.next();
    const next = assert.rejects(chunks.next(), { name: 'KubeTransportError', code: 'closed' });
    const waiting = assert.rejects(connection.fetch('/silent'), {
      name: 'KubeTransportError',
      code: 'closed',
    });
    await until('both requests arrived', () => requests.length === 2, { deadlineMs: 5_000, pollMs: 5 });
    connection.dispose();
    connection.dispose();
    await Promise.all([next, waiting]);
    await assert.rejects(connection.fetch('/api'), { name: 'KubeTransportError', code: 'closed' });
    await until('the sockets are closed', () => standIn.open === 0, { deadlineMs: 5_000, pollMs: 5 });
  });

  it('survives a server that closed the kept-alive connection', async () => {
    const standIn = await start();
    const { fetch } = await connect(trusting(standIn));
    await get(fetch);
    standIn.cut();
    assert.equal((await get(fetch)).text, '{}');
  });

  describe('that fails', () => {
    it('says tls for an authority it does not know', async () => {
      const standIn = await start();
      const { fetch } = await connect({
        server: standIn.url,
        'certificate-authority-data': base64(new CertificateAuthority('another').certificate),
      });
      await assert.rejects(get(fetch), { name: 'KubeTransportError', code: 'tls' });
      assert.equal(requests.length, 0);
    });

    it('says tls without any authority, and for a name that the certificate does not carry', async () => {
      const standIn = await start();
      await assert.rejects(get((await connect({ server: standIn.url })).fetch), { code: 'tls' });
      const { fetch } = await connect({ ...trusting(standIn), 'tls-server-name': 'elsewhere.example' });
      await assert.rejects(get(fetch), { name: 'KubeTransportError', code: 'tls' });
    });

    it('says tls for https spoken to a plain server', async () => {
      const standIn = await start(undefined, {});
      const { fetch } = await connect({ server: standIn.url.replace('http:', 'https:') });
      await assert.rejects(get(fetch), { name: 'KubeTransportError', code: 'tls' });
    });

    it('says unreachable for a closed port and for a server that hangs up', async () => {
      const standIn = await start();
      await standIn.stop();
      await assert.rejects(get((await connect(trusting(standIn))).fetch), { code: 'unreachable' });
      const rude = createServer((socket) => socket.destroy());
      rude.listen(0, '127.0.0.1');
      await once(rude, 'listening');
      const address = rude.address();
      assert.ok(typeof address === 'object' && address !== null);
      const { fetch } = await connect({ server: `http://127.0.0.1:${address.port}` });
      await assert.rejects(get(fetch), { name: 'KubeTransportError', code: 'unreachable' });
      rude.close();
    });

    it('says dns for a name that does not exist', async () => {
      const { fetch } = await connect({ server: 'https://no-such-host.invalid' });
      await assert.rejects(get(fetch), { name: 'KubeTransportError', code: 'dns' });
    });

    it('says tls for an unusable authority, credentials for a missing or unusable client certificate', async () => {
      const standIn = await start();
      const bad = await connect({ server: standIn.url, 'certificate-authority-data': base64('nonsense') });
      await assert.rejects(get(bad.fetch), { code: 'tls' });
      const missing = await connect(trusting(standIn), {
        'client-certificate': 'gone.crt',
        'client-key': 'gone.key',
      });
      await assert.rejects(get(missing.fetch), {
        code: 'credentials',
        message: /gone\.crt cannot be read \(ENOENT\)/,
      });
      const pair = authority.client('someone', []);
      const broken = await connect(trusting(standIn), {
        'client-certificate-data': base64(pair.certificate),
        'client-key-data': base64('nonsense'),
      });
      await assert.rejects(get(broken.fetch), { name: 'KubeTransportError', code: 'credentials' });
    });

    it('never puts a secret into the message', async () => {
      const standIn = await start();
      await standIn.stop();
      const connection = await connect({
        ...trusting(standIn),
        'proxy-url': `http://user:proxy-password@127.0.0.1:${standIn.port}`,
      });
      const error = await get(connection.fetch).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof Error);
      assert.match(inspect(error, { depth: 10 }), /ECONNREFUSED/);
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /proxy-password|secret-token/);
    });
  });

  describe('as someone', () => {
    it('shows a client certificate given as data or as files beside the kubeconfig', async () => {
      const subjects: string[] = [];
      const standIn = await start(
        (request, response) => {
          const socket = request.socket as TLSSocket;
          subjects.push(String(socket.getPeerCertificate().subject?.CN));
          response.end();
        },
        { authority, clientAuthority: authority.certificate },
      );
      const pair = authority.client('inline', []);
      const inline = await connect(trusting(standIn), {
        'client-certificate-data': base64(pair.certificate),
        'client-key-data': base64(pair.key),
      });
      await get(inline.fetch);
      const other = authority.client('from-files', []);
      writeFileSync(path.join(folder.path, 'a.crt'), other.certificate);
      writeFileSync(path.join(folder.path, 'a.key'), other.key);
      writeFileSync(path.join(folder.path, 'ca.crt'), authority.certificate);
      const files = await connect(
        { server: standIn.url, 'certificate-authority': 'ca.crt' },
        { 'client-certificate': 'a.crt', 'client-key': './a.key' },
      );
      await get(files.fetch);
      assert.deepEqual(subjects, ['inline', 'from-files']);
    });

    it('keeps clients apart that differ in nothing but their certificate, also where one has none', async () => {
      const standIn = await start(
        (request, response) => {
          const { subject } = (request.socket as TLSSocket).getPeerCertificate();
          response.end(String(subject?.CN));
        },
        { authority, clientAuthority: authority.certificate },
      );
      const fetchAs = new Map<string, KubeFetch>();
      for (const name of ['jane', 'john', 'undefined']) {
        const { certificate, key } = authority.client(name, []);
        const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
        fetchAs.set(name, (await connect(trusting(standIn), name === 'undefined' ? {} : user)).fetch);
        await get(fetchAs.get(name) ?? assert.fail());
      }
      for (let round = 0; round < 3; round += 1) {
        // Each connects anew, and may take up the session that it had.
        standIn.cut();
        for (const [name, fetch] of fetchAs) {
          assert.equal((await get(fetch)).text, name);
        }
      }
    });

    it('takes a rotated certificate for new requests while a watch goes on, then closes the old connection', async () => {
      const subjects: string[] = [];
      const watches: ServerResponse[] = [];
      const standIn = await start(
        (request, response) => {
          const socket = request.socket as TLSSocket;
          subjects.push(String(socket.getPeerCertificate().subject?.CN));
          if (request.url === '/watch?watch=true') {
            response.write('first');
            watches.push(response);
          } else {
            response.end();
          }
        },
        { authority, clientAuthority: authority.certificate },
      );
      const write = (name: string): void => {
        const pair = authority.client(name, []);
        writeFileSync(path.join(folder.path, 'a.crt'), pair.certificate);
        writeFileSync(path.join(folder.path, 'a.key'), pair.key);
      };
      write('old');
      const clock = new FakeClock();
      const { fetch } = await connect(
        trusting(standIn),
        { 'client-certificate': 'a.crt', 'client-key': 'a.key' },
        { clock },
      );
      const watch = await fetch('/watch?watch=true');
      const chunks = watch.body[Symbol.asyncIterator]();
      await chunks.next();
      await get(fetch);
      write('new');
      await get(fetch);
      assert.deepEqual(subjects, ['old', 'old', 'old']);
      await clock.advance(60_000);
      await get(fetch);
      assert.deepEqual(subjects, ['old', 'old', 'old', 'new']);
      watches[0]?.end();
      assert.equal((await chunks.next()).done, true);
      await until('only the new connection is open', () => standIn.open === 1, {
        deadlineMs: 5_000,
        pollMs: 5,
      });
    });

    it('reads a token file again after a minute, at once when refreshed, and keeps the old one if it is gone', async () => {
      const standIn = await start();
      const file = path.join(folder.path, 'token');
      writeFileSync(file, 'one\n');
      const clock = new FakeClock();
      const connection = await connect(trusting(standIn), { tokenFile: 'token', token: 'unused' }, { clock });
      await get(connection.fetch);
      writeFileSync(file, 'two');
      await get(connection.fetch);
      await clock.advance(60_000);
      await get(connection.fetch);
      writeFileSync(file, 'three');
      await connection.refreshCredentials();
      await get(connection.fetch);
      writeFileSync(path.join(folder.path, 'config'), 'a: [');
      await clock.advance(60_000);
      await get(connection.fetch);
      await assert.rejects(connection.refreshCredentials(), {
        name: 'KubeTransportError',
        code: 'credentials',
      });
      assert.deepEqual(
        requests.map(({ headers }) => headers.authorization),
        ['Bearer one', 'Bearer one', 'Bearer two', 'Bearer three', 'Bearer three'],
      );
      assert.equal(standIn.accepted, 1);
    });

    it('signs in with a name and password', async () => {
      const standIn = await start();
      const { fetch } = await connect(trusting(standIn), { username: 'ü', password: 'p:w' });
      await get(fetch);
      assert.equal(requests[0]?.headers.authorization, `Basic ${base64('ü:p:w')}`);
    });

    it('impersonates user, uid, groups and extra fields', async () => {
      const standIn = await start();
      const { fetch } = await connect(trusting(standIn), {
        token: 't',
        as: 'jane',
        'as-uid': '7',
        'as-groups': ['dev', 'ops'],
        'as-user-extra': { 'Acme.com/Team': ['a', 'b'] },
      });
      await get(fetch);
      const raw = requests[0]?.rawHeaders ?? [];
      const values = (name: string): string[] =>
        raw.filter((_, index) => raw[index - 1]?.toLowerCase() === name);
      assert.deepEqual(values('impersonate-user'), ['jane']);
      assert.deepEqual(values('impersonate-uid'), ['7']);
      assert.deepEqual(values('impersonate-group').join(','), 'dev,ops');
      assert.deepEqual(values('impersonate-extra-acme.com%2fteam').join(','), 'a,b');
    });

    it('verifies nothing when told so, and sends no credentials without a user', async () => {
      const standIn = await start();
      const { fetch } = await connect({ server: standIn.url, 'insecure-skip-tls-verify': true }, undefined);
      const anonymous = await openFile(writeTestKubeconfig(folder.path, trusting(standIn), undefined));
      connections.push(anonymous);
      await get(fetch);
      await get(anonymous.fetch);
      assert.equal(requests.length, 2);
      assert.equal(requests[1]?.headers.authorization, undefined);
    });
  });
});
