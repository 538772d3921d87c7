import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { startStandIn, type StandIn } from '../../integration/clusterHttpsServer';
import { freePort } from '../../support/testbed/freePort';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 30_000;
const TOKEN = 'nobody-may-see-this-one';

describe('A connection is diagnosed', function () {
  this.timeout(120_000);
  let session: VscodeSession;
  let folder: TemporaryFolder;
  let standIn: StandIn;

  before(async function () {
    const tools = requireVscode(this);
    folder = temporaryFolder('diagnosis');
    standIn = await startStandIn({
      authority: new CertificateAuthority('someone-else'),
      onRequest: (_request, response) => response.writeHead(404).end(),
    });
    const caFile = join(folder.path, 'ca.crt');
    writeFileSync(caFile, new CertificateAuthority('trusted-here').certificate);
    const credentials = { type: 'token', token: TOKEN } as const;
    const kubeconfig = writeKubeconfig(join(folder.path, 'config'), [
      { name: 'wrong-ca', server: standIn.url, caFile, credentials },
      { name: 'nobody-there', server: `https://127.0.0.1:${await freePort()}`, caFile, credentials },
    ]);
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      env: { KUBECONFIG: kubeconfig },
    });
    await session.workbench.runCommand('View: Show ClusterPersona');
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    await standIn?.stop();
    folder?.remove();
  });

  async function diagnose(label: string): Promise<void> {
    await session.workbench.runCommand('ClusterPersona: Diagnose Connection…');
    await session.workbench.pick(label);
  }

  /** With the smoke-test driver no notification pops up; all are in the list of them. */
  async function notified(text: string): Promise<void> {
    const { workbench } = session;
    await workbench.runCommand('Notifications: Show Notifications');
    const list = workbench.page.locator('.notifications-center .notification-list-item', { hasText: text });
    await list.first().waitFor({ timeout: DEADLINE_MS });
    await list.getByRole('button', { name: 'Save…' }).first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('diagnosis-notified');
    await workbench.runCommand('Notifications: Hide Notifications');
  }

  it('the demo cluster passes everything that concerns it', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Start Demo Cluster');
    await workbench.treeRow('eu-west-1').first().waitFor({ timeout: DEADLINE_MS });
    await diagnose('Demo cluster');
    const preview = await workbench.webviewWith('h1:has-text("Connection to Demo cluster")', DEADLINE_MS);
    const rows = await preview.locator('tbody tr').allTextContents();
    assert.equal(rows.length, 13);
    assert.match(rows.join('\n'), /Watching\s*✓ passed/);
    assert.match(rows.join('\n'), /Certificate \(TLS\)\s*– skipped: runs inside the editor/);
    await workbench.picture('diagnosis-demo');
    await notified('Demo cluster: All 6 checks passed');
  });

  it('a certificate that is not trusted is explained, with its remedy', async () => {
    const { workbench } = session;
    await diagnose('wrong-ca');
    const preview = await workbench.webviewWith('h1:has-text("Connection to wrong-ca")', DEADLINE_MS);
    const text = (await preview.locator('body').textContent()) ?? '';
    assert.match(text, /1 of 4 checks failed: Certificate \(TLS\)\. 7 could not be run\./);
    assert.match(text, /signed by an authority that is not trusted here/);
    assert.match(text, /Check the certificate authority of this cluster/);
    assert.match(text, /Issued by CN=someone-else/);
    assert.ok(!text.includes(TOKEN));
    await workbench.picture('diagnosis-wrong-ca');
    await notified('wrong-ca: 1 of 4 checks failed: Certificate (TLS)');
  });

  it('what is saved holds neither names nor secrets', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Save Diagnosis…');
    const dialog = workbench.page.locator('.quick-input-widget', {
      hasText: 'Save the diagnosis, without names',
    });
    await dialog.waitFor({ timeout: DEADLINE_MS });
    const input = dialog.locator('input.input');
    // What the dialog proposes comes late, and would overwrite what was typed.
    await until(
      'a name is proposed',
      async () => (await input.inputValue()).includes('clusterpersona-diagnosis-'),
      {
        deadlineMs: DEADLINE_MS,
      },
    );
    const file = join(folder.path, 'report.md');
    await input.fill(file);
    const report = await until(
      'the report is written',
      async () => {
        // While the dialog still reads the folder it takes no answer.
        if (await dialog.isVisible()) {
          await input.press('Enter');
        }
        return existsSync(file) ? readFileSync(file, 'utf8') || undefined : undefined;
      },
      { deadlineMs: DEADLINE_MS, pollMs: 500 },
    );
    assert.match(report, /signed by an authority that is not trusted here/);
    for (const name of ['wrong\\-ca', 'wrong-ca', 'someone-else', '127.0.0.1', folder.path, TOKEN]) {
      assert.ok(!report.includes(name), name);
    }
  });

  it('a server that is not there is explained from its row in the tree, and the editor’s title saves it', async () => {
    const { workbench } = session;
    await workbench.treeRow('nobody-there').first().click({ button: 'right' });
    const item = workbench.page.getByRole('menuitem', { name: 'Diagnose Connection…' });
    await item.waitFor({ timeout: DEADLINE_MS });
    // A menu takes no click in the first moment after it opened.
    await until(
      'the menu closes',
      async () => {
        if (await item.isVisible()) {
          await item.click();
        }
        return item.isHidden();
      },
      { deadlineMs: DEADLINE_MS, pollMs: 300 },
    );
    const preview = await workbench.webviewWith('h1:has-text("Connection to nobody-there")', DEADLINE_MS);
    const text = (await preview.locator('body').textContent()) ?? '';
    assert.match(text, /does not answer: .*ECONNREFUSED/);
    await workbench.page
      .locator('.editor-actions')
      .getByRole('button', { name: 'Save Diagnosis…' })
      .first()
      .waitFor({ timeout: DEADLINE_MS });
    for (const theme of ['dark', 'light', 'highContrastDark'] as const) {
      await workbench.setTheme(theme);
      await workbench.picture(`diagnosis-refused-${theme}`);
    }
  });

  it('a row that is not well offers it beside itself', async () => {
    const { workbench } = session;
    await workbench.runCommand('ClusterPersona: Connect…');
    await workbench.pick('nobody-there');
    await workbench.treeRow('No answer from the server').first().waitFor({ timeout: DEADLINE_MS });
    const row = workbench.treeRow('nobody-there').first();
    await row.hover();
    await row.getByRole('button', { name: 'Diagnose Connection…' }).waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('diagnosis-row');
    await workbench.runCommand('ClusterPersona: Show Connections…');
    await workbench.pick('Diagnose a connection…');
    await workbench.pick('nobody-there');
    await workbench.webviewWith('h1:has-text("Connection to nobody-there")', DEADLINE_MS);
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
