// Runs every test, and gets by itself what they need:
//   npm test [-- --only unit,model,integration,host,desktop,ui,vsix]
// The last line counts the tests of all suites. With CI set, a missing part (but desktop VS Code) is a failure.
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const root = path.dirname(import.meta.dirname);
process.chdir(root);
const inCi = Boolean(process.env.CI);

// npm puts the Node of the package `node` first in the PATH; called in any other way, look for it.
if (Number(process.versions.node.split('.')[0]) < 24) {
  const node = path.join(root, 'node_modules', '.bin', 'node');
  const { status } = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(status ?? 1);
}

/**
 * What a suite needs is prepared before it; a suite itself decides what it skips without.
 * `files` are relative to dist/test; `host` and `desktop` run theirs inside VS Code.
 */
const suites = [
  {
    name: 'unit',
    title: 'Unit, and what conformance can be had in process',
    needs: [],
    files: [
      'unit/**/*.test.js',
      'conformance/informer/*.test.js',
      'conformance/informer/faultServer/*.test.js',
      'conformance/informer/demoCluster/*.test.js',
      'conformance/logs/demoCluster.test.js',
    ],
    timeoutMs: 5_000,
  },
  {
    name: 'model',
    title: 'Random sequences against a model',
    needs: [],
    files: ['model/**/*.test.js'],
    timeoutMs: 120_000,
  },
  {
    name: 'integration',
    title: 'Integration, real Kubernetes API',
    needs: ['kubernetes', 'browser', 'helm'],
    files: [
      'integration/**/*.test.js',
      'conformance/kubectl/*.test.js',
      'conformance/informer/realApiServer/*.test.js',
      'conformance/logs/realApiServer.test.js',
    ],
    timeoutMs: 60_000,
  },
  {
    name: 'host',
    title: 'Extension host, VS Code server',
    needs: ['vscode'],
    files: ['vscode/host/**/*.test.js'],
  },
  {
    name: 'desktop',
    title: 'Extension host, desktop VS Code',
    needs: [],
    files: ['vscode/host/**/*.test.js'],
  },
  {
    name: 'ui',
    title: 'End to end, VS Code in a browser',
    needs: ['kubernetes', 'vscode'],
    files: ['vscode/ui/**/*.test.js'],
    timeoutMs: 120_000,
  },
  {
    name: 'vsix',
    title: 'The packaged extension',
    needs: ['vscode'],
    files: ['vscode/vsix/**/*.test.js'],
    timeoutMs: 120_000,
  },
];

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const names = values.only?.split(',') ?? suites.map((suite) => suite.name);
for (const name of names.filter((each) => suites.every((suite) => suite.name !== each))) {
  console.error(`No suite "${name}": there are ${suites.map((suite) => suite.name).join(', ')}`);
  process.exit(1);
}
const chosen = suites.filter((suite) => names.includes(suite.name));

