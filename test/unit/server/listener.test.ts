import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/logger';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { refuseMalformed } from '../../../src/server/rawRefusal';
import { openListener } from '../../../src/server/listener';
import { FakeClock } from '../../support/fakeClock';

/** How a hello of TLS begins. */
const HALF_HELLO = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);

it('answers who offers another HTTP as if they had not', async () => {
  const listener = await openListener({ tls: undefined, clock: new FakeClock(), logger: nullLogger });
  const server = listener.create((_, response) => response.end('answered'));
  server.on('upgrade', (_, connection) => connection.destroy());
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = get({ port, headers: { connection: 'Upgrade, HTTP2-Settings, close', upgrade: 'h2c' } });
    const [response] = await once(asked, 'response');
    assert.equal(response.statusCode, 200);
    response.resume();
    await once(response, 'end');
  } finally {
    listener.dispose();
    server.close();
  }
});

describe('the listener that speaks TLS', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'listener-'));
    const { certificate, key } = new CertificateAuthority('listener test').server('hub');
    writeFileSync(join(folder, 'tls.crt'), certificate);
    writeFileSync(join(folder, 'tls.key'), key);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [what, said] of [
    ['says nothing', Buffer.alloc(0)],
    ['says half of its hello', HALF_HELLO],
    ['speaks no TLS', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ] as const) {
    it(`cuts off who ${what}`, async () => {
      const listener = await openListener({
        tls: { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') },
        clock: new FakeClock(),
        logger: nullLogger,
        handshakeMs: 20,
      });
      const server = listener.create(() => assert.fail('nothing was asked'));
      server.on('clientError', (error: NodeJS.ErrnoException, connection) =>
        refuseMalformed(connection, error.code ?? ''),
      );
      try {
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        const client = connect(port, '127.0.0.1');
        client.on('error', () => undefined);
        client.resume();
        client.write(said);
        await once(client, 'close');
      } finally {
        listener.dispose();
        server.close();
      }
    });
  }
});
