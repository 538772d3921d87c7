import assert from 'node:assert/strict';
import { HubProcess } from '../../integration/server/hubProcess';
import { PlatformServer } from '../../support/platformServer';
import { freePort } from '../../support/testbed/freePort';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { TcpProxy } from '../../support/testbed/tcpProxy';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';
import { overflowPx } from './webviewLook';

const DEADLINE_MS = 30_000;
/** Half a minute of back-off at most, and what comes after it. */
const BACK_DEADLINE_MS = 60_000;

describe('Several hubs beside a context', function () {
  this.timeout(180_000);
  let hub: HubProcess;
  /** Between the editor and the hub. */
  let network: TcpProxy;
  let host: string;
  let platform: PlatformServer;
  let deadPort: number;
  let session: VscodeSession;

  before(async function () {
    const tools = requireVscode(this);
    hub = await HubProcess.start(['--demo']);
    await hub.untilReady();
    network = await TcpProxy.listen(hub.port);
    host = new URL(network.url).host;
    platform = await PlatformServer.start();
    platform.put('eu-lone', { spec: { provider: 'aws' }, status: { phase: 'Ready' } });
    platform.put('us-lone');
    deadPort = await freePort();
    // High enough for every row of three fleets.
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      size: { width: 1280, height: 1400 },
    });
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.runCommand('ClusterPersona: Start Demo Cluster');
    await row('Demo cluster');
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    await network?.close();
    await hub?.stop();
    await platform?.stop();
  });

  const row = (text: string | RegExp, timeout = DEADLINE_MS): Promise<void> =>
    session.workbench.treeRow(text).first().waitFor({ timeout });

  async function type(text: string): Promise<void> {
    const input = session.workbench.page.locator('.quick-input-widget:visible input.input');
    await input.waitFor({ timeout: DEADLINE_MS });
    await input.fill(text);
    await session.workbench.page.keyboard.press('Enter');
  }

  /** With the smoke-test driver no notification pops up; all are in the list of them. */
  async function told(text: string, button?: string): Promise<void> {
    const { page } = session.workbench;
    await page.locator('[id="status.notifications"]').click({ timeout: DEADLINE_MS });
    const item = page.locator('.notifications-center .notification-list-item', { hasText: text }).first();
    await item.waitFor({ timeout: DEADLINE_MS });
    if (button === undefined) {
      await session.workbench.runCommand('Notifications: Clear All Notifications');
    } else {
      await item.getByRole('button', { name: button }).click();
    }
  }

  async function add(address: string): Promise<void> {
    await session.workbench.runCommand('ClusterPersona: Add Hub…');
    await type(address);
    await session.workbench.page
      .locator('.quick-input-widget:visible', { hasText: 'Token for' })
      .waitFor({ timeout: DEADLINE_MS });
    await type('');
  }

  it('shows a hub with its clusters below it, and by which way it is reached', async () => {
    await add(`http://${host}`);
    await told(`${host} answers, and has 1 cluster.`);
    await row(new RegExp(`${host}.*live over WebSocket`));
    await row(/^demo/);
  });

  it('finds out by itself that an address is a platform’s, and shows what it has', async () => {
    await add(platform.url);
    await told('is a platform that tells by notifications alone, and has 2 ClusterPersonas.');
    await row(new RegExp(`127\\.0\\.0\\.1:${platform.port}.*live over WebSocket.*platform`));
    await row('eu-lone');
    platform.put('ap-lone');
    await row('ap-lone');
    platform.announceAll();
    platform.delete('us-lone');
    await session.workbench.treeRow('us-lone').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
  });

  it('shows a hub that does not answer, why, and what to do about it', async () => {
    await add(`http://127.0.0.1:${deadPort}`);
    await told('does not answer', 'Add Anyway');
    await row(new RegExp(`127\\.0\\.0\\.1:${deadPort}.*reconnecting`));
    await row('No answer from the server');
    await row('Reconnect now');
    const { workbench } = session;
    for (const theme of ['light', 'highContrastDark', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.picture(`hubs-tree-${theme}`);
    }
    await workbench.statusBarItem('1 reconnecting').first().waitFor({ timeout: DEADLINE_MS });
  });

  it('is walked by the keyboard, and gives a hub’s address away', async () => {
    const { workbench } = session;
    const { keyboard } = workbench.page;
    const focused = (text: string | RegExp): Promise<void> =>
      workbench.page
        .locator('.part.sidebar .monaco-list-row.focused', { hasText: text })
        .waitFor({ timeout: DEADLINE_MS });
    // A click selects it, and closes it.
    await workbench.treeRow(host).first().click();
    await keyboard.press('ArrowRight');
    await row(/^demo/);
    await keyboard.press('ArrowDown');
    await focused(/^demo/);
    await keyboard.press('ArrowLeft');
    await keyboard.press('ArrowLeft');
    await focused(host);
    await keyboard.press('Shift+F10');
    await workbench.page.getByRole('menuitem', { name: 'Set Hub Token…' }).waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('hubs-menu');
    await keyboard.press('Escape');
  });

  it('follows the logs of a hub’s cluster, also when the network was gone in between', async () => {
    const { workbench } = session;
    const { keyboard } = workbench.page;
    // The demo cluster inside the editor goes, so that there is one of each name.
    await workbench.runCommand('ClusterPersona: Stop Demo Cluster');
    await workbench.treeRow('Demo cluster').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.treeRow(/^demo/).first().click();
    await keyboard.press('ArrowRight');
    await workbench.treeRow('eu-west-1').first().click();
    const panel = await workbench.webviewWith('h1:text-is("eu-west-1")');
    await panel
      .getByRole('button', { name: /logs of ingress-nginx/i })
      .first()
      .click();
    const log = await workbench.webviewWith('text=following');
    await log.locator('.row-text').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('hubs-logs');
    assert.equal(await overflowPx(log), 0);
    network.refuse();
    network.cut();
    await log.getByText('The lines read before are still here.').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('hubs-logs-gone');
    network.heal();
    await log.getByText('following').first().waitFor({ timeout: BACK_DEADLINE_MS });
    await workbench.picture('hubs-logs-back');
  });

  it('follows a namespace of a hub’s cluster, whose name is typed since a hub lists none', async () => {
    const { workbench } = session;
    await workbench.runCommand('View: Close All Editors');
    const pickAgain = async (theme: Parameters<typeof workbench.setTheme>[0]): Promise<void> => {
      await workbench.page.keyboard.press('Escape');
      await workbench.setTheme(theme);
      await workbench.runCommand('ClusterPersona: Show Logs…');
      await workbench.pick('demo');
    };
    for (const theme of ['light', 'highContrastDark', 'dark'] as const) {
      await pickAgain(theme);
      await workbench.page
        .locator('.quick-input-widget:visible', { hasText: 'they cannot be listed here' })
        .waitFor({ timeout: DEADLINE_MS });
      await workbench.picture(`hubs-logs-namespace-${theme}`);
    }
    await workbench.pick('Type a namespace…');
    await type('Ingress');
    await workbench.page
      .locator('.quick-input-widget:visible', { hasText: 'lower case letters, digits and hyphens' })
      .waitFor({ timeout: DEADLINE_MS });
    await type('ingress-nginx');
    await workbench.pick('Everything in ingress-nginx');
    const log = await workbench.webviewWith('text=following');
    await log.locator('.row-text').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('hubs-logs-typed');
  });

  it('reads a platform anew after its connection was lost', async () => {
    const { workbench } = session;
    const { port } = platform;
    await platform.stop();
    await row(new RegExp(`127\\.0\\.0\\.1:${port}.*reconnecting`));
    platform = await PlatformServer.start(port);
    platform.put('after-the-break');
    await row('after-the-break', BACK_DEADLINE_MS);
    await workbench.treeRow('eu-lone').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
  });

  it('diagnoses the way to a cluster through its hub', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Diagnose Connection…');
    await workbench.pick('demo');
    const page = await workbench.webviewWith('text=Connection to the hub', 90_000);
    await page.getByText('Pods through the hub').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('hubs-diagnosis');
  });
});
