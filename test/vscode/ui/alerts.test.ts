import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 20_000;
/** In this scene a cluster goes wrong within this time. */
const INCIDENT_MS = 150_000;

const NEWS = /not ready|Degraded|Unknown|unhealthy|need attention/;

/** What stands at the end of a row: VS Code draws it as the content of a pseudo-element. */
async function badgeOf(row: Locator): Promise<string> {
  return row.evaluate((element) =>
    [...element.querySelectorAll('.monaco-icon-label')]
      .map((label) => getComputedStyle(label, '::after').content)
      .filter((content) => content !== 'none' && content !== 'normal')
      .join('')
      .replaceAll('"', ''),
  );
}

describe('Alerts of the demo cluster, during an incident', function () {
  this.timeout(200_000);
  let session: VscodeSession;

  before(async function () {
    session = await startVscodeSession({
      tools: requireVscode(this),
      extensionDevelopmentPath: repositoryRoot(),
    });
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.runCommand('ClusterPersona: Choose Demo Scene…');
    await workbench.pick('Incident');
    await workbench.treeRow('eu-west-1').first().waitFor({ timeout: DEADLINE_MS });
  });

  /** With the smoke-test driver no notification pops up; all are in the list of them. */
  const showNotifications = async (): Promise<undefined> => {
    await session.workbench.runCommand('Notifications: Show Notifications');
  };
  const notifications = (text: string | RegExp): Locator =>
    session.workbench.page.locator('.notifications-center .notification-list-item', { hasText: text });

  afterEach(pictureOfFailure(() => session));
  after(() => session?.stop());

  it('are counted at the end of the rows of their cluster and source', async () => {
    const { workbench } = session;
    for (const row of [workbench.treeRow('eu-west-1').first(), workbench.treeRow('Demo cluster').first()]) {
      await until('The row has a badge', async () => /^(\d|9\+|\d•)$/.test(await badgeOf(row)), {
        deadlineMs: DEADLINE_MS,
      });
    }
    await workbench
      .treeRow(/Demo cluster.*\d+ alerts?/)
      .first()
      .waitFor({ timeout: DEADLINE_MS });
  });

  it('come first in the status bar', async () => {
    const { workbench } = session;
    await workbench
      .statusBarItem(/\d+ alerts? · 1 live/)
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    // What the first list found is shown, and no notification tells it.
    await showNotifications();
    assert.equal(await notifications(/edge-berlin/).count(), 0);
  });

  it('are told in a notification when a production cluster is degraded', async () => {
    const { workbench } = session;
    await until(
      'A notification tells of it',
      async () => ((await notifications(NEWS).count()) > 0 ? true : showNotifications()),
      { deadlineMs: INCIDENT_MS, pollMs: 2_000 },
    );
    await notifications(NEWS).first().getByRole('button', { name: 'Open' }).waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('alerts-notification');
  });

  it('are no longer told where somebody does not want it', async () => {
    const { workbench } = session;
    await notifications(NEWS).first().getByRole('button', { name: "Don't Show Again" }).click();
    await workbench.runCommand('Preferences: Open User Settings (JSON)');
    await workbench.page
      .locator('.view-line', { hasText: 'clusterpersona.alerts.notifications' })
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await workbench.runCommand('View: Close Editor');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  for (const theme of ['dark', 'light', 'highContrastDark', 'highContrastLight'] as const) {
    it(`are drawn, and listed by the menu of the status bar, in ${theme}`, async () => {
      const { workbench } = session;
      await workbench.setTheme(theme);
      await workbench
        .treeRow(/Demo cluster.*\d+ alerts?/)
        .first()
        .waitFor({ timeout: DEADLINE_MS });
      await workbench.picture(`alerts-tree-${theme}`);
      await workbench
        .statusBarItem(/\d+ alerts?/)
        .first()
        .click();
      await workbench.page
        .locator('.quick-input-list .monaco-list-row', { hasText: 'Alerts…' })
        .waitFor({ timeout: DEADLINE_MS });
      await workbench.picture(`alerts-menu-${theme}`);
      await workbench.pick('Alerts…');
      const listed = workbench.page.locator('.quick-input-list .monaco-list-row', {
        hasText: /raised .* ago/,
      });
      await listed.first().waitFor({ timeout: DEADLINE_MS });
      await workbench.picture(`alerts-list-${theme}`);
      await workbench.page.keyboard.press('Escape');
    });
  }

  it('open their cluster when they are picked', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Show Alerts…');
    const first = workbench.page
      .locator('.quick-input-list .monaco-list-row', { hasText: /critical · raised/ })
      .first();
    await first.waitFor({ timeout: DEADLINE_MS });
    const name = (await first.locator('.label-description').first().innerText()).trim();
    assert.notEqual(name, '');
    await workbench.page.keyboard.press('Enter');
    await workbench.webviewWith(`h1:text-is("${name}")`);
  });

  it('go with what is disconnected', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Stop Demo Cluster');
    await workbench.statusBarItem(/alert/).first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.runCommand('ClusterPersona: Show Alerts…');
    await showNotifications();
    await notifications('No connected cluster has an alert').first().waitFor({ timeout: DEADLINE_MS });
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
