import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { requireChromium } from '../../support/testbed/requireTool';
import { launchChromium } from '../../support/testbed/workbenchBrowser';
import { HubProcess } from '../server/hubProcess';
import { BrowserPage } from './browserPage';
import { ServedFleet } from './servedFleet';

const soon = { timeout: 20_000 };

describe('The page of a hub, in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let fleet: ServedFleet;
  let hub: HubProcess;
  let shown: BrowserPage;
  let page: Page;

  before(async function () {
    browser = await launchChromium(requireChromium(this));
    fleet = await ServedFleet.start();
    hub = await HubProcess.start(fleet.args);
    await hub.untilReady();
    shown = await BrowserPage.open(browser, `http://${hub.host}`);
    ({ page } = shown);
  });

  afterEach('a picture of what failed', async function () {
    if (this.currentTest?.isFailed() === true) {
      await shown?.picture(
        `failed-page-${this.currentTest.title.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 80)}`,
      );
    }
  });

  after(async () => {
    await browser?.close();
    await hub?.stop();
    await fleet?.stop();
  });

  const row = (name: string): Locator =>
    page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.textContent ?? null);
  const at = (path: string): string => `http://${hub.host}${path}`;

  it('lists the fleet: what needs somebody comes first', async () => {
    await page.goto(at('/'));
    await row('eu-west-1').getByText('Degraded').waitFor(soon);
    assert.equal(await page.title(), 'Clusters · ClusterPersona');
    await page.getByText('connected', { exact: true }).waitFor(soon);
    assert.match(await row('eu-west-1').innerText(), /production[^]*11 \/ 12[^]*live/);
    await page.getByText('12 clusters').waitFor(soon);
    const [first = ''] = await page.locator('.fleet-link').allInnerTexts();
    assert.ok(['eu-west-1', 'edge-berlin'].includes(first), first);
    await row('dev-ml').getByText('not discovered yet').waitFor(soon);
  });

  it('shows a change as soon as the cluster has it', async () => {
    await fleet.patch('dev-shared', { spec: { environment: 'sandbox' } });
    await row('dev-shared').getByText('sandbox').waitFor(soon);
    await page.getByRole('button', { name: 'sandbox 1' }).waitFor(soon);
  });

  it('filters by what is typed and by what is chosen, in an address that can be passed on', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('staging');
    await row('eu-west-1').waitFor({ state: 'detached', ...soon });
    await row('staging-us').waitFor(soon);
    assert.match(page.url(), /\?filter=staging$/);
    await page.keyboard.press('Escape');
    await row('eu-west-1').waitFor(soon);
    await page.getByRole('button', { name: /^Degraded/ }).click();
    await row('staging-us').waitFor({ state: 'detached', ...soon });
    await page.reload();
    await row('eu-west-1').waitFor(soon);
    assert.equal(await row('staging-us').count(), 0);
    await page.getByRole('button', { name: /^Degraded/, pressed: true }).click();
    await page.getByRole('button', { name: 'Cluster', exact: true }).click();
    await row('asia-southeast1').waitFor(soon);
    const names = await page.locator('.fleet-link').allInnerTexts();
    assert.deepEqual(names, names.toSorted());
    assert.match(page.url(), /\?sort=name$/);
  });

  it('opens a cluster by the keyboard, and comes back to the same line', async () => {
    await page.goto(at('/'));
    await row('eu-west-1').waitFor(soon);
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    const name = (await focused()) ?? '';
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor(soon);
    assert.equal(await page.title(), `${name} · ClusterPersona`);
    assert.ok(page.url().endsWith(`/${name}`), page.url());
    await page.keyboard.press('Escape');
    await row('eu-west-1').waitFor(soon);
    await page.waitForFunction((text) => document.activeElement?.textContent === text, name, soon);
  });

  it('keeps the place over reload, back and forward', async () => {
    await row('eu-west-1').getByRole('link').click();
    await page.getByRole('tab', { name: /^Nodes/ }).click();
    await page.getByRole('tab', { name: /^Nodes/, selected: true }).waitFor(soon);
    await page.reload();
    await page.getByRole('tab', { name: /^Nodes/, selected: true }).waitFor(soon);
    await page.goBack();
    await row('eu-west-1').waitFor(soon);
    await page.goForward();
    await page.getByRole('tab', { name: /^Nodes/, selected: true }).waitFor(soon);
  });

  it('opens a link in a tab of its own', async () => {
    await page.getByRole('tab', { name: /^Overview/ }).click();
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Logs of argocd' }).click({ modifiers: ['ControlOrMeta'] }),
    ]);
    await other.getByText('following').waitFor(soon);
    assert.match(other.url(), /\/eu-west-1\/logs\?addon=argocd$/);
    await other.close();
    assert.match(page.url(), /\/eu-west-1$/);
  });

  it('follows the log of an add-on', async () => {
    await page.getByRole('link', { name: 'Logs…' }).click();
    await page.getByRole('link', { name: /ingress-nginx/ }).click();
    await page.getByText('following', { exact: true }).waitFor(soon);
    const lines = page.locator('.row-text');
    await lines.first().waitFor(soon);
    const newest = await lines.last().innerText();
    await page.waitForFunction(
      (before) => [...document.querySelectorAll<HTMLElement>('.row-text')].at(-1)?.innerText !== before,
      newest,
      soon,
    );
  });

  it('says that the hub is gone and how old things are, and is live again by itself', async () => {
    await hub.process.stop();
    const notice = page.getByText(/^The hub cannot be reached/);
    await notice.waitFor(soon);
    await page.getByText(/What is shown was true \d+ s ago/).waitFor(soon);
    await page
      .getByText(/reconnecting/)
      .first()
      .waitFor(soon);
    assert.equal(await page.getByText('following', { exact: true }).count(), 0);
    await shown.picture('page-disconnected-logs');
    await page.getByRole('link', { name: 'Clusters' }).click();
    await row('eu-west-1')
      .getByText(/reconnecting/)
      .waitFor(soon);
    await row('eu-west-1').getByRole('link').click();
    await page.goBack();
    await shown.picture('page-disconnected-list');
    hub = await HubProcess.start(fleet.args, 'http', hub);
    await notice.waitFor({ state: 'detached', timeout: 60_000 });
    await page.getByText('connected', { exact: true }).waitFor(soon);
    await row('eu-west-1').getByText('live', { exact: true }).waitFor(soon);
    await fleet.patch('dev-shared', { spec: { environment: 'staging' } });
    await row('dev-shared').getByText('staging').waitFor(soon);
    await fleet.remove('dev-shared');
    await row('dev-shared').waitFor({ state: 'detached', ...soon });
  });

  it('follows a log on over a restart of the hub', async () => {
    await page.goto(
      at(
        `${new URL((await row('eu-west-1').getByRole('link').getAttribute('href')) ?? '', at('/')).pathname}/logs?addon=ingress-nginx`,
      ),
    );
    await page.getByText('following', { exact: true }).waitFor(soon);
    hub.process.signal('SIGKILL');
    await hub.process.ended();
    await page.getByText(/^The hub cannot be reached/).waitFor(soon);
    hub = await HubProcess.start(fleet.args, 'http', hub);
    await page.getByText('following', { exact: true }).waitFor({ timeout: 60_000 });
    const newest = await page.locator('.row-text').last().innerText();
    await page.waitForFunction(
      (before) => [...document.querySelectorAll<HTMLElement>('.row-text')].at(-1)?.innerText !== before,
      newest,
      soon,
    );
  });

  it('says so where there is nothing at an address', async () => {
    await page.goto(at('/clusters/none/eu-west-1'));
    await page.getByText('Nothing is known of eu-west-1 yet').waitFor(soon);
    await page.goto(at('/clusters/none/eu-west-1/logs?addon=x'));
    await page.getByText('Nothing is known of eu-west-1').waitFor(soon);
    const answer = await hub.get('/clusters/none');
    assert.equal(answer.status, 404);
  });

  it('broke no rule of its own, and asked nobody else for anything', () => {
    assert.deepEqual(shown.ownFaults, []);
  });
});
