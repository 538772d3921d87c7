import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HubProcess } from '../../integration/server/hubProcess';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { type VscodeSession, startVscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 30_000;
/** Half a minute of back-off at most, and what comes after it. */
const BACK_DEADLINE_MS = 45_000;
const TOKEN = 'a-token-that-is-long-enough-to-be-taken-0123456789';

/** The extension is a worker of the page there, so the browser says at each request where that page is from. */
describe('A hub in the browser’s extension host', function () {
  this.timeout(180_000);
  let folder: TemporaryFolder;
  let session: VscodeSession;
  let hub: HubProcess;
  let hubArguments: readonly string[];

  before(async function () {
    const tools = requireVscode(this);
    const vsix = process.env['CLUSTERPERSONA_VSIX'];
    assert.ok(vsix !== undefined && existsSync(vsix), 'CLUSTERPERSONA_VSIX names the packaged extension');
    folder = temporaryFolder('browser-host-hub');
    mkdirSync(join(folder.path, '.vscode'));
    writeFileSync(
      join(folder.path, '.vscode', 'settings.json'),
      JSON.stringify({ 'remote.extensionKind': { 'clusterpersona.clusterpersona': ['ui'] } }),
    );
    const tokens = join(folder.path, 'tokens');
    writeFileSync(tokens, `${TOKEN}\n`);
    session = await startVscodeSession({ tools, installVsix: vsix, folder: folder.path });
    const { origin } = new URL(session.workbench.page.url());
    hubArguments = ['--demo', '--auth', 'token', '--token-file', tokens, '--allowed-origin', origin];
    hub = await HubProcess.start(hubArguments);
    await session.workbench.runCommand('View: Show ClusterPersona');
  });

  afterEach(pictureOfFailure(() => session));

  after(async () => {
    await session?.stop();
    await hub?.stop();
    folder?.remove();
  });

  const row = (text: string | RegExp, timeout = DEADLINE_MS): Promise<void> =>
    session.workbench.treeRow(text).first().waitFor({ timeout });

  async function answer(question: string, text: string): Promise<void> {
    const { page } = session.workbench;
    await page
      .locator('.quick-input-widget:visible', { hasText: question })
      .waitFor({ timeout: DEADLINE_MS });
    await page.locator('.quick-input-widget:visible input.input').fill(text);
    await page.keyboard.press('Enter');
  }

  it('is added by its address and a token', async () => {
    await session.workbench.runCommand('ClusterPersona: Add Hub…');
    await answer('Address', `http://${hub.host}`);
    await answer(`Token for ${hub.host}`, TOKEN);
    await row(/live over WebSocket/);
    await row('eu-west-1');
  });

  it('shows one of its clusters, and follows a log', async () => {
    const { workbench } = session;
    await workbench.treeRow('eu-west-1').first().click();
    const panel = await workbench.webviewWith('h1:text-is("eu-west-1")');
    await panel.getByText('Live').first().waitFor({ timeout: DEADLINE_MS });
    await panel.getByRole('button', { name: 'Logs of ingress-nginx' }).first().click();
    const log = await workbench.webviewWith('text=following');
    await log.locator('.row-text').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('browser-host-hub');
  });

  it('is live again after it was killed', async () => {
    hub.process.signal('SIGKILL');
    await hub.process.stop();
    await row(/reconnecting/);
    await row('eu-west-1');
    hub = await HubProcess.start(hubArguments, 'http', hub);
    await row(/live over WebSocket/, BACK_DEADLINE_MS);
  });

  it('is forgotten when it is removed', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Remove Hub…');
    await workbench.pick(hub.host);
    await workbench.treeRow('eu-west-1').first().waitFor({ state: 'detached', timeout: DEADLINE_MS });
  });
});
