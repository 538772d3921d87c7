import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { requireVscode } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { DEADLINE_MS, filterBox, LogPanelBed, searchBox, texts } from './logPanelBed';

const PODS = ['web-0', 'web-1'] as const;
const LINES = 1_000;

describe('A log panel that is used by keys, heard, hidden, moved and reloaded', function () {
  this.timeout(180_000);
  let bed: LogPanelBed;
  let log: Frame;

  before(async function () {
    const tools = requireVscode(this);
    bed = await LogPanelBed.start({ tools, pods: PODS });
    log = await bed.open();
    await log.getByText('following', { exact: true }).waitFor({ timeout: DEADLINE_MS });
    for (let line = 0; line < LINES; line += 1) {
      bed.write(line % 2, line % 10 === 0 ? `{"level":"info","msg":"line ${line}"}` : `INFO line ${line}.`);
    }
    await bed.untilLast(log, `line ${LINES - 1}.`);
  });

  afterEach(pictureOfFailure(() => bed?.session));
  after(() => bed?.stop());

  const current = (): Promise<string> => log.locator('.row-current .row-text').innerText();
  const untilCurrent = (text: string): Promise<unknown> =>
    until(`the keyboard is at ${text}`, async () => (await current()).includes(text), {
      deadlineMs: DEADLINE_MS,
    });
  const focused = (): Promise<string> =>
    log.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
    });

  it('can be gone through by keys alone', async () => {
    await log.locator('.rows').focus();
    await bed.press('ArrowUp');
    await untilCurrent(`line ${LINES - 1}.`);
    await bed.press('ArrowUp', 'ArrowUp');
    await untilCurrent(`line ${LINES - 3}.`);
    const before = Number(/line (\d+)/.exec(await current())?.[1]);
    await bed.press('PageUp');
    await until(
      'a page further up',
      async () => Number(/line (\d+)/.exec(await current())?.[1]) < before - 10,
      { deadlineMs: DEADLINE_MS },
    );
    assert.ok(await log.locator('.row-current').isVisible());
    await bed.press('Home');
    await until(
      'the first line is in sight',
      async () => (await texts(log))[0]?.includes('line 0') ?? false,
      {
        deadlineMs: DEADLINE_MS,
      },
    );
    await bed.press('End');
    await bed.untilLast(log, `line ${LINES - 1}.`);
    await log.getByText('following', { exact: true }).waitFor({ timeout: DEADLINE_MS });
    await bed.press('/');
    assert.equal(await focused(), 'Search the log');
    await bed.press('Escape');
    assert.equal(await focused(), 'Log lines');
  });

  it('reaches each of its controls by Tab, which all have a name', async () => {
    await searchBox(log).focus();
    const names: string[] = [];
    for (let step = 0; step < 40; step += 1) {
      names.push(await focused());
      if (names.at(-1) === 'Log lines') {
        break;
      }
      await bed.press('Tab');
    }
    assert.equal(names.at(-1), 'Log lines', names.join(', '));
    assert.ok(!names.includes(''), names.join(', '));
    for (const name of [
      'Previous match (Shift+Enter)',
      'Filter lines by text',
      'Wrap long lines (w)',
      'Copy the selected lines (Ctrl+C)',
      'Save every line to a file…',
      'Follow with kubectl in a terminal',
    ]) {
      assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
    }
  });

  it('opens a line by keys, and says to screen readers that it can', async () => {
    await bed.press('ArrowUp');
    for (let step = 0; step < 9; step += 1) {
      await bed.press('ArrowUp');
    }
    await untilCurrent('{"level":"info"');
    const row = log.locator('.row-current');
    assert.equal(await row.getAttribute('aria-description'), 'can be opened');
    await bed.press('ArrowRight');
    await row.locator('.row-more', { hasText: '"msg": "line 990"' }).waitFor({ timeout: DEADLINE_MS });
    assert.equal(await row.getAttribute('aria-description'), 'opened');
    await bed.press('ArrowLeft');
    await row.locator('.row-more').waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await bed.press('Escape', 'End');
  });

  it('is a list for screen readers, which are told what came and where they are', async () => {
    const list = log.getByRole('listbox', { name: 'Log lines' });
    await list.focus();
    await bed.press('End', 'ArrowUp');
    const id = await list.getAttribute('aria-activedescendant');
    const row = log.locator(`[id="${id}"]`);
    assert.equal(await row.getAttribute('role'), 'option');
    assert.equal(await row.getAttribute('aria-selected'), 'true');
    assert.equal(await row.getAttribute('aria-setsize'), String(LINES));
    assert.equal(await row.getAttribute('aria-posinset'), String(LINES));
    await log.getByRole('status').filter({ hasText: 'following' }).first().waitFor({ timeout: DEADLINE_MS });
    await bed.press('Home');
    await log
      .getByRole('status')
      .filter({ hasText: 'scrolled back' })
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    bed.write(0, 'INFO news');
    // No more than every ten seconds, so that it leaves time for anything else.
    await log.getByRole('status').filter({ hasText: '1 new line' }).first().waitFor({
      state: 'attached',
      timeout: DEADLINE_MS,
    });
    assert.equal(await log.getByRole('scrollbar', { name: 'Place in the log' }).count(), 1);
    await bed.press('End', 'Escape');
  });

  it('is as it was after it was hidden, and has what was written meanwhile', async () => {
    const { workbench } = bed.session;
    await filterBox(log).fill('line');
    await filterBox(log).press('Enter');
    await workbench.runCommand('File: New Untitled Text File');
    await workbench.editorTab('Untitled-1').first().waitFor({ timeout: DEADLINE_MS });
    bed.write(0, 'INFO line written while nobody looked');
    await workbench.editorTab('shop').first().click();
    log = await bed.panel();
    await bed.untilLast(log, 'written while nobody looked');
    assert.equal(await log.locator('.chip-text').innerText(), 'line');
  });

  it('is as it was, where it was, after it was moved into another group', async () => {
    const { workbench } = bed.session;
    await log.locator('.rows').focus();
    await bed.press('Home');
    await until(
      'the first line is in sight',
      async () => (await texts(log))[0]?.includes('line 0') ?? false,
      {
        deadlineMs: DEADLINE_MS,
      },
    );
    await workbench.runCommand('View: Move Editor into Next Group');
    log = await bed.panel();
    await until(
      'the first line is in sight',
      async () => (await texts(log))[0]?.includes('line 0') ?? false,
      {
        deadlineMs: DEADLINE_MS,
      },
    );
    assert.equal(await log.locator('.chip-text').innerText(), 'line');
  });

  it('stands where it was read after the window was reloaded', async () => {
    const { workbench } = bed.session;
    // Among those that a log is opened with.
    await searchBox(log).fill('line 700');
    await searchBox(log).press('Enter');
    await log.locator('.row-match').waitFor({ timeout: DEADLINE_MS });
    // Where the reader is, is kept a moment later.
    await until(
      'it is kept',
      async () => {
        const shown = await texts(log);
        return shown.some((text) => text.includes('line 700'));
      },
      { deadlineMs: DEADLINE_MS },
    );
    await workbench.page.waitForTimeout(1_000);
    await workbench.runCommand('Developer: Reload Window');
    await workbench.statusBarItem('1 live').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.statusBarItem('1 live').first().waitFor({ timeout: 60_000 });
    log = await workbench.webviewWith('.row-text', 60_000);
    await until('it stands there', async () => (await texts(log)).some((text) => text.includes('line 700')), {
      deadlineMs: DEADLINE_MS,
    });
    await log.getByText('scrolled back').first().waitFor({ timeout: DEADLINE_MS });
    assert.equal(await searchBox(log).inputValue(), 'line 700');
    assert.equal(await log.locator('.chip-text').innerText(), 'line');
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(bed.session.workbench.consoleErrors, []);
  });
});
