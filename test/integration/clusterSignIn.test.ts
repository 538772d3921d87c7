import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readText } from '../../src/base/readBody';
import type { ClusterConnection } from '../../src/cluster/clusterConnection';
import { problemFromError } from '../../src/protocol/problemFromError';
import { FakeClock } from '../support/fakeClock';
import { CertificateAuthority } from '../../src/demoServer/certificateAuthority';
import { temporaryFolder, type TemporaryFolder } from '../support/testbed/temporaryFolder';
import { startStandIn, type StandIn } from './clusterHttpsServer';
import { openFile, writeTestKubeconfig, type OpenOptions } from './clusterKubeconfig';

const authority = new CertificateAuthority('sign-in-test-ca');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Unsigned: the stand-in does not look, and a client must not. */
function idToken(name: string, expiresAt: number, issuer = 'https://issuer'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: issuer, aud: 'client', sub: name, iat: 1, exp: Math.floor(expiresAt / 1000) };
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

describe('signing in through an auth-provider', () => {
  let folder: TemporaryFolder;
  const standIns: StandIn[] = [];
  let connection: ClusterConnection | undefined;
  let seen: (string | undefined)[] = [];

  beforeEach(() => {
    folder = temporaryFolder('sign-in');
    seen = [];
  });
  afterEach(async () => {
    connection?.dispose();
    await Promise.all(standIns.splice(0).map((standIn) => standIn.stop()));
    folder.remove();
  });

  async function start(
    respond: (request: IncomingMessage, body: string, response: ServerResponse) => string,
  ): Promise<StandIn> {
    const standIn = await startStandIn({
      authority,
      onRequest: (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          response.setHeader('Content-Type', 'application/json');
          response.end(respond(request, body, response));
        });
      },
    });
    standIns.push(standIn);
    return standIn;
  }

  async function connect(provider: object, options: OpenOptions = {}): Promise<ClusterConnection> {
    const cluster = await start((request) => {
      seen.push(request.headers.authorization);
      return '{}';
    });
    const file = writeTestKubeconfig(
      folder.path,
      { server: cluster.url, 'certificate-authority-data': base64(authority.certificate) },
      { 'auth-provider': provider },
    );
    connection = await openFile(file, options);
    return connection;
  }
  const get = async ({ fetch }: ClusterConnection): Promise<string> =>
    readText((await fetch('/api')).body, 1000);

  it('uses an OIDC token that still holds, and asks no issuer', async () => {
    const clock = new FakeClock();
    const token = idToken('a', clock.now() + 60_000);
    const config = { 'id-token': token, 'idp-issuer-url': 'https://no-such-host.invalid', 'client-id': 'c' };
    await get(await connect({ name: 'oidc', config }, { clock }));
    assert.deepEqual(seen, [`Bearer ${token}`]);
  });

  it('renews an OIDC token at the issuer when it runs out, once, and with the newest refresh token', async () => {
    const clock = new FakeClock(Date.now());
    const grants: string[] = [];
    const made: string[] = [];
    const issuer: StandIn = await start((request, body) => {
      if (request.url === '/.well-known/openid-configuration') {
        return JSON.stringify({ issuer: issuer.url, token_endpoint: `${issuer.url}/token` });
      }
      assert.equal(request.headers.authorization, `Basic ${base64('client:a%20secret')}`);
      grants.push(new URLSearchParams(body).get('refresh_token') ?? '');
      const token = idToken(`renewed-${grants.length}`, clock.now() + 3_600_000, issuer.url);
      made.push(token);
      return JSON.stringify({
        access_token: 'x',
        token_type: 'Bearer',
        expires_in: 3600,
        id_token: token,
        refresh_token: `refresh-${grants.length}`,
      });
    });
    const config = {
      'id-token': idToken('old', clock.now() - 1),
      'refresh-token': 'refresh-0',
      'idp-issuer-url': issuer.url,
      'idp-certificate-authority-data': base64(authority.certificate),
      'client-id': 'client',
      'client-secret': 'a secret',
    };
    const cluster = await connect({ name: 'oidc', config }, { clock });
    await Promise.all([get(cluster), get(cluster)]);
    await clock.advance(120_000);
    await get(cluster);
    assert.deepEqual(grants, ['refresh-0']);
    await clock.advance(3_600_000);
    await get(cluster);
    assert.deepEqual(grants, ['refresh-0', 'refresh-1']);
    assert.deepEqual(
      seen,
      [made[0], made[0], made[0], made[1]].map((token) => `Bearer ${token}`),
    );
  });

  it('says credentials when an OIDC token has expired for good, rather than go on as nobody', async () => {
    const clock = new FakeClock();
    const config = { 'id-token': idToken('a', clock.now()), 'client-id': 'c', 'idp-issuer-url': 'https://i' };
    const cluster = await connect({ name: 'oidc', config }, { clock });
    await assert.rejects(get(cluster), {
      name: 'KubeTransportError',
      code: 'credentials',
      message: /expired/,
    });
    assert.deepEqual(seen, []);
  });

  it('says credentials when the issuer refuses', async () => {
    const issuer: StandIn = await start((request, _body, response) => {
      if (request.method === 'GET') {
        return JSON.stringify({ issuer: issuer.url, token_endpoint: `${issuer.url}/token` });
      }
      response.statusCode = 400;
      return '{"error":"invalid_grant","error_description":"SECRET"}';
    });
    const config = {
      'id-token': idToken('a', 0),
      'refresh-token': 'SECRET',
      'idp-issuer-url': issuer.url,
      'idp-certificate-authority-data': base64(authority.certificate),
      'client-id': 'c',
    };
    const cluster = await connect({ name: 'oidc', config });
    await assert.rejects(get(cluster), (error) => {
      assert.equal(problemFromError(error).code, 'credentials');
      assert.equal(problemFromError(error).detail, 'the OIDC issuer answered HTTP 400: invalid_grant');
      return true;
    });
  });

  it('uses what is left of a legacy provider’s token, and runs none of its programs', async () => {
    const clock = new FakeClock();
    const config = {
      'access-token': 'legacy',
      expiry: new Date(clock.now() + 1_000).toISOString(),
      'cmd-path': 'touch',
      'cmd-args': `${folder.path}/ran`,
    };
    const cluster = await connect({ name: 'gcp', config }, { clock });
    await get(cluster);
    assert.deepEqual(seen, ['Bearer legacy']);
    await clock.advance(2_000);
    await assert.rejects(get(cluster), {
      code: 'credentials',
      message: /"gcp" was removed from Kubernetes 1\.26/,
    });
  });
});
