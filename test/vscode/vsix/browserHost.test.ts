import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { type VscodeSession, startVscodeSession } from '../../support/testbed/vscodeSession';

describe('The packaged extension in the browser’s extension host', function () {
  this.timeout(120_000);
  let session: VscodeSession;
  let folder: TemporaryFolder;

  before(async function () {
    const tools = requireVscode(this);
    const vsix = process.env['CLUSTERPERSONA_VSIX'];
    assert.ok(vsix !== undefined && existsSync(vsix), 'CLUSTERPERSONA_VSIX names the packaged extension');
    folder = temporaryFolder('browser-host');
    mkdirSync(join(folder.path, '.vscode'));
    // Runs the `browser` entry in a worker of the page instead of the server's Node.js.
    writeFileSync(
      join(folder.path, '.vscode', 'settings.json'),
      JSON.stringify({ 'remote.extensionKind': { 'clusterpersona.clusterpersona': ['ui'] } }),
    );
    session = await startVscodeSession({ tools, installVsix: vsix, folder: folder.path });
  });

  afterEach(pictureOfFailure(() => session));

  after(async () => {
    await session?.stop();
    folder?.remove();
  });

  it('offers the demo cluster, and no kubeconfig', async () => {
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.page
      .getByText('In the browser there is no kubeconfig to read')
      .first()
      .waitFor({ timeout: 30_000 });
    await workbench.page.getByRole('button', { name: 'Try the Demo Cluster' }).click();
    await workbench.treeRow('eu-west-1').first().waitFor({ timeout: 30_000 });
  });

  it('shows one of its clusters, and follows a log', async () => {
    const { workbench } = session;
    await workbench.treeRow('eu-west-1').first().click();
    const panel = await workbench.webviewWith('h1:text-is("eu-west-1")');
    await panel.getByRole('button', { name: 'Logs of ingress-nginx' }).first().click();
    const log = await workbench.webviewWith('text=following');
    await log.locator('.row-text').first().waitFor({ timeout: 30_000 });
    await workbench.picture('browser-host');
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
