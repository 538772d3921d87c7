import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findServiceAccount, resolveServiceAccount } from '../../../src/cluster/serviceAccount';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';

describe('the service account of a pod', () => {
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = temporaryFolder('service-account');
    writeFileSync(join(folder.path, 'token'), 'secret');
  });
  afterEach(() => folder.remove());

  const find = (host?: string, port?: string) =>
    findServiceAccount(
      {
        ...(host === undefined ? {} : { KUBERNETES_SERVICE_HOST: host }),
        ...(port === undefined ? {} : { KUBERNETES_SERVICE_PORT: port }),
      },
      folder.path,
    );

  for (const [host, server] of [
    ['10.96.0.1', 'https://10.96.0.1:443'],
    ['fd00::1', 'https://[fd00::1]:443'],
    ['api.internal', 'https://api.internal:443'],
  ] as const) {
    it(`finds the API server at ${host}, and the files`, () => {
      assert.deepEqual(find(host, '443'), {
        server,
        tokenFile: join(folder.path, 'token'),
        caFile: join(folder.path, 'ca.crt'),
      });
    });
  }

  it('is none outside of a pod, or where no token is mounted', () => {
    assert.equal(find(), undefined);
    assert.equal(find('10.96.0.1'), undefined);
    assert.equal(find('', '443'), undefined);
    folder.remove();
    assert.equal(find('10.96.0.1', '443'), undefined);
  });

  it('is a context that names its files', () => {
    const account = find('10.96.0.1', '443') ?? assert.fail();
    const resolution = resolveServiceAccount(account);
    assert.ok(resolution.ok);
    const { resolved } = resolution;
    assert.equal(resolved.server, 'https://10.96.0.1');
    assert.equal(resolved.user.tokenFile, account.tokenFile);
    assert.equal(resolved.cluster['certificate-authority'], account.caFile);
    assert.equal(resolved.exec, undefined);
  });

  it('cannot be used where its API server has no address', () => {
    const account = { server: 'https://a b:1', tokenFile: '/token', caFile: '/ca.crt' };
    assert.equal(resolveServiceAccount(account).ok, false);
  });
});
