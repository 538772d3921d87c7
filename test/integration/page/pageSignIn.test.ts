import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { requireChromium } from '../../support/testbed/requireTool';
import { launchChromium } from '../../support/testbed/workbenchBrowser';
import { HubProcess } from '../server/hubProcess';
import { BrowserPage } from './browserPage';

const soon = { timeout: 20_000 };
const TOKEN = 'the-token-of-this-page';
const OTHER = 'another-token-of-the-file';
const THEMES = ['dark', 'light', 'hc-dark', 'hc-light'] as const;

/** What Chromium writes where a request is refused, as one for a ticket with a wrong token is. */
const REFUSED = /status of 401/;

describe('The page of a hub that asks for a token', function () {
  this.timeout(120_000);
  let browser: Browser;
  let folder: TemporaryFolder;
  let tokens: string;
  let hub: HubProcess;
  let shown: BrowserPage;
  let page: Page;
  const urls: string[] = [];

  before(async function () {
    browser = await launchChromium(requireChromium(this));
    folder = temporaryFolder('hub-page-tokens');
    tokens = join(folder.path, 'tokens');
    writeFileSync(tokens, `${TOKEN}\n${OTHER}\n`);
    hub = await HubProcess.start(['--demo', '--auth', 'token', '--token-file', tokens]);
    await hub.untilReady();
    shown = await BrowserPage.open(browser, `http://${hub.host}`);
    ({ page } = shown);
    page.on('request', (request) => urls.push(request.url()));
    page.on('websocket', (socket) => urls.push(socket.url()));
  });
  afterEach('a picture of what failed', async function () {
    if (this.currentTest?.isFailed() === true) {
      await shown?.picture(
        `failed-sign-in-${this.currentTest.title.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 80)}`,
      );
    }
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
    folder.remove();
  });

  const at = (path: string): string => `http://${hub.host}${path}`;
  const form = () => page.getByRole('heading', { name: 'Sign in' });
  const field = () => page.getByLabel('Token');
  const list = () => page.getByRole('link', { name: 'eu-west-1' });

  async function signIn(token: string): Promise<void> {
    await field().fill(token);
    await page.keyboard.press('Enter');
  }

  it('asks for it, and shows nothing of the clusters until then', async () => {
    await page.goto(at('/clusters/demo/eu-west-1'));
    await form().waitFor(soon);
    assert.equal(await page.getByText('production').count(), 0);
    assert.ok(await field().evaluate((element) => element === document.activeElement));
    for (const theme of THEMES) {
      await page.getByLabel('Colours').selectOption(theme);
      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 800 });
        await shown.picture(`page-sign-in-${theme}-${width}`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByLabel('Colours').selectOption('system');
  });

  it('says so where the token is wrong, and goes on where it is right', async () => {
    await signIn('a-token-of-nobody-at-all');
    await page
      .getByRole('alert')
      .getByText(/does not accept this token/)
      .waitFor(soon);
    await shown.picture('page-sign-in-refused');
    await signIn(TOKEN);
    await page.getByRole('heading', { level: 1, name: 'eu-west-1' }).waitFor(soon);
    assert.match(page.url(), /\/clusters\/demo\/eu-west-1$/);
  });

  it('follows links without asking again, and asks again after a reload', async () => {
    await page.getByRole('link', { name: 'Clusters' }).click();
    await list().click();
    await page.getByRole('heading', { level: 1, name: 'eu-west-1' }).waitFor(soon);
    await page.reload();
    await form().waitFor(soon);
  });

  it('keeps it over a reload where that is wanted, and in this tab alone', async () => {
    await page.getByLabel(/^Keep it in this tab/).check();
    await signIn(TOKEN);
    await page.getByRole('heading', { level: 1, name: 'eu-west-1' }).waitFor(soon);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'eu-west-1' }).waitFor(soon);
    const stored = await page.evaluate(() => JSON.stringify([Object.entries(localStorage), document.cookie]));
    assert.ok(!stored.includes(TOKEN));
  });

  it('gets another ticket by itself when the hub comes back', async () => {
    await hub.process.stop();
    await page.getByText(/^The hub cannot be reached/).waitFor(soon);
    hub = await HubProcess.start(['--demo', '--auth', 'token', '--token-file', tokens], 'http', hub);
    await page.getByText('connected', { exact: true }).waitFor({ timeout: 60_000 });
    assert.equal(await form().count(), 0);
  });

  it('asks for another one as soon as the hub no longer takes it, and shows nothing more', async () => {
    await page.goto(at('/'));
    await list().waitFor(soon);
    writeFileSync(tokens, `${OTHER}\n`);
    await form().waitFor(soon);
    await page.getByText(/does not accept this token/).waitFor(soon);
    assert.equal(await list().count(), 0);
    await signIn(OTHER);
    await list().waitFor(soon);
  });

  it('goes on over plain requests where no WebSocket gets through', async () => {
    await page.routeWebSocket(/\/api\/v1\/ws$/, (socket) => socket.close({ code: 3000 }));
    await page.reload();
    await form().waitFor(soon);
    await signIn(OTHER);
    await list().waitFor({ timeout: 60_000 });
    await list().click();
    await page.getByRole('heading', { level: 1, name: 'eu-west-1' }).waitFor(soon);
    await page.getByText('live', { exact: false }).first().waitFor(soon);
  });

  it('forgets it when its user signs out', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await form().waitFor(soon);
    assert.equal(await page.getByRole('alert').count(), 0);
    await page.reload();
    await form().waitFor(soon);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  });

  it('put it into no address and no log', () => {
    assert.ok(
      urls.some((url) => url.startsWith('ws:')) && urls.some((url) => url.endsWith('/api/v1/ticket')),
    );
    assert.deepEqual(
      urls.filter((url) => /token-of/.test(url)),
      [],
    );
    assert.doesNotMatch(hub.log(), /token-of/);
  });

  it('broke no rule of its own, and asked nobody else for anything', () => {
    assert.deepEqual(
      shown.ownFaults.filter((fault) => !REFUSED.test(fault)),
      [],
    );
  });
});
