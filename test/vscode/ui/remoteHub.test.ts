import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { HubProcess } from '../../integration/server/hubProcess';
import { sampleSpec, sampleStatus } from '../../support/samples/samplePersona';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { RealCluster } from '../../support/testbed/realCluster';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireKubernetes, requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';
import { overflowPx } from './webviewLook';

const DEADLINE_MS = 30_000;
/** Half a minute of back-off at most, and what comes after it. */
const BACK_DEADLINE_MS = 45_000;
const TOKEN = 'a-token-that-is-long-enough-to-be-taken-0123456789';
const OTHER_TOKEN = 'another-token-that-is-long-enough-0123456789-0123';
const DETAIL = 'h1:text-is("eu-west-1")';

describe('A hub in the editor', function () {
  this.timeout(180_000);
  let cluster: RealCluster;
  let hub: HubProcess;
  let session: VscodeSession;
  let folder: TemporaryFolder;
  let hubArguments: readonly string[];

  before(async function () {
    const binaries = requireKubernetes(this);
    const tools = requireVscode(this);
    folder = temporaryFolder('remote-hub');
    cluster = await RealCluster.start(binaries, { withCrd: true });
    for (const name of ['eu-west-1', 'us-east-1']) {
      await apply(name);
      await phase(name, 'Ready', 0);
    }
    writeTokens(TOKEN);
    hubArguments = [
      '--kubeconfig',
      cluster.kubeconfigs.admin,
      '--auth',
      'token',
      '--token-file',
      join(folder.path, 'tokens'),
    ];
    hub = await HubProcess.start(hubArguments);
    await hub.untilReady();
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
    });
    await session.workbench.runCommand('View: Show ClusterPersona');
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    await hub?.stop();
    await cluster?.stop();
    folder?.remove();
  });

  const writeTokens = (token: string): void => writeFileSync(join(folder.path, 'tokens'), `${token}\n`);

  const apply = (name: string): Promise<void> =>
    cluster.apply({
      apiVersion: 'dorgu.io/v1',
      kind: 'ClusterPersona',
      metadata: { name },
      spec: sampleSpec(name),
    });

  const phase = (name: string, value: 'Ready' | 'Degraded', notReady: number): Promise<void> =>
    cluster.patchStatus(
      name,
      sampleStatus({ phase: value, nodes: 3, notReady, ingressNamespace: 'ingress-nginx' }),
    );

  const row = (text: string | RegExp, timeout = DEADLINE_MS): Promise<void> =>
    session.workbench.treeRow(text).first().waitFor({ timeout });

  async function type(text: string): Promise<void> {
    const input = session.workbench.page.locator('.quick-input-widget:visible input.input');
    await input.waitFor({ timeout: DEADLINE_MS });
    await input.fill(text);
  }

  const enter = (): Promise<void> => session.workbench.page.keyboard.press('Enter');

  const inputSays = (text: string | RegExp): Promise<void> =>
    session.workbench.page
      .locator('.quick-input-widget:visible', { hasText: text })
      .waitFor({ timeout: DEADLINE_MS });

  /** With the smoke-test driver no notification pops up; all are in the list of them. */
  async function told(text: string): Promise<void> {
    const { page } = session.workbench;
    await page.locator('[id="status.notifications"]').click({ timeout: DEADLINE_MS });
    await page
      .locator('.notifications-center .notification-list-item', { hasText: text })
      .first()
      .waitFor({ timeout: DEADLINE_MS });
  }

  it('is offered where there is no cluster, and takes no address with a credential in it', async () => {
    const { workbench } = session;
    await workbench.page.getByText('Add a Hub…').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('remote-hub-welcome');
    await workbench.page.getByText('Add a Hub…').first().click();
    await type(`http://jane:hunter22@${hub.host}`);
    await inputSays('No user, password or token belongs into an address');
    await type('http://hub.example.com');
    await inputSays('Without https anybody on the way can read');
    await workbench.picture('remote-hub-address');
    await type(`http://${hub.host}`);
    await enter();
    await inputSays(`Token for ${hub.host}`);
  });

  it('says that a token is not accepted, and is not added unless the user wants it', async () => {
    const { workbench } = session;
    await type(OTHER_TOKEN);
    await enter();
    await told('does not accept your token');
    await workbench.picture('remote-hub-refused');
    await workbench.page
      .locator('.notifications-center')
      .getByRole('button', { name: 'Enter Token…' })
      .click({ timeout: DEADLINE_MS });
    await inputSays(`Token for ${hub.host}`);
    await workbench.page.keyboard.press('Escape');
    await workbench.page.getByText('Add a Hub…').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('shows its clusters in the tree, and one of them in a panel that follows it', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Add Hub…');
    await type(`http://${hub.host}`);
    await enter();
    await inputSays(`Token for ${hub.host}`);
    await type(TOKEN);
    await enter();
    await row(/live/);
    await workbench.picture('remote-hub-added');
    await told(`${hub.host} answers, and has 1 cluster.`);
    await workbench.runCommand('Notifications: Clear All Notifications');
    await row('eu-west-1');
    await workbench.treeRow('eu-west-1').first().click();
    const panel = await workbench.webviewWith(DETAIL);
    await panel.getByText('Live').first().waitFor({ timeout: DEADLINE_MS });
    await phase('eu-west-1', 'Degraded', 1);
    await panel.getByText('Degraded').first().waitFor({ timeout: DEADLINE_MS });
    for (const theme of ['light', 'highContrastDark', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.picture(`remote-hub-live-${theme}`);
      assert.equal(await overflowPx(panel), 0);
    }
  });

  it('is shown as gone when it is killed, and comes back with what happened meanwhile', async () => {
    const { workbench } = session;
    hub.process.signal('SIGKILL');
    await hub.process.stop();
    await row(/reconnecting/);
    await row('eu-west-1');
    await workbench.picture('remote-hub-gone');
    await phase('eu-west-1', 'Ready', 0);
    await apply('ap-south-1');
    hub = await HubProcess.start(hubArguments, 'http', hub);
    await row('ap-south-1', BACK_DEADLINE_MS);
    await row(/live/);
    const panel = await workbench.webviewWith(DETAIL);
    await panel.getByText('Live').first().waitFor({ timeout: DEADLINE_MS });
    await panel.getByText('Ready').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('remote-hub-back');
  });

  it('asks for another token when the one it had was revoked', async () => {
    const { workbench } = session;
    writeTokens(OTHER_TOKEN);
    await row('not signed in');
    await row('Set another token…');
    await row('eu-west-1');
    await workbench.picture('remote-hub-revoked');
    await workbench.treeRow('Set another token…').first().click();
    await inputSays(`Token for ${hub.host}`);
    await type(OTHER_TOKEN);
    await enter();
    await row(/live/, BACK_DEADLINE_MS);
  });

  it('goes with its clusters when it is removed', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Remove Hub…');
    await workbench.pick(hub.host);
    await workbench.treeRow('eu-west-1').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
  });
});