const report = (line) => console.log(`- ${line}`);
const started = performance.now();
const scratch = mkdtempSync(path.join(tmpdir(), 'clusterpersona-tests-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];

function add(suite, counts, note = '') {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const { passed, failed, skipped } = counts;
  summary.push(
    `${suite.title}: ${passed} ok, ${failed} not ok, ${skipped} left out${note === '' ? '' : ` (${note})`}`,
  );
}

function fail(suite, why, counts = { passed: 0, failed: 0, skipped: 0 }) {
  console.error(`\n${suite.title}: ${why}\n`);
  add(suite, { ...counts, failed: counts.failed + 1 }, why.split('\n')[0]);
}

function run(program, args, env = process.env) {
  return spawnSync(program, args, { stdio: 'inherit', env }).status;
}

// ---- build ----

let vsix;
if (names.includes('vsix')) {
  report('Packaging the extension');
  if (run('npm', ['run', '--silent', 'package']) === 0) {
    vsix = path.join(scratch, 'clusterpersona.vsix');
    copyFileSync('dist/clusterpersona.vsix', vsix);
  }
}
report('Building the extension and its tests');
if (run(process.execPath, ['esbuild.mjs', '--tests']) !== 0) {
  console.error('The build failed.');
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
const { build } = await import('esbuild');
await build({
  entryPoints: ['test/support/testbed/testBed.ts'],
  outfile: 'dist/test/testBed.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  sourcemap: 'linked',
  external: ['playwright-core', '@vscode/test-electron'],
});
const testBed = createRequire(import.meta.url)(path.join(root, 'dist/test/testBed.js'));

// ---- prepare ----

const needs = new Set(chosen.flatMap((suite) => suite.needs));
if (needs.has('vscode')) {
  for (const tool of [await testBed.ensureVscodeServer(report), await testBed.ensureChromium(report)]) {
    if (tool.type === 'missing') report(`Missing: ${tool.reason}`);
  }
}
if (needs.has('browser')) {
  const tool = await testBed.ensureChromium(report);
  if (tool.type === 'missing') report(`Missing: ${tool.reason}`);
}
if (needs.has('kubernetes')) {
  const tool = await testBed.ensureKubernetesBinaries(report);
  if (tool.type === 'missing') report(`Missing: ${tool.reason}`);
}

if (needs.has('helm')) {
  const tool = await testBed.ensureHelm(report);
  if (tool.type === 'missing') report(`Missing: ${tool.reason}`);
}

// ---- run ----

function filesOf(suite) {
  return suite.files
    .flatMap((pattern) => globSync(pattern, { cwd: 'dist/test' }).map((file) => `dist/test/${file}`))
    .sort();
}

/** Runs the suite's files with mocha in a process of its own. Undefined when that ends without counts. */
function mocha(suite, options = []) {
  const countsFile = path.join(scratch, `${suite.name}${options.join('')}.json`);
  const args = ['--enable-source-maps', 'scripts/mochaRun.mjs', countsFile, String(suite.timeoutMs ?? 5_000)];
  const env = { ...process.env, ...(vsix === undefined ? {} : { CLUSTERPERSONA_VSIX: vsix }) };
  const status = run(process.execPath, [...args, ...options, ...filesOf(suite)], env);
  try {
    return { status, counts: testBed.parseCounts(readFileSync(countsFile, 'utf8')) };
  } catch {
    return { status, counts: undefined };
  }
}

function skipAll(suite, reason) {
  const counts = mocha(suite, ['--count-only']).counts;
  if (counts === undefined) {
    fail(suite, 'its tests could not be counted');
    return;
  }
  console.log(`  left out: ${reason}`);
  add(suite, { passed: 0, failed: 0, skipped: counts.passed + counts.skipped }, reason);
}

/** The same suite in either kind of VS Code. */
async function inExtensionHost(suite) {
  const paths = {
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'dist/test/vscode/index.js'),
  };
  const outcome =
    suite.name === 'desktop' ? await testBed.runOnDesktop(paths, report) : await testBed.runOnServer(paths);
  if (outcome.type === 'missing') {
    if (inCi && suite.name !== 'desktop') {
      fail(suite, outcome.reason);
    } else {
      skipAll(suite, outcome.reason);
    }
    return;
  }
  console.log(outcome.tool.output);
  add(suite, outcome.tool.counts);
}

for (const suite of chosen) {
  console.log(`\n== ${suite.title} ==`);
  const startMs = performance.now();
  const before = summary.length;
  try {
    if (filesOf(suite).length === 0) {
      fail(suite, 'it has no test files');
    } else if (suite.name === 'vsix' && vsix === undefined) {
      fail(suite, 'the extension could not be packaged');
    } else if (suite.name === 'host' || suite.name === 'desktop') {
      await inExtensionHost(suite);
    } else {
      const { status, counts } = mocha(suite);
      if (counts === undefined) {
        fail(suite, `it crashed (exit code ${status})`);
      } else if (counts.passed + counts.failed + counts.skipped === 0) {
        fail(suite, 'it has no tests');
      } else if (status !== 0 && counts.failed === 0) {
        fail(suite, `its process ended with ${status} though every test passed`, counts);
      } else {
        add(suite, counts);
      }
    }
  } catch (error) {
    fail(suite, error instanceof Error ? error.message : String(error));
  }
  for (let index = before; index < summary.length; index += 1) {
    summary[index] += `, ${((performance.now() - startMs) / 1000).toFixed(1)} s`;
  }
}

console.log(`\n${summary.join('\n')}\nTook ${((performance.now() - started) / 1000).toFixed(1)} s`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
