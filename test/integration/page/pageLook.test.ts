import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { requireChromium } from '../../support/testbed/requireTool';
import { launchChromium } from '../../support/testbed/workbenchBrowser';
import { HubProcess } from '../server/hubProcess';
import { BrowserPage } from './browserPage';
import { ServedFleet } from './servedFleet';

const soon = { timeout: 20_000 };
const WIDTHS = [1280, 900, 700, 400] as const;
const HEIGHT_PX = 800;
/** Turns of a wheel, and how far each goes. */
const TURNS = 100;
const TURN_PX = 1_200;
const THEMES = ['dark', 'light', 'hc-dark', 'hc-light'] as const;

/** By how many pixels the page is wider than its window; 0 where nothing scrolls sideways. */
function overflowPx(page: Page): Promise<number> {
  return page.evaluate(() => {
    const scrollers = [document.documentElement, ...document.querySelectorAll('.content, .fleet-scroller')];
    return Math.max(...scrollers.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  });
}

/** Buttons, links and heads of columns whose words have not the room they need. */
function cutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'h1, .chip, .pill, .sort, .button-link, .tab, .tag, .notice-text',
      ),
    ]
      .filter(
        ({ scrollWidth, clientWidth, offsetParent }) =>
          offsetParent !== null && scrollWidth > clientWidth + 1,
      )
      .map(({ className, textContent }) => `${className}: ${textContent}`),
  );
}

describe('The look of the page of a hub', function () {
  this.timeout(180_000);
  let browser: Browser;
  let hub: HubProcess;
  let shown: BrowserPage;
  let page: Page;

  before(async function () {
    browser = await launchChromium(requireChromium(this));
    hub = await HubProcess.start(['--demo']);
    await hub.untilReady();
    shown = await BrowserPage.open(browser, `http://${hub.host}`);
    ({ page } = shown);
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
  });

  const at = (path: string): string => `http://${hub.host}${path}`;
  const theme = (): Promise<string | undefined> =>
    page.evaluate(() => document.documentElement.dataset['theme']);

  async function look(name: string): Promise<void> {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT_PX });
      await shown.picture(`page-${name}-${width}`);
      assert.equal(await overflowPx(page), 0, `${name}, ${width} px`);
      assert.deepEqual(await cutTexts(page), [], `${name}, ${width} px`);
    }
    await page.setViewportSize({ width: 1280, height: HEIGHT_PX });
  }

  it('has the colours that the browser has, and that were chosen, from the first paint on', async () => {
    const cases = [
      [{ colorScheme: 'light' }, 'light'],
      [{ colorScheme: 'dark' }, 'dark'],
      [{ colorScheme: 'dark', contrast: 'more' }, 'hc-dark'],
      [{ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'active' }, 'hc-light'],
      [{ colorScheme: 'dark', forcedColors: 'none' }, 'dark'],
    ] as const;
    await page.goto(at('/'));
    for (const [media, expected] of cases) {
      await page.emulateMedia(media);
      await page.waitForFunction(
        (wanted) => document.documentElement.dataset['theme'] === wanted,
        expected,
        soon,
      );
    }
    await page.getByLabel('Colours').selectOption('light');
    assert.equal(await theme(), 'light');
    await page.reload();
    assert.equal(await theme(), 'light');
    assert.equal(await page.getByLabel('Colours').inputValue(), 'light');
  });

  for (const choice of THEMES) {
    it(`cuts nothing and scrolls nowhere sideways, in ${choice}`, async () => {
      await page.goto(at('/'));
      await page.getByLabel('Colours').selectOption(choice);
      await page.getByRole('link', { name: 'eu-west-1' }).waitFor(soon);
      await look(`list-${choice}`);
      await page.getByRole('link', { name: 'eu-west-1' }).focus();
      await shown.picture(`page-list-focus-${choice}`);
      await page.getByRole('link', { name: 'eu-west-1' }).click();
      await page.getByText('Rules for workloads here').waitFor(soon);
      await look(`detail-${choice}`);
      await page.getByRole('link', { name: 'Logs…' }).click();
      await page.getByRole('link', { name: /ingress-nginx/ }).waitFor(soon);
      await look(`choice-${choice}`);
      await page.getByRole('link', { name: /ingress-nginx/ }).click();
      await page.locator('.row-text').first().waitFor(soon);
      await look(`logs-${choice}`);
    });
  }

  it('looks the same with colours of the reader’s own', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto(at('/'));
    await page.getByRole('link', { name: 'eu-west-1' }).waitFor(soon);
    await shown.picture('page-list-forced-colors');
    await page.emulateMedia({ forcedColors: 'none' });
  });

  it('broke no rule of its own, and asked nobody else for anything', () => {
    assert.deepEqual(shown.faults, []);
  });
});

describe('The page of a hub with thousands of clusters', function () {
  this.timeout(120_000);
  let browser: Browser;
  let fleet: ServedFleet;
  let hub: HubProcess;

  before(async function () {
    browser = await launchChromium(requireChromium(this));
    fleet = await ServedFleet.start(5_000);
    hub = await HubProcess.start(fleet.args);
    await hub.untilReady();
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
    await fleet?.stop();
  });

  it('lays out what is seen, and keeps its connection however fast it is scrolled', async () => {
    const shown = await BrowserPage.open(browser, `http://${hub.host}`);
    const { page } = shown;
    await page.goto(`http://${hub.host}/?sort=name`);
    await page.getByText('5,000 clusters').waitFor(soon);
    const links = page.locator('.fleet-link');
    assert.ok((await links.count()) < 60);
    await page.locator('.fleet-scroller').hover();
    for (let turn = 0; turn < TURNS; turn += 1) {
      await page.mouse.wheel(0, TURN_PX);
    }
    await page.waitForFunction(
      (top) => document.querySelector('.fleet-scroller')?.scrollTop === top,
      TURNS * TURN_PX,
      soon,
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.waitForFunction(
      () => document.activeElement?.closest('tr')?.ariaRowIndex === '5001',
      undefined,
      soon,
    );
    const last = await page.evaluate(() => document.activeElement?.textContent ?? '');
    await fleet.patch(last, { spec: { environment: 'sandbox' } });
    await page.getByRole('row').filter({ hasText: last }).getByText('sandbox').waitFor(soon);
    await page.getByText('connected', { exact: true }).waitFor(soon);
    await shown.picture('page-thousands');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: last }).waitFor(soon);
    // Where it was is further down than a lower window reaches.
    await page.setViewportSize({ width: 1_280, height: 400 });
    await page.goBack();
    await page.waitForFunction((name) => document.activeElement?.textContent === name, last, soon);
    const place = await page.evaluate(() => {
      const { top, bottom } = document.activeElement?.getBoundingClientRect() ?? {};
      return { top, bottom, height: innerHeight, text: document.activeElement?.textContent };
    });
    assert.equal(place.text, last);
    assert.ok((place.top ?? -1) >= 0 && (place.bottom ?? Infinity) <= place.height, JSON.stringify(place));
    assert.deepEqual(shown.faults, []);
  });
});
