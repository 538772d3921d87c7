import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { startStandIn, type StandIn } from '../../integration/clusterHttpsServer';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 30_000;
const WRONG =
  'clusterpersona.metrics.sample.seconds cannot be 1: it has to be a number from 5 to 600 (seconds).';

describe('Settings and long commands in the window', function () {
  this.timeout(120_000);
  let session: VscodeSession;
  let folder: TemporaryFolder;
  let silent: StandIn;

  before(async function () {
    const tools = requireVscode(this);
    folder = temporaryFolder('settings');
    const authority = new CertificateAuthority('trusted-here');
    silent = await startStandIn({ authority, onRequest: () => undefined });
    const caFile = join(folder.path, 'ca.crt');
    writeFileSync(caFile, authority.certificate);
    const kubeconfig = writeKubeconfig(join(folder.path, 'config'), [
      { name: 'silent', server: silent.url, caFile, credentials: { type: 'token', token: 't' } },
    ]);
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      env: { KUBECONFIG: kubeconfig },
      userSettings: { 'clusterpersona.metrics.sample.seconds': 1 },
      machineSettings: { 'clusterpersona.demo.scene': 'quake' },
    });
    await session.workbench.runCommand('View: Show ClusterPersona');
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    await silent?.stop();
    folder?.remove();
  });

  /** With the smoke-test driver no notification pops up; all are in the list of them. */
  async function notificationWith(text: string) {
    const { workbench } = session;
    await workbench.runCommand('Notifications: Show Notifications');
    const item = workbench.page.locator('.notifications-center .notification-list-item', { hasText: text });
    await item.first().waitFor({ timeout: DEADLINE_MS });
    return item.first();
  }

  it('a value that cannot be used is warned of, and a button leads to the very setting', async () => {
    const { workbench } = session;
    const warning = await notificationWith(WRONG);
    assert.match((await warning.textContent()) ?? '', /Until it is changed, 15 counts\./);
    await workbench.picture('settings-warning');
    await warning.getByRole('button', { name: 'Open Settings' }).click();
    const editor = workbench.page.locator('.settings-editor');
    await editor
      .locator('.setting-item-contents', { hasText: 'Every how many seconds' })
      .waitFor({ timeout: DEADLINE_MS });
    assert.equal(await editor.locator('.setting-item-contents').count(), 1);
    await workbench.picture('settings-wrong');
  });

  it('a value that is set on the other machine is looked for there', async () => {
    const { workbench } = session;
    const warning = await notificationWith('clusterpersona.demo.scene cannot be "quake"');
    await warning.getByRole('button', { name: 'Open Settings' }).click();
    await workbench.page
      .locator('.settings-editor .setting-item-contents', { hasText: 'What happens in the demo cluster' })
      .waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('settings-wrong-remote');
  });

  it('are in groups that have names', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Open Settings');
    const contents = workbench.page.locator('.settings-editor .settings-toc-container');
    for (const group of ['Clusters', 'Realtime', 'Metrics', 'Alerts', 'Views']) {
      await contents.getByText(group, { exact: true }).first().waitFor({ timeout: DEADLINE_MS });
    }
    await workbench.picture('settings-groups');
  });

  it('a refresh shows how far it is in the status bar, and need not be waited for', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Connect…');
    await workbench.pick('silent');
    await workbench.runCommand('ClusterPersona: Refresh');
    await workbench.statusBarItem('Refreshing: 0 of 1 cluster').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('refresh-progress');
    await workbench.runCommand('ClusterPersona: Stop Waiting for the Refresh');
    await workbench.statusBarItem('No longer waiting').first().waitFor({ timeout: DEADLINE_MS });
    assert.equal(await workbench.statusBarItem('Refreshing').count(), 0);
  });

  it('a diagnosis shows which check it is at, and can be cancelled', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Diagnose Connection…');
    await workbench.pick('silent');
    const progress = await notificationWith('Diagnosing silent');
    await workbench.picture('diagnosis-progress');
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await progress.waitFor({ state: 'hidden', timeout: DEADLINE_MS });
    await until('nothing is examined any more', () => silent.open <= 1, { deadlineMs: DEADLINE_MS });
    assert.equal(await workbench.editorTab('Connection to silent').count(), 0);
  });
});
