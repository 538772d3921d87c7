import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 20_000;
/** Five ticks of what is shown to the second. */
const LOOK_MS = 5_000;

/** Counts the timers that run in the page, from now on. */
async function countTimers(frame: Frame): Promise<() => Promise<number>> {
  await frame.evaluate(() => {
    const set = globalThis.setTimeout;
    document.documentElement.dataset['timers'] = '0';
    Object.assign(globalThis, {
      setTimeout: (callback: () => void, delayMs: number) =>
        set(() => {
          const { dataset } = document.documentElement;
          dataset['timers'] = `${Number(dataset['timers']) + 1}`;
          callback();
        }, delayMs),
    });
  });
  return () => frame.evaluate(() => Number(document.documentElement.dataset['timers']));
}

describe('A log panel that is kept while it is hidden', function () {
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

  it('runs no timer, and goes on when it is shown again', async () => {
    const { workbench } = session;
    const { page } = workbench;
    await workbench.runCommand('View: Show ClusterPersona');
    await page.getByRole('button', { name: 'Try the Demo Cluster' }).click({ timeout: DEADLINE_MS });
    await workbench.treeRow('eu-west-1').first().click({ timeout: DEADLINE_MS });
    const detail = await workbench.webviewWith('h1:text-is("eu-west-1")');
    await detail
      .getByRole('button', { name: /logs of ingress-nginx/i })
      .first()
      .click();
    const logs = await workbench.webviewWith('.rows .row-text');
    const timers = await countTimers(logs);
    const seen = await until('Timers run while it is seen', async () => (await timers()) >= 2 || undefined, {
      deadlineMs: DEADLINE_MS,
      pollMs: 100,
    });
    assert.ok(seen);
    const place = logs.locator('.rows .row-text').last();
    await workbench
      .editorTab(/^eu-west-1/)
      .first()
      .click();
    await workbench.webviewWith('h1:text-is("eu-west-1")');
    // What was under way may end.
    await page.waitForTimeout(2_000);
    const before = await timers();
    await page.waitForTimeout(LOOK_MS);
    const after = await timers();
    const visibility = await logs.evaluate(() => document.visibilityState);
    console.log(`      the page said ${visibility}; ${after - before} timers ran in ${LOOK_MS} ms`);
    assert.equal(after - before, 0);
    await workbench.editorTab('ingress-nginx').first().click();
    await place.waitFor({ timeout: DEADLINE_MS });
    await until('Timers run again', async () => (await timers()) > after || undefined, {
      deadlineMs: DEADLINE_MS,
      pollMs: 100,
    });
  });
});
