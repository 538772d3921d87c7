import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleSpec } from '../../support/samples/samplePersona';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { RealCluster } from '../../support/testbed/realCluster';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireKubernetes, requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 20_000;
const DETAIL = 'h1:text-is("eu-west-1")';

describe('Connections come and go', function () {
  this.timeout(120_000);
  let cluster: RealCluster;
  let session: VscodeSession;
  let folder: TemporaryFolder;
  let kubeconfig: string;
  let runs: string;

  before(async function () {
    const binaries = requireKubernetes(this);
    const tools = requireVscode(this);
    cluster = await RealCluster.start(binaries, { withCrd: true });
    folder = temporaryFolder('connections');
    kubeconfig = join(folder.path, 'config');
    runs = join(folder.path, 'runs');
    writeKubeconfig();
    await apply('eu-west-1');
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      env: { KUBECONFIG: kubeconfig },
    });
    await session.workbench.runCommand('View: Show ClusterPersona');
  });

  afterEach(pictureOfFailure(() => session));

  after(async () => {
    await session?.stop();
    await cluster?.stop();
    folder?.remove();
  });

  const apply = (name: string): Promise<void> =>
    cluster.apply({
      apiVersion: 'dorgu.io/v1',
      kind: 'ClusterPersona',
      metadata: { name },
      spec: sampleSpec(name),
    });

  /** One context with a token, and one whose program leaves a mark each time it runs. */
  function writeKubeconfig(): void {
    const plugin = join(folder.path, 'sign-in');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: cluster.credentials.adminToken },
    };
    writeFileSync(
      plugin,
      `#!/bin/sh\necho run >> '${runs}'\ncat <<'END'\n${JSON.stringify(credential)}\nEND\n`,
      {
        mode: 0o700,
      },
    );
    const server = { server: cluster.url, 'certificate-authority': cluster.credentials.caFile };
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: plugin,
      args: ['--client-secret=not-for-anybody'],
      interactiveMode: 'Never',
    };
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'by-token',
        clusters: [{ name: 'c', cluster: server }],
        users: [
          { name: 'by-token', user: { token: cluster.credentials.adminToken } },
          { name: 'by-program', user: { exec } },
        ],
        contexts: [
          { name: 'by-token', context: { cluster: 'c', user: 'by-token' } },
          { name: 'by-program', context: { cluster: 'c', user: 'by-program' } },
        ],
      }),
    );
  }

  const programRuns = (): number =>
    existsSync(runs) ? readFileSync(runs, 'utf8').split('\n').length - 1 : 0;

  async function command(title: string, context: string): Promise<void> {
    await session.workbench.runCommand(title);
    await session.workbench.pick(context);
  }

  const shows = (text: string | RegExp): Promise<void> =>
    session.workbench.treeRow(text).first().waitFor({ timeout: DEADLINE_MS });

  it('what was deleted while disconnected is gone from an open panel after connecting again', async () => {
    const { workbench } = session;
    await command('ClusterPersona: Connect…', 'by-token');
    await shows('eu-west-1');
    await workbench.treeRow('eu-west-1').first().click();
    const panel = await workbench.webviewWith(DETAIL);
    await panel.getByText('live', { exact: true }).first().waitFor({ timeout: DEADLINE_MS });
    await command('ClusterPersona: Disconnect…', 'by-token');
    await panel.getByText('not connected').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('detail-not-connected');
    await cluster.kubectl(['delete', 'clusterpersona', 'eu-west-1']);
    await apply('us-east-1');
    await panel
      .getByRole('button', { name: /connect/i })
      .first()
      .click();
    await shows('us-east-1');
    await panel
      .getByText(/deleted|no longer|not in/i)
      .first()
      .waitFor({ timeout: DEADLINE_MS });
  });

  it('and comes back to it when it is made again', async () => {
    const { workbench } = session;
    await apply('eu-west-1');
    const panel = await workbench.webviewWith(DETAIL);
    await panel.getByText('Payments and checkout').first().waitFor({ timeout: DEADLINE_MS });
  });

  it('a kubeconfig that is broken for a while disconnects nobody', async () => {
    const { workbench } = session;
    writeFileSync(kubeconfig, 'contexts: [ {name: half-saved');
    await shows('not a valid kubeconfig');
    await shows('eu-west-1');
    await workbench.statusBarItem('1 live').first().waitFor({ timeout: DEADLINE_MS });
    writeKubeconfig();
    await workbench
      .treeRow('not a valid kubeconfig')
      .first()
      .waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.statusBarItem('1 live').first().waitFor({ timeout: DEADLINE_MS });
  });

  it('a sign-in program is not run before it is allowed, nor when it is refused', async () => {
    const { workbench } = session;
    await command('ClusterPersona: Connect…', 'by-program');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('consent');
    assert.equal(programRuns(), 0);
    await workbench.page.keyboard.press('Escape');
    await shows('Sign-in program not allowed');
    assert.equal(programRuns(), 0);
    assert.doesNotMatch(await workbench.page.content(), /not-for-anybody/);
  });

  it('it is run once it is allowed', async () => {
    const { workbench } = session;
    await workbench.treeRow('Allow it and connect').first().click();
    await workbench.page.locator('.monaco-dialog-box').getByText('Allow', { exact: true }).click();
    await workbench.statusBarItem('2 live').first().waitFor({ timeout: DEADLINE_MS });
    assert.ok(programRuns() > 0);
  });

  it('a reloaded window connects both again without asking, and brings the panel back', async () => {
    const { workbench } = session;
    // As a person does it: the window then keeps what is open.
    await workbench.runCommand('Developer: Reload Window');
    await workbench.statusBarItem('2 live').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.statusBarItem('2 live').first().waitFor({ timeout: 60_000 });
    assert.equal(await workbench.page.locator('.monaco-dialog-box').count(), 0);
    const panel = await workbench.webviewWith(DETAIL, 60_000);
    await panel.getByText('live', { exact: true }).first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('reloaded');
  });

  it('"switch" connects one and disconnects the last', async () => {
    await command('ClusterPersona: Switch Context…', 'by-token');
    await session.workbench.statusBarItem('1 live').first().waitFor({ timeout: DEADLINE_MS });
    await until(
      'by-program is not connected',
      async () =>
        (await session.workbench.treeRow('by-program').first().innerText()).includes('not connected'),
      { deadlineMs: DEADLINE_MS },
    );
  });

  it('a context that is removed from the kubeconfig goes from the tree', async () => {
    const { workbench } = session;
    const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as { contexts: { name: string }[] };
    config.contexts = config.contexts.filter(({ name }) => name !== 'by-token');
    writeFileSync(kubeconfig, JSON.stringify(config));
    await workbench.treeRow('by-token').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await shows('by-program');
  });
});
