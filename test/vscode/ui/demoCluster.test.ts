import assert from 'node:assert/strict';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 20_000;

describe('The demo cluster, without any kubeconfig', function () {
  this.timeout(120_000);
  let session: VscodeSession;

  before(async function () {
    session = await startVscodeSession({
      tools: requireVscode(this),
      extensionDevelopmentPath: repositoryRoot(),
    });
  });

  afterEach(pictureOfFailure(() => session));
  after(() => session?.stop());

  it('is offered by the welcome view', async () => {
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    const offer = workbench.page.getByRole('button', { name: 'Try the Demo Cluster' });
    await offer.waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('welcome');
    await offer.click();
    await workbench.treeRow('Demo cluster').first().waitFor({ timeout: DEADLINE_MS });
  });

  it('shows its fleet, and that one of them is not well', async () => {
    const { workbench } = session;
    await workbench.treeRow('eu-west-1').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.treeRow('Degraded').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.treeRow('not discovered yet').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.statusBarItem('1 live').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('tree-demo');
  });

  it('opens a cluster, and goes on to its nodes by the keyboard', async () => {
    const { workbench } = session;
    const { keyboard } = workbench.page;
    await workbench.treeRow('eu-west-1').first().click();
    await workbench.webviewWith('h1:text-is("eu-west-1")');
    // The panel is open, and the keyboard still in the tree.
    await keyboard.press('ArrowRight');
    await workbench
      .treeRow(/^Nodes/)
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowRight');
    await workbench.treeRow('not ready').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('tree-demo-open');
  });

  for (const theme of ['dark', 'light', 'highContrastDark'] as const) {
    it(`draws every tab of the panel in ${theme}`, async () => {
      const { workbench } = session;
      await workbench.setTheme(theme);
      const panel = await workbench.webviewWith('h1:text-is("eu-west-1")');
      for (const tab of ['Nodes', 'Add-ons', 'Conditions', 'Overview']) {
        await panel.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
        await panel.getByRole('tabpanel').first().waitFor({ timeout: DEADLINE_MS });
        await workbench.picture(`demo-detail-${tab.toLowerCase()}-${theme}`);
      }
    });
  }

  it('follows the log of an add-on from the panel', async () => {
    const { workbench } = session;
    const panel = await workbench.webviewWith('h1:text-is("eu-west-1")');
    await panel
      .getByRole('button', { name: /logs of ingress-nginx/i })
      .first()
      .click();
    const log = await workbench.webviewWith('text=following');
    const rows = log.locator('.row-text');
    await rows.first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('demo-logs');
  });

  it('stays where it was scrolled to, and says how much is new', async () => {
    const log = await session.workbench.webviewWith('.row-text');
    await log.locator('.rows').focus();
    await session.workbench.page.keyboard.press('PageUp');
    const news = log.getByRole('button', { name: /\d+ new line/ });
    await news.waitFor({ timeout: DEADLINE_MS });
    const topLine = (): Promise<string> =>
      log.evaluate(() => {
        const frame = document.querySelector('.rows')?.getBoundingClientRect();
        const row = [...document.querySelectorAll('.row')].find(
          (element) => element.getBoundingClientRect().top >= (frame?.top ?? 0),
        );
        return `${row?.getAttribute('data-row')} ${row?.getBoundingClientRect().top}`;
      });
    const before = await topLine();
    const unread = await news.innerText();
    await until('More lines arrive', async () => (await news.innerText()) !== unread, {
      deadlineMs: DEADLINE_MS,
    });
    await session.workbench.picture('demo-logs-scrolled-back');
    assert.equal(await topLine(), before);
    await news.click();
    await news.waitFor({ state: 'detached', timeout: DEADLINE_MS });
  });

  it('leaves out the lines of a pod by the keyboard', async () => {
    const log = await session.workbench.webviewWith('.row-text');
    const { keyboard } = session.workbench.page;
    await log.getByRole('button', { name: /^Pods:/ }).focus();
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await log.getByRole('button', { name: /^Pods: \d+ of \d+/ }).waitFor({ timeout: DEADLINE_MS });
    await keyboard.press('Escape');
    await log.getByRole('group', { name: 'Pods' }).waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await log.getByText('following').first().waitFor({ timeout: DEADLINE_MS });
  });

  it('keeps the fleet when the window is narrow', async () => {
    const { workbench } = session;
    await workbench.page.setViewportSize({ width: 760, height: 800 });
    await workbench
      .editorTab(/^eu-west-1/)
      .first()
      .click();
    const panel = await workbench.webviewWith('h1:text-is("eu-west-1")');
    const overflow = await panel.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    await workbench.picture('demo-detail-narrow');
    assert.equal(overflow, 0, 'nothing scrolls sideways');
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is there again after the window was reloaded, with both panels', async () => {
    const { workbench } = session;
    await workbench.runCommand('Developer: Reload Window');
    await workbench.statusBarItem('1 live').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.statusBarItem('1 live').first().waitFor({ timeout: 60_000 });
    await workbench.editorTab('ingress-nginx').first().click();
    const log = await workbench.webviewWith('text=following', 60_000);
    await log.locator('.row-text').first().waitFor({ timeout: DEADLINE_MS });
    await workbench
      .editorTab(/^eu-west-1/)
      .first()
      .click();
    await workbench.webviewWith('h1:text-is("eu-west-1")');
  });

  it('goes on with the scene that is picked, says so in its row, and remembers it', async () => {
    const { workbench, server } = session;
    const { page } = workbench;
    await workbench.setTheme('dark');
    await workbench.runCommand('ClusterPersona: Choose Demo Scene…');
    const current = page.locator('.quick-input-list .monaco-list-row', { hasText: 'current' });
    await current.filter({ hasText: 'Calm' }).waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('demo-scenes');
    await workbench.pick('Incident');
    const row = workbench.treeRow('Demo cluster').filter({ hasText: /· incident/ });
    await row.waitFor({ timeout: DEADLINE_MS });
    assert.deepEqual(JSON.parse(server.machineSettings()), { 'clusterpersona.demo.scene': 'incident' });
    await workbench.picture('tree-demo-incident');

    // From the row's own menu, and back to the one above by the keyboard.
    await row.click({ button: 'right' });
    // A menu that has just opened ignores the mouse button.
    await page.getByRole('menuitem', { name: 'Choose Demo Scene…' }).hover();
    await page.keyboard.press('Enter');
    await current.filter({ hasText: 'Incident' }).waitFor({ timeout: DEADLINE_MS });
    assert.equal(await current.count(), 1);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await row.waitFor({ state: 'detached', timeout: DEADLINE_MS });
    assert.deepEqual(JSON.parse(server.machineSettings()), { 'clusterpersona.demo.scene': 'calm' });
  });

  it('is gone from the tree when it is stopped, and its panel says that it is not connected', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Stop Demo Cluster');
    await workbench.treeRow('Demo cluster').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.webviewWith('text=/not connected/i');
    await workbench.picture('demo-stopped');
  });

  it('is started by picking a scene', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Choose Demo Scene…');
    await workbench.page.getByPlaceholder(/Picking a scene starts it/).waitFor({ timeout: DEADLINE_MS });
    await workbench.pick('Upgrade');
    const row = workbench.treeRow('Demo cluster').filter({ hasText: /· upgrade/ });
    await row.waitFor({ timeout: DEADLINE_MS });
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
