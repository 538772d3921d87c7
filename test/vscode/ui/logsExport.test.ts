import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { executableOnPath } from '../../support/testbed/executableOnPath';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { DEADLINE_MS, filterBox, LogPanelBed } from './logPanelBed';

const LINES = 30_000;
const PODS = ['web-0', 'web-1'] as const;
/** Of 100 bytes with its time, so that a document cannot hold all lines. */
const BIG_LINE = 'x'.repeat(1_000);
const BIG_LINES = 50_000;

const line = (number: number): string => `INFO line ${number}${number % 7 === 0 ? ' upstream' : ''}`;

/** A file into which nobody writes more than another one reads. */
function pipe(path: string): void {
  const program = executableOnPath('mkfifo');
  assert.ok(program !== undefined);
  execFileSync(program, [path]);
}

describe('What leaves the log panel', function () {
  this.timeout(180_000);
  let bed: LogPanelBed;
  let log: Frame;
  let files: TemporaryFolder;

  before(async function () {
    const tools = requireVscode(this);
    files = temporaryFolder('saved');
    const programs = join(files.path, 'programs');
    mkdirSync(programs);
    // A server takes the PATH that a login shell has.
    const home = join(files.path, 'home');
    mkdirSync(home);
    for (const name of ['.bash_profile', '.profile', '.bashrc', '.zshrc']) {
      writeFileSync(join(home, name), `export PATH='${programs}'\n`);
    }
    bed = await LogPanelBed.start({
      tools,
      pods: PODS,
      env: { HOME: home },
      machineSettings: { 'clusterpersona.logs.tailLines': 5_000, 'clusterpersona.logs.kept.minutes': 60 },
    });
    log = await bed.open();
    await log.getByText('following', { exact: true }).waitFor({ timeout: DEADLINE_MS });
    for (let from = 0; from < LINES; from += 1_000) {
      bed.write(0, ...Array.from({ length: 1_000 }, (_, index) => line(from + index)));
    }
    await bed.untilLast(log, `line ${LINES - 1}`);
  });

  afterEach(pictureOfFailure(() => bed?.session));
  after(async () => {
    await bed?.stop();
    files?.remove();
  });

  /** Waits for a notification, wherever it is by now, and puts it away. */
  async function told(text: string): Promise<void> {
    const { workbench } = bed.session;
    await until(
      `it is told: ${text}`,
      async () => {
        await workbench.runCommand('Notifications: Show Notifications');
        return workbench.page.locator('.notification-list-item', { hasText: text }).first().isVisible();
      },
      { deadlineMs: DEADLINE_MS, pollMs: 300 },
    );
    await workbench.runCommand('Notifications: Clear All Notifications');
  }

  /** Answers the question for a file. */
  async function saveAs(path: string, isThere = false): Promise<void> {
    const { page } = bed.session.workbench;
    const input = page.locator('.quick-input-widget:visible input.input');
    // It comes up with a path of its own, a moment later.
    await until('a path is offered', async () => (await input.inputValue()).endsWith('.log'), {
      deadlineMs: DEADLINE_MS,
    });
    await input.fill(path);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'home' }).first().waitFor({
      timeout: DEADLINE_MS,
    });
    assert.equal(await input.inputValue(), path);
    await page.keyboard.press('Enter');
    if (isThere) {
      await page.getByText('already exists. Are you sure you want to overwrite it?').first().waitFor({
        timeout: DEADLINE_MS,
      });
      await page.keyboard.press('Enter');
    }
    await input.waitFor({ state: 'hidden', timeout: DEADLINE_MS });
  }

  it('is every line there is, in one file', async () => {
    const path = join(files.path, 'all.log');
    await log.getByRole('button', { name: 'Save every line to a file…' }).click();
    await saveAs(path);
    await told(`${LINES.toLocaleString('en')} lines were saved.`);
    const saved = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.equal(saved.length, LINES);
    saved.forEach((text, number) => assert.ok(text.endsWith(` web-0/app ${line(number)}`), text));
    assert.ok(!existsSync(`${path}.part`));
  });

  it('is what a filter lets through, where there is one', async () => {
    const path = join(files.path, 'some.log');
    await filterBox(log).fill('upstream');
    await filterBox(log).press('Enter');
    await log.getByRole('button', { name: 'Save the lines that pass the filter to a file…' }).click();
    await saveAs(path);
    const expected = Math.ceil(LINES / 7);
    await told(`${expected.toLocaleString('en')} lines were saved.`);
    const saved = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.equal(saved.length, expected);
    assert.ok(saved.every((text) => text.endsWith('upstream')));
    await log.locator('.chip-remove').click();
  });

  it('is copied as a block of Markdown', async () => {
    await bed.untilLast(log, `line ${LINES - 1}`);
    await log.locator('.row').last().click();
    await bed.press('Shift+ArrowUp');
    const { page } = bed.session.workbench;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await log.getByRole('button', { name: 'Copy the selected lines as Markdown' }).click();
    await log.getByText('2 lines copied.').waitFor({ timeout: DEADLINE_MS });
    const copied = await until(
      'it is on the clipboard',
      async () => (await page.evaluate(() => navigator.clipboard.readText())) || undefined,
      { deadlineMs: DEADLINE_MS },
    );
    assert.match(copied, /^shop · shop\\-eu\n\n```log\n.*line 29998\n.*line 29999\n```\n$/);
  });

  it('opens as a document with the last 45 MB, which is said', async () => {
    const { workbench } = bed.session;
    for (let from = 0; from < BIG_LINES; from += 1_000) {
      bed.write(1, ...Array.from({ length: 1_000 }, (_, index) => `big ${from + index} ${BIG_LINE}`));
    }
    await bed.untilLast(log, `big ${BIG_LINES - 1} `);
    await log.getByRole('button', { name: 'Open as a document (at most 45 MB)' }).click();
    await workbench.editorTab('shop.log').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.page
      .locator('.view-line', { hasText: 'MB of the log: a document can hold no more' })
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    await workbench.runCommand('View: Close Editor');
    await told('a document can hold no more. Save it to a file for all of it.');
  });

  it('is nothing where saving it is cancelled, and what the file had stays', async () => {
    const { workbench } = bed.session;
    const path = join(files.path, 'kept.log');
    // No writer gets further than this one reads.
    pipe(`${path}.part`);
    writeFileSync(path, 'before');
    await log.getByRole('button', { name: 'Save every line to a file…' }).click();
    await saveAs(path, true);
    const reader = await open(`${path}.part`, 'r');
    await reader.read(Buffer.alloc(1_000), 0, 1_000, null);
    await workbench.runCommand('Notifications: Show Notifications');
    await workbench.page
      .locator('.notification-list-item', { hasText: 'Saving the log' })
      .getByText('Cancel')
      .first()
      .click({ timeout: DEADLINE_MS });
    for (let read = 1; read > 0;) {
      read = (await reader.read(Buffer.alloc(1_000_000), 0, 1_000_000, null)).bytesRead;
    }
    await reader.close();
    await until('nothing is left of it', async () => !existsSync(`${path}.part`), {
      deadlineMs: DEADLINE_MS,
    });
    assert.equal(readFileSync(path, 'utf8'), 'before');
  });

  it('is nothing, which is told, where the panel is closed while it is saved', async () => {
    const { workbench } = bed.session;
    const path = join(files.path, 'closed.log');
    pipe(`${path}.part`);
    await log.getByRole('button', { name: 'Save every line to a file…' }).click();
    await saveAs(path);
    const reader = await open(`${path}.part`, 'r');
    await reader.read(Buffer.alloc(1_000), 0, 1_000, null);
    await workbench.runCommand('View: Close Editor');
    for (let read = 1; read > 0;) {
      read = (await reader.read(Buffer.alloc(1_000_000), 0, 1_000_000, null)).bytesRead;
    }
    await reader.close();
    await told('The panel of the log was closed before all of it was read: nothing was kept.');
    assert.ok(!existsSync(path) && !existsSync(`${path}.part`));
    log = await bed.open();
    await bed.untilLast(log, `big ${BIG_LINES - 1} `);
  });

  it('is told where there is no kubectl', async () => {
    await log.getByRole('button', { name: 'Follow with kubectl in a terminal' }).click();
    await told('kubectl was not found: install it, or add its folder to PATH');
  });

  it('runs the equal kubectl, whose words stay when it has ended', async () => {
    const { workbench } = bed.session;
    const said = join(files.path, 'said');
    const kubectl = join(files.path, 'programs', 'kubectl');
    writeFileSync(
      kubectl,
      `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}.part'\n/bin/mv '${said}.part' '${said}'\necho 'error: no luck'\nexit 1\n`,
    );
    chmodSync(kubectl, 0o755);
    await log.getByRole('button', { name: 'Pods: 2' }).click();
    await log.getByRole('checkbox', { name: 'web-1' }).uncheck();
    await bed.press('Escape');
    await log.getByRole('button', { name: 'Follow with kubectl in a terminal' }).click();
    await until('kubectl was run', async () => existsSync(said), { deadlineMs: DEADLINE_MS });
    assert.deepEqual(readFileSync(said, 'utf8').trimEnd().split('\n'), [
      'logs',
      'pod/web-0',
      '--context=shop-eu',
      '--namespace=shop',
      '--all-containers=true',
      '--prefix=true',
      '--timestamps=true',
      '--tail=5000',
      '--max-log-requests=1000',
      '--follow=true',
      `--kubeconfig=${join(bed.folder.path, 'config')}`,
    ]);
    await workbench.page.locator('.terminal-outer-container').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('logs-terminal');
  });

  it('wrote no error to the console but those that were told', () => {
    const others = bed.session.workbench.consoleErrors.filter(
      (error) => !/kubectl was not found|panel of the log was closed/.test(error),
    );
    assert.deepEqual(others, []);
  });
});
