import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { systemClock } from '../../../src/base/clock';
import { readText } from '../../../src/base/readBody';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer, type DemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const DEADLINE_MS = 30_000;
const WRITES_PER_SECOND = 400;
/** A view that was told of a change asks, and shows the answer. */
const RIGHT_WITHIN_MS = 5_000;
const PERSONA = 'eu-west-1';
const OTHER = 'us-east-1';
/** On rows that are drawn anew ten times a second. */
const CLICKS = 60;
const MAX_ANSWER_CHARS = 1_000_000;
const panelOf = (name: string): string => `h1:text-is("${name}")`;

/** Writes statuses as fast as told until it is stopped; each says a number of its own. */
class Flood {
  readonly #cluster: DemoCluster;
  readonly #done: Promise<void>;
  #isStopped = false;
  /** The number that {@link PERSONA} has. */
  last = 0;
  written = 0;

  constructor(cluster: DemoCluster, firstNumber: number) {
    this.#cluster = cluster;
    this.last = firstNumber;
    this.#done = this.#run(firstNumber);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #run(firstNumber: number): Promise<void> {
    const startedMs = performance.now();
    while (!this.#isStopped) {
      // By the time since the start, so that a late timer costs no write.
      const dueMs = startedMs + (1_000 * this.written) / WRITES_PER_SECOND;
      await delay(Math.max(0, dueMs - performance.now()));
      // Every other one is about the persona that is looked at.
      const name = this.written % 2 === 0 ? PERSONA : OTHER;
      const number = firstNumber + this.written;
      this.written += 1;
      const { status } = await this.#cluster.fetch(`${CLUSTER_PERSONA.path}/${name}/status`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify({ status: { kubernetesVersion: `v1.34.${number}` } }),
      });
      assert.equal(status, 200);
      if (name === PERSONA) {
        this.last = number;
      }
    }
  }
}

/** The number that a panel shows. */
async function shownIn(panel: Frame): Promise<number> {
  const [, digits] = /\b1\.34\.(\d+)\b/.exec(await panel.locator('body').innerText()) ?? [];
  return Number(digits);
}

describe('A flood, from the API server to the screen', function () {
  this.timeout(120_000);
  let cluster: DemoCluster;
  let server: DemoHttpServer;
  let folder: TemporaryFolder;
  let session: VscodeSession;
  let flood: Flood | undefined;

  before(async function () {
    const tools = requireVscode(this);
    // Nothing happens in it by itself.
    cluster = createDemoCluster({ clock: systemClock, seed: 7 });
    server = await startDemoHttpServer({ fetch: cluster.fetch });
    folder = temporaryFolder('flood');
    const kubeconfig = writeKubeconfig(join(folder.path, 'config'), [
      { name: 'flooded', server: server.url, credentials: { type: 'none' } },
    ]);
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      env: { KUBECONFIG: kubeconfig },
    });
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.runCommand('ClusterPersona: Connect…');
    await workbench.pick('flooded');
    await workbench.treeRow(PERSONA).first().click({ timeout: DEADLINE_MS });
    await workbench.webviewWith(panelOf(PERSONA));
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await flood?.stop();
    await session?.stop();
    await server?.close();
    cluster?.dispose();
    folder?.remove();
  });

  async function show(name: string): Promise<Frame> {
    const { workbench } = session;
    await workbench
      .editorTab(new RegExp(`^${name}`))
      .first()
      .click();
    return workbench.webviewWith(panelOf(name));
  }

  async function versionInCluster(): Promise<string | undefined> {
    const { body } = await cluster.fetch(`${CLUSTER_PERSONA.path}/${PERSONA}`);
    return /"kubernetesVersion":\s*"([^"]*)"/.exec(await readText(body, MAX_ANSWER_CHARS))?.[1];
  }

  it('goes on showing what is new while hundreds of changes a second come in', async () => {
    flood = new Flood(cluster, 1_000);
    const panel = await session.workbench.webviewWith(panelOf(PERSONA));
    const seen: number[] = [];
    for (let look = 0; look < 6; look += 1) {
      await delay(500);
      seen.push(await shownIn(panel));
      console.log(`      shown ${seen.at(-1)}, written ${flood.last}`);
    }
    assert.ok(new Set(seen).size >= 4, `what was shown stood still: ${seen.join(', ')}`);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
      'what is shown never goes back',
    );
  });

  it('says in the status bar’s menu how each view is served', async () => {
    const { workbench } = session;
    await workbench.statusBarItem('1 live').first().click();
    await workbench.pick('Realtime figures');
    const row = workbench.page.locator('.quick-input-list .monaco-list-row', {
      hasText: `Detail panel · ${PERSONA}`,
    });
    await row.filter({ hasText: /\d of at most \d+ frames\/s/ }).waitFor({ timeout: DEADLINE_MS });
    await workbench.page
      .locator('.quick-input-list .monaco-list-row', { hasText: /Event loop at work: \d+ %/ })
      .waitFor({ timeout: DEADLINE_MS });
    await row.filter({ hasText: /\d fps/ }).waitFor({ timeout: DEADLINE_MS });
    console.log(`      ${(await row.innerText()).replaceAll('\n', ' · ')}`);
    await workbench.picture('flood-figures');
    await workbench.page.keyboard.press('Escape');
  });

  it('opens the row that is clicked, however often it is drawn anew', async () => {
    const { workbench } = session;
    for (let click = 0; click < CLICKS; click += 1) {
      const name = click % 2 === 0 ? OTHER : PERSONA;
      await workbench.treeRow(name).first().click();
      await workbench.page.locator('.tab.active', { hasText: name }).waitFor({ timeout: DEADLINE_MS });
    }
  });

  it('is right when it is shown again after the flood went on behind another tab', async () => {
    const { workbench } = session;
    await workbench.treeRow(OTHER).first().click();
    await workbench.webviewWith(panelOf(OTHER));
    const hiddenAt = flood?.last ?? 0;
    await delay(3_000);
    const shownAgainAt = flood?.last ?? 0;
    assert.ok(shownAgainAt > hiddenAt + 100, `only ${shownAgainAt - hiddenAt} further`);
    const panel = await show(PERSONA);
    await until(
      'it shows what was written while it was hidden',
      async () => (await shownIn(panel)) >= shownAgainAt,
      {
        deadlineMs: RIGHT_WITHIN_MS,
      },
    );
  });

  it('shows in the end what the cluster has, after it was hidden until the flood was over', async () => {
    const { workbench } = session;
    await show(OTHER);
    await delay(1_000);
    await flood?.stop();
    const { last = 0, written = 0 } = flood ?? {};
    console.log(`      ${written} statuses were written`);
    const panel = await show(PERSONA);
    const startedMs = performance.now();
    await until('it shows the last number', async () => (await shownIn(panel)) === last, {
      deadlineMs: RIGHT_WITHIN_MS,
    });
    console.log(`      right ${Math.round(performance.now() - startedMs)} ms after it was shown`);
    assert.equal(`v1.34.${last}`, await versionInCluster());
    await workbench.picture('flood-right');
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
