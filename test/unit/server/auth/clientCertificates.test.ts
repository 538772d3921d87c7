import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { nullLogger } from '../../../../src/base/logger';
import {
  CertificateAuthority,
  type CertificateAndKey,
} from '../../../../src/demoServer/certificateAuthority';
import { ClientCertificates } from '../../../../src/server/auth/clientCertificates';
import { openListener, type Listener } from '../../../../src/server/listener';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { until } from '../../../support/testbed/until';

const DAY_MS = 24 * 60 * 60_000;

describe('client certificates', () => {
  const authority = new CertificateAuthority('clients');
  const other = new CertificateAuthority('others');
  let clock: FakeClock;
  /** That of the files, which are looked at every 2 s. */
  let fileClock: FakeClock;
  let folder: string;
  let listener: Listener;
  let certificates: ClientCertificates;
  let port: number;
  let accepted: Promise<Socket>;
  let closeServer: () => void;
  const owned: { dispose(): void }[] = [];
  const clients: TLSSocket[] = [];
  const plain: Socket[] = [];

  beforeEach(async () => {
    clock = new FakeClock(Date.now());
    fileClock = new FakeClock();
    folder = mkdtempSync(join(tmpdir(), 'client-ca-'));
    const { certificate, key } = new CertificateAuthority('server').server('hub');
    writeFileSync(join(folder, 'tls.crt'), certificate);
    writeFileSync(join(folder, 'tls.key'), key);
    writeFileSync(join(folder, 'ca.crt'), authority.certificate);
    listener = await openListener({
      tls: {
        certFile: join(folder, 'tls.crt'),
        keyFile: join(folder, 'tls.key'),
        clientCaFile: join(folder, 'ca.crt'),
      },
      clock: fileClock,
      logger: nullLogger,
    });
    const server = listener.create((_, response) => response.end());
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    const next = (): void => {
      accepted = once(server, 'secureConnection').then(([socket]: TLSSocket[]) => socket ?? assert.fail());
    };
    next();
    server.on('secureConnection', next);
    closeServer = () => server.close();
    certificates = new ClientCertificates({
      onAuthoritiesChanged: listener.onClientCaChanged,
      isOutdated: listener.isOutdated,
      clock,
      logger: nullLogger,
    });
  });
  afterEach(() => {
    owned.splice(0).forEach((one) => one.dispose());
    [...clients.splice(0), ...plain.splice(0)].forEach((client) => client.destroy());
    listener.dispose();
    closeServer();
    rmSync(folder, { recursive: true });
    assert.equal(clock.pendingTimers, 0, 'a timer is left');
  });
  trackLeaks();

  /** The server's end of a connection with this certificate. */
  async function connection(shown?: CertificateAndKey, options: ConnectionOptions = {}): Promise<Socket> {
    const coming = accepted;
    const client = connectTls({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      ...options,
      ...(shown === undefined ? {} : { cert: shown.certificate, key: shown.key }),
    });
    clients.push(client);
    client.on('error', () => undefined);
    return coming;
  }

  it('say who it is: the common name is the user, the organisations are the groups', async () => {
    const checked = certificates.ofConnection(
      await connection(authority.client('jane', ['ops', 'dev', 'system:authenticated'])),
    );
    assert.ok(checked?.ok === true);
    owned.push(checked.credential);
    assert.deepEqual(checked.credential.identity, {
      user: 'jane',
      groups: ['ops', 'dev', 'system:authenticated'],
      extra: {},
    });
    const alone = certificates.ofConnection(await connection(authority.client('joe', [])));
    assert.ok(alone?.ok === true);
    owned.push(alone.credential);
    assert.deepEqual(alone.credential.identity?.groups, ['system:authenticated']);
  });

  it('need not be shown', async () => {
    assert.equal(certificates.ofConnection(await connection()), undefined);
    const other = connect(port, '127.0.0.1');
    plain.push(other);
    assert.equal(certificates.ofConnection(other), undefined);
  });

  for (const [what, shown, reason] of [
    ['of another authority', other.client('jane', ['ops']), /of no authority that is known here/],
    ['of a server', authority.server('jane'), /of no authority that is known here/],
    ['of nobody', authority.client('', ['ops']), /has not one common name/],
  ] as const) {
    it(`are refused where they are ${what}`, async () => {
      const checked = certificates.ofConnection(await connection(shown));
      assert.ok(checked?.ok === false);
      assert.equal(checked.end.code, 4401);
      assert.match(checked.end.reason, reason);
    });
  }

  it('send away whoever came by one when it ends, and are refused from then on', async () => {
    const socket = await connection(authority.client('jane', []));
    const checked = certificates.ofConnection(socket);
    assert.ok(checked?.ok === true);
    const ends: unknown[] = [];
    owned.push(
      checked.credential,
      checked.credential.onEnded((end) => ends.push(end)),
    );
    await clock.advance(30 * DAY_MS - 60_000);
    assert.deepEqual(ends, []);
    await clock.advance(60_000);
    assert.deepEqual(ends, [{ code: 4401, reason: 'the client certificate has expired' }]);
    assert.deepEqual(certificates.ofConnection(socket), {
      ok: false,
      end: { code: 4401, reason: 'the client certificate has expired' },
    });
  });

  it('send away whoever came by one when other authorities count, and who counts is another one then', async () => {
    const before = authority.client('jane', []);
    const kept = await connection(before);
    const checked = certificates.ofConnection(kept);
    assert.ok(checked?.ok === true);
    const ends: { code: number }[] = [];
    owned.push(
      checked.credential,
      checked.credential.onEnded((end) => ends.push(end)),
    );
    writeFileSync(join(folder, 'ca.crt'), other.certificate);
    await until(
      'the new authorities count',
      async () => {
        await fileClock.advance(2_000);
        return ends.length > 0;
      },
      { deadlineMs: 5_000, pollMs: 10 },
    );
    assert.equal(ends[0]?.code, 4401);
    assert.equal(certificates.ofConnection(await connection(before))?.ok, false);
    const again = certificates.ofConnection(kept);
    assert.ok(again?.ok === false, 'it says no more about a connection that is kept');
    assert.deepEqual(again.end, ends[0]);
    const now = certificates.ofConnection(await connection(other.client('jane', [])));
    assert.ok(now?.ok === true);
    owned.push(now.credential);
  });

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`are verified with every connection: none of ${maxVersion} is resumed`, async () => {
      const shown = authority.client('jane', []);
      await connection(shown, { maxVersion });
      const first = clients.at(-1) ?? assert.fail();
      first.write('GET / HTTP/1.1\r\nhost: hub\r\n\r\n');
      // What it could be resumed with has come before the answer.
      await once(first, 'data');
      const session = first.getSession();
      assert.ok(session !== undefined);
      await connection(shown, { maxVersion, session });
      assert.equal(clients.at(-1)?.isSessionReused(), false);
    });
  }

  for (const [what, content] of [
    ['holds nothing', ''],
    ['holds no certificate', 'nonsense'],
    ['is the certificate of nobody who signs', authority.client('jane', []).certificate],
  ] as const) {
    it(`are not looked at by a hub whose file of authorities ${what}: it does not start`, async () => {
      writeFileSync(join(folder, 'bad.crt'), content);
      const bad = await openListener({
        tls: {
          certFile: join(folder, 'tls.crt'),
          keyFile: join(folder, 'tls.key'),
          clientCaFile: join(folder, 'bad.crt'),
        },
        clock: fileClock,
        logger: nullLogger,
      });
      try {
        assert.throws(() => bad.create(() => undefined), {
          name: 'StartError',
          message: /bad\.crt holds no certificate/,
        });
      } finally {
        bad.dispose();
      }
    });
  }
});
