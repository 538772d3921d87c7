import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { CurlStream } from './curlStream';
import { HubProcess } from './hubProcess';
import { HubSocket } from './hubSocket';

const FIRST = 'the-first-token-of-the-file';
const SECOND = 'the-second-token-of-the-file';
const soon = { deadlineMs: 20_000 };

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('a hub that asks for a token', function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;
  let file: string;
  let hub: HubProcess;

  before(async () => {
    folder = temporaryFolder('hub-tokens');
    file = join(folder.path, 'tokens');
    writeFileSync(file, `${FIRST}\n${SECOND}\n`);
    hub = await HubProcess.start(['--demo', '--auth', 'token', '--token-file', file]);
    await hub.untilReady();
  });
  after(async () => {
    await hub?.stop();
    folder.remove();
  });

  const open = (path = '/api/v1/ws', headers = {}): HubSocket =>
    new HubSocket(`ws://${hub.host}${path}`, { headers });

  for (const path of ['/api/v1/sources', '/api/v1/clusters', '/api/clusters', '/metrics', '/nothing']) {
    it(`answers ${path} to nobody without one`, async () => {
      const without = await hub.get(path);
      assert.equal(without.status, 401);
      assert.equal(without.headers.get('www-authenticate'), 'Bearer');
      assert.equal((await hub.get(path, bearer('a-token-of-nobody-at-all'))).status, 401);
      assert.equal((await hub.get(path, { authorization: `Basic ${FIRST}` })).status, 401);
      assert.equal((await hub.get(path, bearer(SECOND))).status, path === '/nothing' ? 404 : 200);
    });
  }

  it('answers its probes to everybody', async () => {
    assert.equal((await hub.get('/healthz')).status, 200);
    assert.equal((await hub.get('/readyz')).status, 200);
  });

  it('lets in who sends a token first, and takes another one at any time', async () => {
    using client = open();
    assert.equal((await client.next('greeting')).auth, 'required');
    client.say({ type: 'auth', token: FIRST });
    await client.greet();
    client.say({ type: 'auth', token: SECOND });
    await client.ask(1, 'sources.list');
    client.say({ type: 'auth', token: 'a-token-of-nobody-at-all' });
    assert.deepEqual(await client.closing, { code: 4401, reason: 'the token is not known' });
  });

  it('lets in who sent a token with the request', async () => {
    using client = open('/api/v1/ws', bearer(FIRST));
    assert.equal((await client.next('greeting')).auth, 'done');
    await client.greet();
    using unknown = open('/api/v1/ws', bearer('a-token-of-nobody-at-all'));
    assert.equal(await unknown.opened(), 401);
  });

  it('gives a ticket for a token, which lets in once', async () => {
    const response = await fetch(`http://${hub.host}/api/v1/ticket`, {
      method: 'POST',
      headers: bearer(FIRST),
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const { ticket, expiresInMs }: { ticket: string; expiresInMs: number } = JSON.parse(
      await response.text(),
    );
    assert.equal(expiresInMs, 30_000);
    assert.equal((await hub.get('/api/v1/sources', bearer(ticket))).status, 401);
    using client = open();
    await client.next('greeting');
    client.say({ type: 'auth', token: ticket });
    await client.greet();
    using again = open();
    await again.next('greeting');
    again.say({ type: 'auth', token: ticket });
    assert.deepEqual(await again.closing, { code: 4401, reason: 'the token is not known' });
  });

  it('gives no ticket without a token, nor to the page of another origin', async () => {
    const post = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await fetch(`http://${hub.host}/api/v1/ticket`, { method: 'POST', headers })).status;
    assert.equal(await post({}), 401);
    assert.equal(await post(bearer('a-token-of-nobody-at-all')), 401);
    assert.equal(await post({ ...bearer(FIRST), origin: 'https://elsewhere.example' }), 403);
    assert.equal(await post({ ...bearer(FIRST), origin: `http://${hub.host}` }), 200);
  });

  it('turns away who says anything else first', async () => {
    using client = open();
    await client.next('greeting');
    client.say({ type: 'ready', version: 1 });
    assert.deepEqual(await client.closing, { code: 4401, reason: 'the first message has to be auth' });
    assert.equal(client.count('hello'), 0);
  });

  it('opens the compatible face only with a token', async () => {
    using without = open('/ws');
    assert.equal(await without.opened(), 401);
    using withToken = open('/ws', bearer(SECOND));
    assert.equal(await withToken.opened(), 101);
  });

  it('sends away whose token is taken out of the file, and nobody else', async () => {
    using first = open();
    using second = open();
    using compatible = open('/ws', bearer(FIRST));
    await using stream = new CurlStream(`http://${hub.host}/api/v1/stream?topics=**`, {
      Authorization: `Bearer ${FIRST}`,
    });
    await stream.untilEvent('hello', ({ name }) => name === 'hello');
    for (const [client, token] of [
      [first, FIRST],
      [second, SECOND],
    ] as const) {
      await client.next('greeting');
      client.say({ type: 'auth', token });
      await client.greet();
    }
    await compatible.opened();
    writeFileSync(file, `${SECOND}\na-third-token-of-the-file\n`);
    assert.deepEqual(await first.closing, { code: 4401, reason: 'the token is no longer good' });
    assert.equal((await compatible.closing).code, 4401);
    const goodbye = await stream.untilEvent('goodbye', ({ name }) => name === 'goodbye');
    assert.deepEqual(JSON.parse(goodbye.data), { code: 4401, reason: 'the token is no longer good' });
    await stream.ended;
    assert.equal((await hub.get('/api/v1/sources', bearer(FIRST))).status, 401);
    assert.equal((await hub.get('/api/v1/sources', bearer('a-third-token-of-the-file'))).status, 200);
    await second.ask(1, 'sources.list');
  });

  it('logs no token', () => {
    assert.doesNotMatch(hub.log(), /token-of/);
    assert.match(hub.log(), /The token file changed and holds 2 tokens now/);
  });
});

describe('a hub that speaks TLS', function () {
  this.timeout(60_000);

  it('takes a new certificate as soon as it is there, together with its key', async () => {
    const folder = temporaryFolder('hub-tls');
    const [certFile, keyFile] = [join(folder.path, 'tls.crt'), join(folder.path, 'tls.key')];
    const issue = (): string => {
      const authority = new CertificateAuthority('hub test');
      const { certificate, key } = authority.server('hub');
      writeFileSync(certFile, certificate);
      writeFileSync(keyFile, key);
      return authority.certificate;
    };
    const firstCa = issue();
    const hub = await HubProcess.start(['--demo', '--tls-cert', certFile, '--tls-key', keyFile], 'https');
    const issuerWith = async (ca: string): Promise<string> => {
      const request = get({ host: '127.0.0.1', port: hub.port, path: '/healthz', ca, agent: false });
      const [response] = await once(request, 'response');
      response.resume();
      return (response.socket as TLSSocket).getPeerCertificate().fingerprint256;
    };
    try {
      const first = await issuerWith(firstCa);
      using client = new HubSocket(`wss://${hub.host}/api/v1/ws`, { ca: firstCa });
      await client.greet();
      const secondCa = issue();
      const second = await until('the new certificate is in use', () => issuerWith(secondCa), soon);
      assert.notEqual(second, first);
      // Who came by the old one stays.
      await client.ask(1, 'sources.list');
      assert.match(hub.log(), /Certificate and key changed, and are in use/);
    } finally {
      await hub.stop();
      folder.remove();
    }
  });
});
