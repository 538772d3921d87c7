import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/testbed/freePort';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 30_000;

/** VS Code asks for trust here as it does for people: in every other suite that is switched off. */
describe('What a kubeconfig names is not run before somebody allowed it', function () {
  this.timeout(120_000);
  let session: VscodeSession;
  let folder: TemporaryFolder;

  const path = (...parts: readonly string[]): string => join(folder.path, ...parts);

  /** A kubeconfig with one context, whose program leaves a mark each time it runs. */
  function writeKubeconfig(name: string, port: number): string {
    const program = path(`${name}-sign-in`);
    writeFileSync(program, `#!/bin/sh\necho run >> '${path(`${name}-runs`)}'\nexit 1\n`);
    chmodSync(program, 0o700);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: program,
      interactiveMode: 'Never',
    };
    const file = path(`${name}-kubeconfig`);
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': name,
        clusters: [{ name, cluster: { server: `https://127.0.0.1:${port}` } }],
        users: [{ name, user: { exec } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
      }),
    );
    return file;
  }

  const runsOf = (name: string): number => {
    const marks = path(`${name}-runs`);
    return existsSync(marks) ? readFileSync(marks, 'utf8').split('\n').length - 1 : 0;
  };

  before(async function () {
    const tools = requireVscode(this);
    folder = temporaryFolder('trust');
    const port = await freePort();
    const own = writeKubeconfig('own', port);
    const foreign = writeKubeconfig('foreign', port);
    const workspace = path('workspace');
    mkdirSync(join(workspace, '.vscode'), { recursive: true });
    writeFileSync(
      join(workspace, '.vscode', 'settings.json'),
      JSON.stringify({
        'clusterpersona.kubeconfigs': [foreign],
        'clusterpersona.connectOnStart': 'current',
      }),
    );
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      folder: workspace,
      workspaceTrust: true,
      userSettings: { 'security.workspace.trust.startupPrompt': 'never' },
      machineSettings: { 'clusterpersona.connectOnStart': 'current' },
      env: { KUBECONFIG: own },
    });
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    folder?.remove();
  });

  const shows = (text: string | RegExp): Promise<void> =>
    session.workbench.treeRow(text).first().waitFor({ timeout: DEADLINE_MS });

  it('in a folder that nobody trusts: the context of a start waits for consent, the folder’s kubeconfig is not read', async () => {
    const { workbench } = session;
    await workbench.statusBarItem('Restricted Mode').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.runCommand('View: Show ClusterPersona');
    await shows('Sign-in program not allowed');
    assert.equal(await workbench.treeRow('foreign').count(), 0);
    assert.deepEqual([runsOf('own'), runsOf('foreign')], [0, 0]);
    await workbench.picture('trust-restricted');
  });

  it('nor once the folder is trusted: a workspace cannot say which kubeconfigs there are', async () => {
    const { workbench } = session;
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await workbench.page
      .locator('.workspace-trust-buttons-row, .workspace-trust-editor')
      .getByText('Trust', { exact: true })
      .first()
      .click();
    await workbench
      .statusBarItem('Restricted Mode')
      .first()
      .waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await shows('Sign-in program not allowed');
    // What asked covers the window.
    await workbench.page.locator('.monaco-modal-editor-block .codicon-close').last().click();
    await workbench.page
      .locator('.monaco-modal-editor-block')
      .waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.runCommand('ClusterPersona: Refresh');
    await shows('Sign-in program not allowed');
    assert.equal(await workbench.treeRow('foreign').count(), 0);
    assert.deepEqual([runsOf('own'), runsOf('foreign')], [0, 0]);
  });

  it('but as soon as the user connects and allows it', async () => {
    const { workbench } = session;
    await workbench.treeRow('Allow it and connect').first().click();
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor({ timeout: DEADLINE_MS });
    assert.equal(runsOf('own'), 0);
    await dialog.getByText('Allow', { exact: true }).click();
    await until('the program ran', () => runsOf('own') > 0 || undefined, { deadlineMs: DEADLINE_MS });
    await shows('Credentials not readable');
    assert.equal(runsOf('foreign'), 0);
  });
});
