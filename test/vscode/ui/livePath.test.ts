import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { sampleSpec, sampleStatus } from '../../support/samples/samplePersona';
import type { LoggedPod } from '../../support/testbed/kwok';
import { RealCluster } from '../../support/testbed/realCluster';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireKubernetes, requireVscode } from '../../support/testbed/requireTool';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';

const APPEAR_DEADLINE_MS = 20_000;
/** A missing resource definition is looked for every 15 s or so. */
const INSTALL_DEADLINE_MS = 60_000;

const pod: LoggedPod = {
  namespace: 'ingress-nginx',
  name: 'ingress-nginx-controller-7c9f-x2k',
  containers: ['controller'],
};
const persona = 'eu-west-1';

/** Resolves with the wall time at which the text of what matches `selector` first contains `text`, checked in each frame. */
async function textShownAt(frame: Page | Frame, selector: string, text: string): Promise<number> {
  const shownAt = await frame.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll(wanted.selector)].some((element) =>
        (element.textContent ?? '').includes(wanted.text),
      ) && Date.now(),
    { selector, text },
    { polling: 'raf', timeout: APPEAR_DEADLINE_MS },
  );
  return Number(await shownAt.jsonValue());
}

/** Resolves with the wall time at which nothing that matches `selector` contains `text` any more. */
async function textGoneAt(frame: Page | Frame, selector: string, text: string): Promise<number> {
  const goneAt = await frame.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll(wanted.selector)].every(
        (element) => !(element.textContent ?? '').includes(wanted.text),
      ) && Date.now(),
    { selector, text },
    { polling: 'raf', timeout: APPEAR_DEADLINE_MS },
  );
  return Number(await goneAt.jsonValue());
}

async function last(...times: readonly Promise<number>[]): Promise<number> {
  return Math.max(...(await Promise.all(times)));
}

/** What only the panel of the persona shows. */
const DETAIL = `h1:text-is("${persona}")`;
const ROWS = '.part.sidebar .monaco-list-row';

