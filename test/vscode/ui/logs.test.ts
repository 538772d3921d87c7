import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer, type DemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { LoggedPods } from '../../support/loggedPods';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';
import { overflowPx, standstill } from './webviewLook';

const DEADLINE_MS = 30_000;
const NAMESPACE = 'shop';
const PODS = ['web-7c9f-x2k', 'web-7c9f-q8d', 'api-5d4b-m4s'] as const;
const THEMES = ['dark', 'light', 'highContrastDark'] as const;
const ESCAPE = String.fromCharCode(27);
const LONG_BYTES = 10_000_000;

const SAMPLES = [
  'INFO GET /api/v1/items/42 200 12ms',
  'INFO GET /healthz 200 0ms',
  'WARN upstream response slow: 1.8 s (checkout)',
  'DEBUG balancer: picked 10.0.3.7:8080',
  'INFO POST /api/v1/orders 201 48ms',
  'ERROR upstream prematurely closed connection while reading response header',
  'INFO cache: 40 entries dropped',
] as const;

function sampleLine(line: number): string {
  return `${SAMPLES[line % SAMPLES.length] ?? ''} (line ${line})`;
}

describe('The log panel, from pods to the screen', function () {
  this.timeout(180_000);
  let demo: DemoCluster;
  let pods: LoggedPods;
  let server: DemoHttpServer;
  let folder: TemporaryFolder;
  let session: VscodeSession;
  let written = 0;

  before(async function () {
    const tools = requireVscode(this);
    demo = createDemoCluster({ clock: systemClock, seed: 7 });
    pods = new LoggedPods({ namespace: NAMESPACE, pods: PODS, otherwise: demo.fetch });
    server = await startDemoHttpServer({ fetch: pods.fetch });
    folder = temporaryFolder('logs');
    const kubeconfig = writeKubeconfig(join(folder.path, 'config'), [
      { name: 'shop-eu', server: server.url, credentials: { type: 'none' } },
    ]);
    for (let line = 0; line < 300; line += 1) {
      write(line % 3, sampleLine(line));
    }
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      env: { KUBECONFIG: kubeconfig },
    });
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.runCommand('ClusterPersona: Connect…');
    await workbench.pick('shop-eu');
    await workbench.statusBarItem('1 live').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.runCommand('View: Close Primary Side Bar');
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    await server?.close();
    demo?.dispose();
    folder?.remove();
  });

  function write(pod: number, text: string): void {
    const time = new Date(systemClock.now() - 60_000 + written).toISOString().replace('Z', '000000Z');
    written += 1;
    pods.logs.write(`${PODS[pod] ?? ''}/app`, { time, text });
  }

  function panel(): Promise<Frame> {
    return session.workbench.webviewWith('.rows');
  }

  async function lastLine(log: Frame): Promise<string> {
    return (await log.locator('.row-text').last().innerText()).trim();
  }

  async function inThemes(name: string): Promise<void> {
    for (const theme of THEMES) {
      await session.workbench.setTheme(theme);
      await session.workbench.picture(`logs-${name}-${theme}`);
    }
    await session.workbench.setTheme('dark');
  }

  const search = (log: Frame): Locator => log.getByRole('textbox', { name: 'Search the log' });

  it('shows the merged logs of a namespace that is picked', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Show Logs…');
    await workbench.pick('shop-eu');
    await workbench.pick(NAMESPACE);
    await workbench.picture('logs-picker');
    await workbench.pick(`Everything in ${NAMESPACE}`);
    const log = await panel();
    await log.getByText('following').first().waitFor({ timeout: DEADLINE_MS });
    await until('the last line is in sight', async () => (await lastLine(log)).includes('line 299'), {
      deadlineMs: DEADLINE_MS,
    });
    assert.equal(await overflowPx(log), 0, 'nothing but the lines scrolls sideways');
    await inThemes('follow');
  });

  it('stays at its end while lines come', async () => {
    const log = await panel();
    for (let line = 300; line < 600; line += 1) {
      write(line % 3, sampleLine(line));
    }
    await until('the newest line is in sight', async () => (await lastLine(log)).includes('line 599'), {
      deadlineMs: DEADLINE_MS,
    });
  });

  it('moves nothing for who has scrolled back, and counts what came', async () => {
    const log = await panel();
    await log.locator('.rows').hover();
    await session.workbench.page.mouse.wheel(0, -900);
    const pill = log.locator('.to-end');
    await pill.waitFor({ timeout: DEADLINE_MS });
    const placeOf = (): Promise<string> =>
      log.evaluate(() => {
        const frame = document.querySelector('.rows')?.getBoundingClientRect();
        const row = [...document.querySelectorAll('.row')].find(
          (element) => element.getBoundingClientRect().top >= (frame?.top ?? 0),
        );
        return `${row?.querySelector('.row-text')?.textContent} ${row?.getBoundingClientRect().top}`;
      });
    const before = await placeOf();
    assert.match(before, /line \d+/);
    for (let line = 600; line < 650; line += 1) {
      write(line % 3, sampleLine(line));
    }
    await log.getByRole('button', { name: '50 new lines' }).waitFor({ timeout: DEADLINE_MS });
    assert.equal(await placeOf(), before);
    await session.workbench.picture('logs-scrolled-back');
    await pill.click();
    await until('the newest line is in sight', async () => (await lastLine(log)).includes('line 649'), {
      deadlineMs: DEADLINE_MS,
    });
  });

  it('goes from match to match, and says how many there are', async () => {
    const log = await panel();
    await log.locator('.rows').focus();
    await session.workbench.page.keyboard.press('/');
    await session.workbench.page.keyboard.type('upstream');
    const count = log.locator('.search-count');
    await until('matches are counted', async () => /^\d+$/.test(await count.innerText()), {
      deadlineMs: DEADLINE_MS,
    });
    const matches = Number(await count.innerText());
    assert.ok(matches > 20, String(matches));
    await session.workbench.page.keyboard.press('Enter');
    await until(
      'the newest is gone to',
      async () => (await count.innerText()) === `${matches} of ${matches}`,
      {
        deadlineMs: DEADLINE_MS,
      },
    );
    for (let step = 1; step <= 12; step += 1) {
      await session.workbench.page.keyboard.press('Shift+Enter');
      const wanted = `${matches - step} of ${matches}`;
      await until(wanted, async () => (await count.innerText()) === wanted, { deadlineMs: DEADLINE_MS });
    }
    const match = log.locator('.row-match .row-text');
    assert.match(await match.innerText(), /upstream/);
    const isInSight = await match.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const frame = document.querySelector('.rows')?.getBoundingClientRect();
      return frame !== undefined && box.top >= frame.top && box.bottom <= frame.bottom;
    });
    assert.ok(isInSight, 'the match is in sight');
    await inThemes('search');
  });

  it('tells a bad expression where it is typed', async () => {
    const log = await panel();
    await search(log).fill('up(stream');
    await log.getByRole('search').getByRole('button', { name: 'Regular expression' }).click();
    await log.getByRole('alert').filter({ hasText: /group/i }).waitFor({ timeout: DEADLINE_MS });
    await log.getByRole('search').getByRole('button', { name: 'Regular expression' }).click();
    await search(log).fill('');
  });

  it('shows only what a filter lets through, and everything around a line of it', async () => {
    const log = await panel();
    const box = log.getByRole('textbox', { name: 'Filter lines by text' });
    await box.fill('upstream');
    await box.press('Enter');
    await box.fill('line 9');
    await box.press('Shift+Enter');
    await log.locator('.chip').nth(1).waitFor({ timeout: DEADLINE_MS });
    await log.locator('.rows').focus();
    await session.workbench.page.keyboard.press('End');
    const texts = (): Promise<string[]> => log.locator('.row-text').allInnerTexts();
    await until(
      'every line has what is wanted',
      async () => {
        const shown = await texts();
        return (
          shown.length > 0 && shown.every((text) => text.includes('upstream') && !text.includes('line 9'))
        );
      },
      { deadlineMs: DEADLINE_MS },
    );
    await inThemes('filter');
    await log.locator('.row').last().click();
    await session.workbench.page.keyboard.press('x');
    await log.getByText('Every line is shown').waitFor({ timeout: DEADLINE_MS });
    await until(
      'others are around it',
      async () => (await texts()).some((text) => !text.includes('upstream')),
      {
        deadlineMs: DEADLINE_MS,
      },
    );
    await session.workbench.picture('logs-context');
    await log.getByRole('button', { name: 'Back to the filter' }).click();
    for (let chip = 0; chip < 2; chip += 1) {
      await log.locator('.chip-remove').first().click();
    }
    await log.locator('.chip').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
  });

  it('marks where lines may be missing', async () => {
    const log = await panel();
    await log.locator('.rows').focus();
    await session.workbench.page.keyboard.press('End');
    pods.logs.rotate(`${PODS[0]}/app`, 0);
    pods.logs.cut('break');
    write(0, 'INFO back again after the outage');
    const gap = log.locator('.row-marker-gap');
    await gap.first().waitFor({ timeout: 60_000 });
    assert.match(await gap.first().innerText(), /Gap: lines of [\d.]+ s may be missing/);
    await inThemes('gap');
  });

  it('shows a line of ten megabytes, colours, and what a terminal or a page would obey, as text', async () => {
    const log = await panel();
    write(
      1,
      `${ESCAPE}[32mgreen ${ESCAPE}[1;31mbold red${ESCAPE}[0m ${ESCAPE}[2J${ESCAPE}]0;title\u0007 end`,
    );
    write(1, '<script>document.title = "taken"</script> <b>bold</b>');
    write(1, `NUL \u0000 bell \u0007 turned \u202Egnp.exe\u202C invalid \uFFFD`);
    const longest = standstill(log, 5_000);
    write(2, `ERROR dump ${'0123456789'.repeat(LONG_BYTES / 10)}`);
    await log
      .getByText(/more bytes/)
      .first()
      .waitFor({ timeout: 60_000 });
    console.log(`      the panel stood still for ${Math.round(await longest)} ms at the most`);
    assert.equal(await log.locator('.row-text script').count(), 0);
    await log.getByText('<script>document.title').first().waitFor({ timeout: DEADLINE_MS });
    await log.getByText('‹U+202E›').first().waitFor({ timeout: DEADLINE_MS });
    assert.equal(await log.locator('.ansi-bold.ansi-fg-red').count(), 1);
    write(2, 'INFO after the long line');
    await until('it goes on', async () => (await lastLine(log)).includes('after the long line'), {
      deadlineMs: DEADLINE_MS,
    });
    await inThemes('long-line');
    assert.equal(await overflowPx(log), 0);
  });

  it('opens a JSON line, gives its fields columns, and does not wrap where that is not wanted', async () => {
    const log = await panel();
    for (let line = 0; line < 40; line += 1) {
      write(
        0,
        JSON.stringify({
          level: 'info',
          msg: `order ${line}`,
          http: { status: 200, path: '/api/v1/orders' },
        }),
      );
    }
    await until('they are in sight', async () => (await lastLine(log)).includes('order 39'), {
      deadlineMs: DEADLINE_MS,
    });
    await log.getByRole('button', { name: 'Columns' }).click();
    await log.getByRole('checkbox', { name: 'http.status' }).check();
    await log.getByRole('checkbox', { name: 'msg' }).check();
    await session.workbench.picture('logs-columns-menu');
    await session.workbench.page.keyboard.press('Escape');
    await log.locator('.row-field', { hasText: 'order 39' }).waitFor({ timeout: DEADLINE_MS });
    await log.locator('.row').last().click();
    await session.workbench.page.keyboard.press('Enter');
    await log.locator('.row-more', { hasText: '"path": "/api/v1/orders"' }).waitFor({ timeout: DEADLINE_MS });
    await log.getByRole('button', { name: /Wrap long lines/ }).click();
    await inThemes('json');
    await log.getByRole('button', { name: /Wrap long lines/ }).click();
  });

  it('has a pane for each pod', async () => {
    const log = await panel();
    await log.getByRole('button', { name: 'One pane for each pod' }).click();
    await log.locator('.pane').nth(2).waitFor({ timeout: DEADLINE_MS });
    await log.locator('.pane').nth(2).locator('.row').first().waitFor({ timeout: DEADLINE_MS });
    await session.workbench.picture('logs-split');
    await log.getByRole('button', { name: 'One pane for each pod' }).click();
    await log.locator('.pane').nth(1).waitFor({ state: 'detached', timeout: DEADLINE_MS });
  });

  it('copies the selected lines, and opens everything as a document', async () => {
    const { workbench } = session;
    const log = await panel();
    await log.locator('.row').last().click();
    await workbench.page.keyboard.press('Shift+ArrowUp');
    await workbench.page.keyboard.press('Control+c');
    await log.getByText('2 lines copied.').waitFor({ timeout: DEADLINE_MS });
    await log.getByRole('button', { name: /Open as a document/ }).click();
    await workbench.editorTab('shop.log').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.page.locator('.view-line').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('logs-document');
    await workbench.runCommand('View: Close Editor');
  });

  it('is usable where it is narrow', async () => {
    const { workbench } = session;
    await workbench.page.setViewportSize({ width: 620, height: 700 });
    const log = await panel();
    assert.equal(await overflowPx(log), 0);
    await workbench.picture('logs-narrow');
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is as it was chosen after the window was reloaded', async () => {
    const { workbench } = session;
    const before = await panel();
    await search(before).fill('order 3');
    await workbench.runCommand('Developer: Reload Window');
    await workbench.statusBarItem('1 live').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
    await workbench.statusBarItem('1 live').first().waitFor({ timeout: 60_000 });
    const log = await workbench.webviewWith('.row-text', 60_000);
    assert.equal(await search(log).inputValue(), 'order 3');
    await log.locator('.row-field', { hasText: 'order 39' }).waitFor({ timeout: DEADLINE_MS });
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
