import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleSpec } from '../../support/samples/samplePersona';
import { freePort } from '../../support/testbed/freePort';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { RealCluster } from '../../support/testbed/realCluster';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireKubernetes, requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 30_000;

describe('Each fault has its own face in the tree', function () {
  this.timeout(120_000);
  let cluster: RealCluster;
  let session: VscodeSession;
  let folder: TemporaryFolder;
  let malformed: string;

  before(async function () {
    const binaries = requireKubernetes(this);
    const tools = requireVscode(this);
    cluster = await RealCluster.start(binaries, { withCrd: true });
    await cluster.apply({
      apiVersion: 'dorgu.io/v1',
      kind: 'ClusterPersona',
      metadata: { name: 'eu-west-1' },
      spec: sampleSpec('eu-west-1'),
    });
    folder = temporaryFolder('faults');
    const { credentials, url } = cluster;
    const { caFile, otherCaFile, adminToken, restrictedToken } = credentials;
    const token = (value: string) => ({ type: 'token', token: value }) as const;
    const contexts = writeKubeconfig(join(folder.path, 'config'), [
      { name: 'good', server: url, caFile, credentials: token(adminToken) },
      { name: 'without-permission', server: url, caFile, credentials: token(restrictedToken) },
      { name: 'unknown-token', server: url, caFile, credentials: token('nobody-knows-this-one') },
      { name: 'wrong-ca', server: url, caFile: otherCaFile, credentials: token(adminToken) },
      {
        name: 'nobody-there',
        server: `https://127.0.0.1:${await freePort()}`,
        caFile,
        credentials: token(adminToken),
      },
    ]);
    malformed = join(folder.path, 'malformed');
    writeFileSync(malformed, 'apiVersion: v1\nkind: Config\ncontexts: [ {name: a\n');
    const empty = join(folder.path, 'empty');
    writeFileSync(empty, 'apiVersion: v1\nkind: Config\n');
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      machineSettings: {
        'clusterpersona.kubeconfigs': [contexts, malformed, empty, join(folder.path, 'missing')],
      },
    });
    await session.workbench.runCommand('View: Show ClusterPersona');
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    await cluster?.stop();
    folder?.remove();
  });

  async function connect(context: string): Promise<void> {
    await session.workbench.runCommand('ClusterPersona: Connect…');
    await session.workbench.pick(context);
  }

  const shows = (text: string | RegExp): Promise<void> =>
    session.workbench.treeRow(text).first().waitFor({ timeout: DEADLINE_MS });

  it('a kubeconfig that is malformed, empty or missing', async () => {
    await shows('not a valid kubeconfig');
    await shows('kubeconfig names no context');
    await shows('kubeconfig not found');
  });

  it('a user without permission', async () => {
    await connect('without-permission');
    await shows('Not allowed to list');
    await shows('Get permission, then reconnect');
  });

  it('credentials that are not accepted', async () => {
    await connect('unknown-token');
    await shows('Credentials not accepted');
    await shows('Sign in again, then reconnect');
  });

  it('a certificate that is not trusted', async () => {
    await connect('wrong-ca');
    await shows('Certificate not trusted');
    await shows('Open the kubeconfig');
  });

  it('a server that does not answer', async () => {
    await connect('nobody-there');
    await shows('No answer from the server');
    await shows(/reconnecting in \d+ s|reconnecting, attempt/);
    await shows('Reconnect now');
  });

  it('and meanwhile a good context works', async () => {
    await connect('good');
    await shows('eu-west-1');
    await session.workbench
      .statusBarItem(/1 live, 2 reconnecting/)
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await session.workbench.picture('tree-faults');
  });

  it('a kubeconfig that is corrected is read again by itself', async () => {
    writeKubeconfig(malformed, [
      {
        name: 'corrected',
        server: cluster.url,
        caFile: cluster.credentials.caFile,
        credentials: { type: 'token', token: cluster.credentials.adminToken },
      },
    ]);
    await shows('corrected');
  });

  it('what the definition looks like is shown for a cluster without it', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Show Custom Resource Definition');
    await workbench.page.getByText('CustomResourceDefinition').first().waitFor({ timeout: DEADLINE_MS });
  });

  it('no token is in the page, its tooltips included', async () => {
    const { workbench } = session;
    await workbench.treeRow('unknown-token').first().hover();
    await workbench.page.locator('.workbench-hover-container').first().waitFor({ timeout: DEADLINE_MS });
    const text = await workbench.page.content();
    assert.ok(text.includes('unknown-token'));
    for (const secret of [cluster.credentials.adminToken, 'nobody-knows-this-one']) {
      assert.ok(!text.includes(secret));
    }
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