describe('The live path, from kubectl to the screen', function () {
  this.timeout(120_000);
  let cluster: RealCluster;
  let session: VscodeSession;

  before(async function () {
    const binaries = requireKubernetes(this);
    const tools = requireVscode(this);
    cluster = await RealCluster.start(binaries, { name: 'prod-eu', kwok: { pods: [pod] } });
    await cluster.addNode('node-1');
    await cluster.addNamespace(pod.namespace);
    await cluster.addPod(pod, 'node-1', { 'app.kubernetes.io/name': 'ingress-nginx' });
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      env: { KUBECONFIG: cluster.kubeconfigs.admin },
    });
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    await cluster?.stop();
  });

  /** Does something to the cluster with kubectl, and says how long it took from there to the screen. */
  async function measured(
    what: string,
    write: () => Promise<unknown>,
    shown: Promise<number>,
  ): Promise<void> {
    const startedAt = Date.now();
    await write();
    const acknowledgedAt = Date.now();
    const shownAt = await shown;
    console.log(
      `      ${what}: on the screen ${shownAt - startedAt} ms after kubectl started, ${shownAt - acknowledgedAt} ms after it ended`,
    );
  }

  const apply = (): Promise<void> =>
    cluster.apply({
      apiVersion: 'dorgu.io/v1',
      kind: 'ClusterPersona',
      metadata: { name: persona },
      spec: sampleSpec('Europe West 1'),
    });

  it('connects nothing by itself, and shows the context as not connected', async () => {
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.treeRow('not connected').first().waitFor({ timeout: APPEAR_DEADLINE_MS });
  });

  it('says that ClusterPersona is not installed, and what to do', async () => {
    const { workbench } = session;
    await workbench.treeRow('not connected').first().click();
    await workbench.runCommand('ClusterPersona: Connect…');
    await workbench.pick(await contextName());
    await workbench.treeRow('not installed').first().waitFor({ timeout: APPEAR_DEADLINE_MS });
    await workbench.treeRow('Show how to install it').first().waitFor({ timeout: APPEAR_DEADLINE_MS });
    await workbench.picture('tree-not-installed-dark');
  });

  it('notices by itself when the resource definition appears', async () => {
    await cluster.installCrd();
    await session.workbench
      .treeRow('No ClusterPersonas yet')
      .first()
      .waitFor({ timeout: INSTALL_DEADLINE_MS });
  });

  it('shows a persona in the tree as soon as kubectl applied it', async () => {
    await measured('applied', apply, textShownAt(session.workbench.page, ROWS, persona));
  });

  it('opens its panel, which says that it is not discovered yet', async () => {
    const { workbench } = session;
    await workbench.treeRow(persona).first().click();
    const panel = await workbench.webviewWith(DETAIL);
    await textShownAt(panel, 'body', 'not discovered yet');
    await workbench.picture('detail-not-discovered-dark');
  });

  it('shows its phase in the tree and in the open panel as soon as it changes', async () => {
    const { workbench } = session;
    const panel = await workbench.webviewWith(DETAIL);
    const status = (phase: 'Ready' | 'Degraded', notReady: number) => () =>
      cluster.patchStatus(
        persona,
        sampleStatus({ phase, nodes: 12, notReady, ingressNamespace: pod.namespace }),
      );
    await measured(
      'discovered',
      status('Ready', 0),
      last(textShownAt(workbench.page, ROWS, '12/12 nodes'), textShownAt(panel, 'header', 'Ready')),
    );
    await workbench.picture('detail-ready-dark');
    await measured(
      'degraded',
      status('Degraded', 1),
      last(textShownAt(workbench.page, ROWS, '11/12 nodes'), textShownAt(panel, 'header', 'Degraded')),
    );
  });

  it('follows the log of a pod of its add-on', async () => {
    const { workbench } = session;
    const log = cluster.containerLog(pod.namespace, pod.name, 'controller');
    log.append([
      '10.0.0.1 - - "GET /healthz HTTP/1.1" 200 2',
      'W1123 08:00:00.000000       1 controller.go:1] slow',
    ]);
    await workbench.runCommand('ClusterPersona: Open Add-on Logs…');
    await workbench.pick(persona);
    await workbench.pick('ingress-nginx');
    const panel = await workbench.webviewWith('text=controller.go');
    const shown = textShownAt(panel, 'body', 'upstream prematurely closed');
    const writtenAt = Date.now();
    log.append(['2026/11/23 08:00:01 [error] 31#31: *7 upstream prematurely closed connection']);
    console.log(
      `      a log line: on the screen ${(await shown) - writtenAt} ms after it was written to the file`,
    );
    await workbench.picture('logs-dark');
  });

  for (const theme of ['light', 'highContrastDark', 'highContrastLight', 'dark'] as const) {
    it(`looks right in ${theme}`, async () => {
      const { workbench } = session;
      await workbench.setTheme(theme);
      await workbench.picture(`logs-${theme}`);
      await workbench
        .editorTab(new RegExp(`^${persona}`))
        .first()
        .click();
      await workbench.webviewWith(DETAIL);
      await workbench.picture(`detail-${theme}`);
      await workbench.editorTab('ingress-nginx').first().click();
      await workbench.webviewWith('text=controller.go');
    });
  }

  it('shows a panel that was hidden as it is now', async () => {
    const { workbench } = session;
    await cluster.patchStatus(
      persona,
      sampleStatus({ phase: 'Ready', nodes: 9, notReady: 0, ingressNamespace: pod.namespace }),
    );
    await workbench.treeRow('9/9 nodes').first().waitFor({ timeout: APPEAR_DEADLINE_MS });
    await workbench
      .editorTab(new RegExp(`^${persona}`))
      .first()
      .click();
    const panel = await workbench.webviewWith(DETAIL);
    await textShownAt(panel, 'body', 'of 9');
  });

  it('lets a deleted persona vanish from the tree, and says so in its panel', async () => {
    const { workbench } = session;
    const panel = await workbench.webviewWith(DETAIL);
    await measured(
      'deleted',
      () => cluster.kubectl(['delete', 'clusterpersona', persona]),
      last(textGoneAt(workbench.page, ROWS, persona), textShownAt(panel, 'body', 'deleted')),
    );
    await workbench.picture('detail-deleted-dark');
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });

  async function contextName(): Promise<string> {
    return (await cluster.kubectl(['config', 'current-context'])).trim();
  }
});
