import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { writeDemoKubeconfig } from '../../../src/demoServer/demoKubeconfig';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';

const URL = 'https://127.0.0.1:6443';
const TOKENS = { admin: 'a-token', viewer: 'v-token', nobody: 'n-token' };

describe('The demo kubeconfig', () => {
  let folder: TemporaryFolder;
  let file: string;

  beforeEach(() => {
    folder = temporaryFolder('demo-kubeconfig');
    file = join(folder.path, 'config');
  });

  afterEach(() => folder.remove());

  it('has one cluster and a context for each user, the admin first', () => {
    const names = writeDemoKubeconfig(file, { url: URL, caCertificate: 'PEM', tokens: TOKENS });
    assert.deepEqual(names, ['demo', 'demo-viewer', 'demo-nobody']);
    assert.deepEqual(load(readFileSync(file, 'utf8')), {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'demo',
      clusters: [{ name: 'demo', cluster: { server: URL, 'certificate-authority-data': 'UEVN' } }],
      users: [
        { name: 'demo', user: { token: 'a-token' } },
        { name: 'demo-viewer', user: { token: 'v-token' } },
        { name: 'demo-nobody', user: { token: 'n-token' } },
      ],
      contexts: names.map((name) => ({ name, context: { cluster: 'demo', user: name } })),
    });
  });

  it('has one context without credentials where there are no tokens', () => {
    assert.deepEqual(writeDemoKubeconfig(file, { url: 'http://127.0.0.1:1' }), ['demo']);
  });

  it('is for its owner alone, also where the file before it was not', () => {
    writeDemoKubeconfig(file, { url: URL });
    chmodSync(file, 0o644);
    writeDemoKubeconfig(file, { url: URL, tokens: TOKENS });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(file, 'utf8'), /a-token/);
  });

  it('never replaces a kubeconfig that is not a demo cluster’s', () => {
    writeKubeconfig(file, [{ name: 'demo', server: URL, credentials: { type: 'none' } }]);
    const before = readFileSync(file, 'utf8');
    assert.throws(() => writeDemoKubeconfig(file, { url: URL }), { code: 'foreignKubeconfig' });
    assert.equal(readFileSync(file, 'utf8'), before);
  });

  it('never replaces one that somebody added other clusters to', () => {
    writeDemoKubeconfig(file, { url: URL });
    const added = readFileSync(file, 'utf8').replace('"clusters": [', '"clusters": [{"name":"production"},');
    writeFileSync(file, added);
    assert.throws(() => writeDemoKubeconfig(file, { url: URL }), { code: 'foreignKubeconfig' });
  });

  it('is not written over an empty file or a folder', () => {
    writeFileSync(file, '');
    assert.throws(() => writeDemoKubeconfig(file, { url: URL }), { code: 'foreignKubeconfig' });
    assert.throws(() => writeDemoKubeconfig(folder.path, { url: URL }), { code: 'foreignKubeconfig' });
  });
});
