import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { RealCluster } from '../../support/testbed/realCluster';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireKubernetes, requireVscode } from '../../support/testbed/requireTool';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';
import { overflowPx, standstill } from './webviewLook';

const DEADLINE_MS = 30_000;
/** How long a view is watched for standing still, and the longest it may. */
const WATCHED_MS = 5_000;
const STANDSTILL_MS = 1_000;
const TABS = ['Overview', 'Nodes', 'Add-ons', 'Conditions'] as const;
const LONG_NAME = `a${'-very-long'.repeat(24)}-name`;
/** What only a program would say. */
const NO_WORDS = /\bNaN\b|Infinity|undefined|\[object/;
/** Characters that are not seen, and change what is seen around them. */
const UNSEEN = /(?![\t\n\r])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u;

const many = <T>(count: number, make: (place: number) => T): T[] =>
  Array.from({ length: count }, (_, place) => make(place));

const conditions = many(5_000, (place) => ({
  type: `Condition${place}`,
  status: 'Unknown',
  reason: 'NobodyLooked',
  message: `message ${place}`,
  lastTransitionTime: '2026-01-01T00:00:00Z',
}));

const nodes = many(3_000, (place) => ({
  name: `node-${place}`,
  role: 'worker',
  ready: place % 10 > 0,
  capacity: { cpu: '1e999', memory: '-5Gi', pods: '999999999999999999999Ei' },
  labels: { note: 'x'.repeat(150) },
}));

const oddNames = [
  'a\u0001b\u001B[31mred',
  'line\nbreak\ttab',
  '\u202Egnp.exe',
  'שלום-עולם',
  '$(error) **bold** [link](command:workbench.action.quit)',
  'x'.repeat(10_000),
];
const oddQuantities = ['1e999', '-5Gi', 'NaN', '1E30', '0.0000001', '999999999999999999999Ei'];
const odd = {
  phase: 'Degraded',
  platform: 'p'.repeat(100_000),
  kubernetesVersion: `v1.34.2+${'v'.repeat(5_000)}`,
  nodes: oddNames.map((name, place) => ({
    name,
    role: name,
    ready: false,
    kubeletVersion: name,
    containerRuntime: name,
    taints: [name],
    capacity: { cpu: oddQuantities[place], memory: oddQuantities[place], pods: oddQuantities[place] },
  })),
  addons: [
    ...oddNames.map((name) => ({ name, installed: true, healthy: false, version: name })),
    ...many(2_000, (place) => ({ name: `missing-${place}`, installed: false })),
  ],
  resourceSummary: {
    totalCPU: '1e999',
    usedCPU: '-5',
    cpuUtilization: 'NaN%',
    totalMemory: '1E30',
    usedMemory: '0.0000001',
    memoryUtilization: '1e999%',
  },
  conditions: [
    {
      type: `T${'y'.repeat(300)}`,
      status: 'False',
      reason: `R${'e'.repeat(1_000)}`,
      message: oddNames.join(' '),
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ],
};

describe('Hostile but legal data, from the API server to the screen', function () {
  this.timeout(180_000);
  let cluster: RealCluster;
  let session: VscodeSession;
  let folder: TemporaryFolder;

  before(async function () {
    const binaries = requireKubernetes(this);
    const tools = requireVscode(this);
    cluster = await RealCluster.start(binaries, { name: 'prod-eu', withCrd: true });
    folder = temporaryFolder('hostile');
    for (const name of ['conditions', 'nodes', 'odd', LONG_NAME]) {
      await cluster.apply({
        apiVersion: 'dorgu.io/v1',
        kind: 'ClusterPersona',
        metadata: { name, labels: Object.fromEntries(many(50, (place) => [`l${place}`, 'v'.repeat(63)])) },
        spec: { name: oddNames[5], description: oddNames.join(' '), environment: 'production' },
      });
    }
    await patchStatus('odd', odd);
    session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      env: { KUBECONFIG: cluster.kubeconfigs.admin },
    });
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.runCommand('ClusterPersona: Connect…');
    await workbench.pick('prod-eu');
    await workbench.treeRow('conditions').first().waitFor({ timeout: DEADLINE_MS });
  });

  afterEach(pictureOfFailure(() => session));
  after(async () => {
    await session?.stop();
    await cluster?.stop();
    folder?.remove();
  });

  /** As a file: it is longer than a command line may be. */
  async function patchStatus(name: string, status: object): Promise<void> {
    const patch = join(folder.path, 'patch.json');
    writeFileSync(patch, JSON.stringify({ status }));
    await cluster.kubectl([
      'patch',
      'clusterpersona',
      name,
      '--subresource=status',
      '--type=merge',
      `--patch-file=${patch}`,
    ]);
  }

  async function open(name: string): Promise<Frame> {
    // A row has the beginning of a long name.
    await session.workbench.treeRow(name.slice(0, 60)).first().click();
    return session.workbench.webviewWith(`h1:text-is("${name}")`);
  }

  /** Every tab, wide and as narrow as a panel gets beside others. */
  async function lookAt(name: string): Promise<void> {
    const { workbench } = session;
    for (const width of [1280, 720]) {
      await workbench.page.setViewportSize({ width, height: 800 });
      const panel = await workbench.webviewWith(`h1:text-is("${name}")`);
      for (const tab of TABS) {
        await panel.getByRole('tab', { name: tab }).click();
        const text = await panel.locator('body').innerText();
        assert.doesNotMatch(text, NO_WORDS, `${tab} at ${width} px`);
        await workbench.picture(`hostile-${name.slice(0, 10)}-${tab.toLowerCase()}-${width}`);
        assert.doesNotMatch(text, UNSEEN, `${tab} at ${width} px`);
        assert.equal(await overflowPx(panel), 0, `${tab} at ${width} px: nothing scrolls sideways`);
      }
    }
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  }

  for (const { name, what, status, shows } of [
    {
      name: 'conditions',
      what: 'five thousand conditions',
      status: { phase: 'Ready', conditions },
      shows: '5,000',
    },
    {
      name: 'nodes',
      what: 'three thousand nodes in a megabyte',
      status: { phase: 'Degraded', nodes },
      shows: 'of 3,000',
    },
  ]) {
    it(`${what}: the view never stands still for a second`, async () => {
      const { workbench } = session;
      const panel = await open(name);
      const longest = standstill(panel, WATCHED_MS);
      await patchStatus(name, status);
      await panel.getByText(shows).first().waitFor({ timeout: DEADLINE_MS });
      const longestMs = await longest;
      console.log(`      the panel stood still for ${Math.round(longestMs)} ms at the most`);
      await workbench.picture(`hostile-${name}`);
      assert.ok(longestMs < STANDSTILL_MS);
      await lookAt(name);
    });
  }

  it('figures and texts that nobody means', async () => {
    await open('odd');
    await lookAt('odd');
  });

  it('a name as long as a name can be', async () => {
    await open(LONG_NAME);
    await lookAt(LONG_NAME);
  });

  it('the tree says each in a line, and its tooltips in a few', async () => {
    const { workbench } = session;
    const expand = (row: string | RegExp): Promise<void> =>
      workbench.treeRow(row).first().locator('.monaco-tl-twistie').click();
    await expand('conditions');
    const summary = workbench.treeRow('and 4,997 more').or(workbench.treeRow('and 4997 more')).first();
    await summary.waitFor({ timeout: DEADLINE_MS });
    const openedAt = performance.now();
    await summary.locator('.monaco-tl-twistie').click();
    await workbench.treeRow('NobodyLooked').first().waitFor({ timeout: DEADLINE_MS });
    console.log(`      5,000 rows were opened in ${Math.round(performance.now() - openedAt)} ms`);
    await workbench.picture('hostile-tree-conditions');
    await expand('conditions');
    await expand('odd');
    // From below, so that no row is pushed out of sight before it is opened.
    for (const group of [/^\s*Conditions/, /^\s*Add-ons/, /^\s*Nodes/]) {
      await expand(group);
    }
    await workbench.treeRow('line').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.picture('hostile-tree-odd');
    for (const text of await workbench.treeRow(/./).allInnerTexts()) {
      assert.ok(text.length < 600, `a row of ${text.length} characters`);
      assert.doesNotMatch(text, NO_WORDS);
      assert.doesNotMatch(text, UNSEEN);
    }
    for (const row of ['odd', 'a-very-long']) {
      await workbench.treeRow(row).first().hover();
      const tooltip = workbench.page.locator('.workbench-hover-container').first();
      await tooltip.getByText('Platform').waitFor({ timeout: DEADLINE_MS });
      const text = await tooltip.innerText();
      assert.ok(text.includes('$(error) **bold** [link]'), text);
      assert.ok(text.length < 1_500, `a tooltip of ${text.length} characters`);
      assert.doesNotMatch(text, NO_WORDS);
      assert.doesNotMatch(text, UNSEEN);
      await workbench.picture(`hostile-tooltip-${row}`);
      await workbench.page.keyboard.press('Escape');
      await workbench.page.mouse.move(700, 780);
      await tooltip.waitFor({ state: 'hidden', timeout: DEADLINE_MS });
    }
  });

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});
