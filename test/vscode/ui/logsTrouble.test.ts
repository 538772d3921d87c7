import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { requireVscode } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { DEADLINE_MS, filterBox, LogPanelBed, searchBox, texts } from './logPanelBed';
import { overflowPx } from './webviewLook';

const PODS = Array.from({ length: 500 }, (_, index) => `pod-${String(index).padStart(3, '0')}`);
const REFUSED = 7;
const ZALGO = `piled${'\u0301\u0302\u0316'.repeat(300)}`;

/** Lines that are hard to show: nothing but space, marks that pile up, other directions, characters of many parts. */
const ODD = [
  '',
  '      ',
  '\t\t\tafter tabs',
  ZALGO,
  'שלום עולם 123 abc',
  'العربية في السطر',
  '👩‍👩‍👧‍👦 family 🇩🇪 flag 👍🏽',
  '{"not": "closed"',
  '%s ${x} {{y}} <img src=x onerror=alert(1)> [link](command:workbench.action.quit)',
];

describe('A log panel in trouble', function () {
  this.timeout(240_000);
  let bed: LogPanelBed;
  let log: Frame;

  before(async function () {
    const tools = requireVscode(this);
    bed = await LogPanelBed.start({
      tools,
      pods: PODS,
      machineSettings: { 'clusterpersona.logs.followed': 400 },
    });
    bed.pods.logs.refuse(bed.container(REFUSED), 403);
    PODS.forEach((_, pod) => bed.write(pod, `INFO first line of ${pod}`));
    log = await bed.open();
    await log.getByText('following', { exact: true }).waitFor({ timeout: DEADLINE_MS });
  });

  afterEach(pictureOfFailure(() => bed?.session));
  after(() => bed?.stop());

  it('says which log may not be read and what to ask for, and how many wait', async () => {
    await log.getByText(`The log of ${bed.container(REFUSED)} cannot be followed.`).waitFor({
      timeout: DEADLINE_MS,
    });
    await log
      .getByText(/You are not allowed to read it: .*Ask for get on pods\/log, or use another context\./)
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await log.getByText(/\d+ logs wait for their turn\./).waitFor({ timeout: DEADLINE_MS });
    await log.getByRole('button', { name: 'Try again' }).waitFor({ timeout: DEADLINE_MS });
    assert.equal(await overflowPx(log), 0);
    await bed.session.workbench.picture('logs-forbidden');
  });

  it('lists hundreds of pods', async () => {
    await log.getByRole('button', { name: `Pods: ${PODS.length}` }).click();
    await log.getByRole('checkbox', { name: 'pod-000' }).waitFor({ timeout: DEADLINE_MS });
    await bed.session.workbench.picture('logs-many-pods');
    await bed.press('Escape');
  });

  it('shows lines of spaces, piled marks and other directions, each within its row', async () => {
    for (const text of ODD) {
      bed.write(0, text);
    }
    bed.write(0, 'INFO after the odd ones');
    await bed.untilLast(log, 'after the odd ones');
    const shown = await log.locator('.row-text').allTextContents();
    assert.deepEqual(
      shown.slice(-ODD.length - 1, -1).map((text) => text.replaceAll(/‹U\+[0-9A-F]+›/g, '')),
      ODD.map((text) => text.replaceAll(/\u200d/g, '')),
    );
    const heights = await log
      .locator('.row')
      .evaluateAll(
        (rows, count) => rows.slice(-count).map((row) => row.getBoundingClientRect().height),
        ODD.length + 1,
      );
    assert.ok(
      heights.every((height) => height >= 20),
      heights.join(' '),
    );
    assert.equal(await log.locator('.row-text img').count(), 0);
    assert.equal(await overflowPx(log), 0);
    await bed.session.workbench.picture('logs-odd-lines');
  });

  it('keeps up with a flood while it is resized and its filters are switched', async () => {
    const { page } = bed.session.workbench;
    const over = new AbortController();
    let line = 0;
    const writing = (async () => {
      while (!over.signal.aborted) {
        bed.write(line % 3, ...Array.from({ length: 50 }, () => `INFO flood ${(line += 1)}`));
        await page.waitForTimeout(20);
      }
    })();
    for (const width of [900, 500, 1_280, 620, 1_100]) {
      await page.setViewportSize({ width, height: 700 });
      await filterBox(log).fill(`${width % 10}`);
      await filterBox(log).press(width % 20 === 0 ? 'Enter' : 'Shift+Enter');
      await filterBox(log).fill('flood');
      await filterBox(log).press('Enter');
      await searchBox(log).fill(`flood ${width}`);
      await log.locator('.chip-remove').first().click();
      await log.locator('.chip-remove').first().click();
    }
    over.abort();
    await writing;
    await page.setViewportSize({ width: 1_280, height: 800 });
    await searchBox(log).fill('');
    await log.locator('.rows').focus();
    await bed.press('End');
    await bed.untilLast(log, `flood ${line}`);
    assert.equal(await log.locator('.chip').count(), 0);
  });

  it('goes on through a container that is started again and again', async () => {
    for (let start = 0; start < 5; start += 1) {
      bed.write(1, `INFO run ${start}`);
      bed.pods.logs.restart(bed.container(1));
    }
    bed.write(1, 'INFO the last run');
    await bed.untilLast(log, 'the last run');
  });

  it('goes on searching what is here while its cluster is lost, and says so', async () => {
    bed.pods.logs.isAway = true;
    bed.pods.logs.cut('break');
    await searchBox(log).fill('after the odd ones');
    await until('it is found', async () => (await log.locator('.search-count').innerText()) === '1', {
      deadlineMs: DEADLINE_MS,
    });
    await searchBox(log).press('Enter');
    await log.locator('.row-match').waitFor({ timeout: DEADLINE_MS });
    await log
      .getByText(/logs cannot be followed\.|does not answer/)
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await bed.session.workbench.picture('logs-lost');
    bed.pods.logs.isAway = false;
    await searchBox(log).fill('');
    await log.locator('.rows').focus();
    await bed.press('End');
    bed.write(2, 'INFO it is back');
    await until('it goes on', async () => (await texts(log)).some((text) => text.includes('it is back')), {
      deadlineMs: 60_000,
    });
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(bed.session.workbench.consoleErrors, []);
  });
});
