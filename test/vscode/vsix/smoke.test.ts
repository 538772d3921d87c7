import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { requireVscode } from '../../support/testbed/requireTool';
import { type VscodeSession, startVscodeSession } from '../../support/testbed/vscodeSession';

describe('The packaged extension, installed into a clean VS Code', function () {
  this.timeout(120_000);
  let session: VscodeSession;

  before(async function () {
    const tools = requireVscode(this);
    const vsix = process.env['CLUSTERPERSONA_VSIX'];
    assert.ok(vsix !== undefined && existsSync(vsix), 'CLUSTERPERSONA_VSIX names the packaged extension');
    session = await startVscodeSession({
      tools,
      installVsix: vsix,
      // As people run it: not under development, and in a folder nobody has trusted yet.
      withSmokeTestDriver: false,
      workspaceTrust: true,
      userSettings: { 'security.workspace.trust.startupPrompt': 'never' },
      env: { KUBECONFIG: '/nowhere/kubeconfig' },
    });
  });

  after(() => session?.stop());

  it('shows the demo cluster’s fleet when asked to', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Start Demo Cluster');
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.treeRow('Demo cluster').first().waitFor({ timeout: 30_000 });
    await workbench
      .treeRow(/production|staging|development|sandbox/)
      .first()
      .waitFor({ timeout: 30_000 });
  });

  it('draws the detail panel from the files in the package', async () => {
    const { workbench } = session;
    await workbench
      .treeRow(/production/)
      .first()
      .click();
    const panel = await workbench.webviewWith('h1');
    assert.notEqual((await panel.locator('h1').first().innerText()).trim(), '');
    await workbench.picture('installed-package');
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
