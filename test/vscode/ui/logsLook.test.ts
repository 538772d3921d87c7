import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { requireVscode } from '../../support/testbed/requireTool';
import { themes } from '../../support/testbed/workbench';
import { DEADLINE_MS, filterBox, LogPanelBed, searchBox } from './logPanelBed';
import { overflowPx } from './webviewLook';

const PODS = ['checkout-7c9f-x2k', 'checkout-7c9f-q8d', 'payments-5d4b-m4s'] as const;
const REFUSED = ['ledger-0'] as const;
const LINES = 300;
const SAMPLES = [
  'INFO GET /api/v1/items/42 200 12ms',
  'WARN upstream response slow: 1.8 s (checkout)',
  'DEBUG balancer: picked 10.0.3.7:8080',
  'ERROR upstream prematurely closed connection while reading response header',
  '{"level":"info","msg":"order placed","http":{"status":201,"path":"/api/v1/orders"}}',
] as const;
/** Of the window: the panel itself is some 65 pixels narrower. */
const WIDTHS = { narrow: 365, wide: 1_900 } as const;

/** Pictures of all that the panel can show, in every theme and width, and that nothing of it is cut off. */
describe('The look of the log panel', function () {
  this.timeout(240_000);
  let bed: LogPanelBed;
  let log: Frame;

  before(async function () {
    const tools = requireVscode(this);
    bed = await LogPanelBed.start({ tools, pods: [...PODS, ...REFUSED] });
    bed.pods.logs.refuse(bed.container(PODS.length), 403);
    log = await bed.open();
    await log.getByText('following', { exact: true }).waitFor({ timeout: DEADLINE_MS });
    for (let line = 0; line < LINES; line += 1) {
      bed.write(line % PODS.length, SAMPLES[line % SAMPLES.length] ?? '');
    }
    bed.write(0, 'INFO last of all');
    await bed.untilLast(log, 'last of all');
  });

  afterEach(pictureOfFailure(() => bed?.session));
  after(() => bed?.stop());

  async function inThemes(name: string): Promise<void> {
    const { workbench } = bed.session;
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await workbench.setTheme(theme);
      assert.equal(await overflowPx(log), 0, `${name} in ${theme}`);
      await workbench.picture(`look-logs-${name}-${theme}`);
    }
    await workbench.setTheme('dark');
  }

  async function inWidths(name: string): Promise<void> {
    const { page } = bed.session.workbench;
    for (const [width, pixels] of Object.entries(WIDTHS)) {
      await page.setViewportSize({ width: pixels, height: 800 });
      assert.equal(await overflowPx(log), 0, `${name}, ${width}`);
      const cut = await log
        .locator(
          '.toolbar button:visible, .toolbar input:visible, .logs-notice :is(strong, vscode-button):visible',
        )
        .evaluateAll((elements) =>
          elements
            .filter((element) => {
              const { left, right } = element.getBoundingClientRect();
              return left < 0 || right > document.documentElement.clientWidth;
            })
            .map((element) => element.getAttribute('aria-label') ?? element.textContent),
        );
      assert.deepEqual(cut, [], `nothing is cut off, ${width}`);
      await bed.session.workbench.picture(`look-logs-${name}-${width}`);
    }
    await page.setViewportSize({ width: 1_280, height: 800 });
  }

  it('is right while it follows and one log is refused', async () => {
    await log.getByText('cannot be followed').first().waitFor({ timeout: DEADLINE_MS });
    await inThemes('forbidden');
    await inWidths('forbidden');
  });

  it('is right with a filter, a search and a gap', async () => {
    await filterBox(log).fill('upstream');
    await filterBox(log).press('Enter');
    await filterBox(log).fill('nothing of this');
    await filterBox(log).press('Shift+Enter');
    bed.pods.logs.rotate(bed.container(0), 0);
    bed.pods.logs.cut('break');
    bed.write(0, 'ERROR upstream is back again after the outage');
    await log.locator('.row-marker-gap').first().waitFor({ timeout: 60_000 });
    await searchBox(log).fill('slow');
    await searchBox(log).press('Enter');
    await log.locator('.row-match').waitFor({ timeout: DEADLINE_MS });
    await log.locator('.rows').focus();
    await bed.press('End');
    await bed.untilLast(log, 'back again');
    await inThemes('filter');
    await inWidths('filter');
    await searchBox(log).fill('');
    while ((await log.locator('.chip-remove').count()) > 0) {
      await log.locator('.chip-remove').first().click();
    }
  });

  it('is right with columns, panes and a line of ten megabytes', async () => {
    await log.getByRole('button', { name: 'Columns' }).click();
    await log.getByRole('checkbox', { name: 'http.status' }).check();
    await log.getByRole('checkbox', { name: 'msg' }).check();
    await bed.press('Escape');
    bed.write(1, `ERROR dump ${'0123456789'.repeat(1_000_000)}`);
    await log
      .getByText(/more bytes/)
      .first()
      .waitFor({ timeout: 60_000 });
    bed.write(1, 'INFO after the long line');
    await bed.untilLast(log, 'after the long line');
    await inThemes('long-line');
    await inWidths('long-line');
    await log.getByRole('button', { name: 'One pane for each pod' }).click();
    await log.locator('.pane').nth(2).locator('.row').first().waitFor({ timeout: DEADLINE_MS });
    await inThemes('split');
    await inWidths('split');
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(bed.session.workbench.consoleErrors, []);
  });
});
