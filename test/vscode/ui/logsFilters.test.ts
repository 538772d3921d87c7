import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { requireVscode } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { DEADLINE_MS, filterBox, LogPanelBed, searchBox, texts } from './logPanelBed';

const PODS = ['web-0', 'web-1', 'api-0', 'api-1'] as const;
const LINES = 2_000;
/** On a line of `a`s alone it takes longer than anybody lives. */
const CATASTROPHIC = '^(a|a)+$';

const LEVELS = ['INFO', 'DEBUG', 'WARN', 'ERROR'] as const;

describe('Search and filters of the log panel', function () {
  this.timeout(180_000);
  let bed: LogPanelBed;
  let log: Frame;

  before(async function () {
    const tools = requireVscode(this);
    bed = await LogPanelBed.start({ tools, pods: PODS });
    log = await bed.open();
    await log.getByText('following', { exact: true }).waitFor({ timeout: DEADLINE_MS });
    for (let line = 0; line < LINES; line += 1) {
      bed.write(line % 3, `${LEVELS[line % 4]} request ${line} took ${line % 100}ms`);
    }
    await bed.untilLast(log, `request ${LINES - 1} `);
  });

  afterEach(pictureOfFailure(() => bed?.session));
  after(() => bed?.stop());

  const count = (): Promise<string> => log.locator('.search-count').innerText();
  const untilCount = (wanted: string): Promise<unknown> =>
    until(`the count is ${wanted}`, async () => (await count()) === wanted, { deadlineMs: DEADLINE_MS });

  async function untilEveryLine(what: string, is: (text: string) => boolean): Promise<void> {
    await until(
      what,
      async () => {
        const shown = await texts(log);
        return shown.length > 0 && shown.every(is);
      },
      { deadlineMs: DEADLINE_MS },
    );
  }

  async function filterBy(text: string, key: 'Enter' | 'Shift+Enter', isRegex = false): Promise<void> {
    const box = log.locator('.toolbar-start');
    if (isRegex) {
      await box.getByRole('button', { name: 'Regular expression' }).click();
    }
    await filterBox(log).fill(text);
    await filterBox(log).press(key);
    if (isRegex) {
      await box.getByRole('button', { name: 'Regular expression' }).click();
    }
  }

  async function withoutFilters(): Promise<void> {
    while ((await log.locator('.chip-remove').count()) > 0) {
      await log.locator('.chip-remove').first().click();
    }
  }

  it('goes round from the newest match to the oldest and back, by key and by button', async () => {
    await searchBox(log).fill('took 7ms');
    await untilCount('20');
    await searchBox(log).press('Enter');
    await untilCount('20 of 20');
    await searchBox(log).press('Enter');
    await untilCount('1 of 20');
    assert.match(await log.locator('.row-match .row-text').innerText(), /request 7 took 7ms/);
    await log.getByRole('button', { name: 'Previous match (Shift+Enter)' }).click();
    await untilCount('20 of 20');
    await searchBox(log).press('Escape');
    await bed.press('Shift+N');
    await untilCount('19 of 20');
    await bed.press('n');
    await untilCount('20 of 20');
  });

  it('goes to a match at once where Enter is pressed before it was found', async () => {
    await searchBox(log).fill('request 1234 ');
    await searchBox(log).press('Enter');
    await untilCount('1 of 1');
    assert.match(await log.locator('.row-match .row-text').innerText(), /request 1234 /);
  });

  it('minds upper and lower case where that is wanted', async () => {
    const search = log.getByRole('search');
    await searchBox(log).fill('error request');
    await untilCount(String(LINES / 4));
    await search.getByRole('button', { name: 'Match case' }).click();
    await untilCount('No matches');
    await search.getByRole('button', { name: 'Match case' }).click();
    await searchBox(log).fill('');
    await log.locator('.rows').focus();
    await bed.press('End');
  });

  it('shows what a regular expression lets through, and hides what another one finds', async () => {
    await filterBy(String.raw`took \d\dms$`, 'Enter', true);
    await untilEveryLine('two digits', (text) => / took \d\dms$/.test(text));
    await filterBy(String.raw`request \d*[02468] `, 'Shift+Enter', true);
    await untilEveryLine('odd requests', (text) => /request \d*[13579] took \d\dms$/.test(text));
    await log
      .getByText(/^\d+ shown/)
      .or(log.getByText(/ · 900 shown · /))
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await withoutFilters();
  });

  it('shows lines of a level and worse', async () => {
    const level = log.locator('vscode-single-select').first();
    await level.click();
    await level.locator('.option', { hasText: 'Warnings and worse' }).first().click();
    await untilEveryLine('warnings and errors', (text) => /^(WARN|ERROR) /.test(text));
    await level.click();
    await level.locator('.option', { hasText: 'All levels' }).first().click();
    await untilEveryLine('all', () => true);
  });

  it('leaves out pods that are not wanted', async () => {
    await log.getByRole('button', { name: 'Pods: 4' }).click();
    await log.getByRole('checkbox', { name: 'web-0' }).uncheck();
    await log.getByRole('checkbox', { name: 'web-1' }).uncheck();
    await bed.press('Escape');
    await until(
      'one pod is left that writes',
      async () => (await log.locator('.row-name').allInnerTexts()).every((name) => name === 'api-0'),
      { deadlineMs: DEADLINE_MS },
    );
    await log.getByRole('button', { name: 'Pods: 2 of 4' }).click();
    await log.getByRole('button', { name: 'All of them' }).click();
    await bed.press('Escape');
  });

  it('shows everything around a line of the filter by a button, and goes back', async () => {
    await filterBy('request 1001 ', 'Enter');
    await untilEveryLine('one line', (text) => text.includes('request 1001 '));
    const around = log.getByRole('button', { name: 'Every line around the selected one (x)' });
    await around.click();
    await log.getByText('Select a line first').waitFor({ timeout: DEADLINE_MS });
    await log.locator('.row').first().click();
    await around.click();
    await until(
      'others are around it',
      async () => (await texts(log)).some((text) => text.includes('request 1000 ')),
      {
        deadlineMs: DEADLINE_MS,
      },
    );
    assert.ok((await texts(log)).some((text) => text.includes('request 1002 ')));
    await around.click();
    await untilEveryLine('one line', (text) => text.includes('request 1001 '));
    await withoutFilters();
  });

  it('has texts stand out that are always of interest', async () => {
    await log.locator('.rows').focus();
    await bed.press('End');
    await log.getByRole('button', { name: 'Highlight' }).click();
    const box = log.getByRole('textbox', { name: 'Text that is to stand out' });
    await box.fill('took 99ms');
    await box.press('Enter');
    await box.fill('ERROR');
    await box.press('Enter');
    await bed.press('Escape');
    await log
      .locator('.row mark.mark-rule-0', { hasText: 'took 99ms' })
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await log
      .locator('.row mark.mark-rule-1', { hasText: 'ERROR' })
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await bed.session.workbench.picture('logs-highlight');
    await log.getByRole('button', { name: 'Highlight' }).click();
    await log.getByRole('button', { name: 'No longer highlight ERROR' }).click();
    await log.getByRole('button', { name: 'No longer highlight took 99ms' }).click();
    await bed.press('Escape');
    assert.equal(await log.locator('.row mark').count(), 0);
  });

  it('has a pane for each of some pods, searches those, and selects in one of them', async () => {
    await log.getByRole('button', { name: 'One pane for each pod' }).click();
    await log.locator('.pane').nth(2).locator('.row').first().waitFor({ timeout: DEADLINE_MS });
    await log.getByText('3 of 4 pods are shown side by side.').waitFor({ timeout: DEADLINE_MS });
    assert.deepEqual(await log.locator('.pane-heading').allInnerTexts(), ['api-0', 'web-0', 'web-1']);
    const middle = log.locator('.pane').nth(1);
    await middle.locator('.row').last().click();
    await bed.press('Shift+ArrowUp', 'Shift+ArrowUp');
    await middle.locator('.row-selected').nth(2).waitFor({ timeout: DEADLINE_MS });
    assert.equal(await log.locator('.row-selected').count(), 3, 'nothing is selected in another pane');
    const { page } = bed.session.workbench;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await bed.press('Control+c');
    await log.getByText('3 lines copied.').waitFor({ timeout: DEADLINE_MS });
    const copied = await until(
      'they are on the clipboard',
      async () => (await page.evaluate(() => navigator.clipboard.readText())) || undefined,
      { deadlineMs: DEADLINE_MS },
    );
    assert.ok(
      copied.split('\n').every((text) => text.includes(' web-0/app ')),
      copied,
    );
    await log.getByRole('button', { name: 'One pane for each pod' }).click();
    await middle.waitFor({ state: 'detached', timeout: DEADLINE_MS });
  });

  it('has what a regular expression finds stand out', async () => {
    const search = log.getByRole('search');
    await search.getByRole('button', { name: 'Regular expression' }).click();
    await searchBox(log).fill('took \\d5ms');
    await log
      .locator('.row mark.mark-find', { hasText: /^took 95ms$/ })
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await search.getByRole('button', { name: 'Regular expression' }).click();
    await searchBox(log).fill('');
  });

  it('gives up an expression that takes for ever, says so, and goes on', async () => {
    bed.write(0, `${'a'.repeat(200)}!`);
    await bed.untilLast(log, 'aaaa');
    const search = log.getByRole('search');
    await search.getByRole('button', { name: 'Regular expression' }).click();
    await searchBox(log).fill(CATASTROPHIC);
    await log
      .getByRole('alert')
      .filter({ hasText: 'This expression takes too long' })
      .waitFor({ timeout: DEADLINE_MS });
    await bed.session.workbench.picture('logs-catastrophic');
    bed.write(1, 'INFO after it');
    await bed.untilLast(log, 'after it');
    await searchBox(log).fill('after it');
    await untilCount('1');
    await search.getByRole('button', { name: 'Regular expression' }).click();
    await searchBox(log).fill('');
    await filterBy(CATASTROPHIC, 'Enter', true);
    await log
      .getByRole('alert')
      .filter({ hasText: 'This expression takes too long' })
      .waitFor({ timeout: DEADLINE_MS });
    await withoutFilters();
    await bed.untilLast(log, 'after it');
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(bed.session.workbench.consoleErrors, []);
  });
});
