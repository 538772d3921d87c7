// Builds everything that is shipped, and with --tests everything that tests it.
//   node esbuild.mjs [--watch] [--tests] [--production] [--outdir=FOLDER]
import { build, context } from 'esbuild';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { globSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { asciiOutput } from './scripts/asciiOutput.mjs';
import { partsOfPackages } from './scripts/partsOfPackages.mjs';
import { workerText } from './scripts/workerText.mjs';

const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const outdir =
  process.argv.find((argument) => argument.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  logLevel: 'warning',
  metafile: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  // The resource definition is read as it is shipped, wherever it is needed.
  loader: { '.yaml': 'text' },
  plugins: [workerText, partsOfPackages, ...(production ? [asciiOutput] : [])],
  define: { 'process.env.NODE_ENV': JSON.stringify(production ? 'production' : 'development') },
};

/**
 * Modules with a bundle of their own, loaded when first needed: esbuild does not split CommonJS. Where they are imported
 * from the extension's bundle the import becomes a `require` of the file beside it.
 */
const lazyBundles = new Map([
  ['cluster/kubeconfigFetch', './cluster.js'],
  ['cluster/kubeconfigContexts', './kubeconfigs.js'],
  ['cluster/connectionChecks', './checks.js'],
  ['demo/demoCluster', './demo.js'],
  ['doctor', './doctor.js'],
  ['informer/informer', './informer.js'],
  ['viewPanel', './panels.js'],
  ['remote/remoteMode', './remote.js'],
]);

/** @type {import('esbuild').Plugin} */
const lazyBundlePlugin = {
  name: 'lazy-bundles',
  setup(pluginBuild) {
    pluginBuild.onResolve(
      {
        filter:
          /\/(kubeconfigFetch|kubeconfigContexts|connectionChecks|demoCluster|doctor|informer|viewPanel|remoteMode)$/,
      },
      (args) => {
        const bundle = lazyBundles.get(args.path.replace(/^(\.\.?\/)+/, ''));
        return bundle === undefined ? undefined : { path: bundle, external: true };
      },
    );
  },
};

/** @type {import('esbuild').BuildOptions} */
const node = { ...shared, platform: 'node', target: 'node22', format: 'cjs' };
/** The oldest VS Code that may load the extension, 1.125, shows its webviews in Chromium 142. */
const webviewTarget = 'chrome142';

/** The files of the page as they are served; known once the hub was built. */
const pageFiles = [];

/** @type {import('esbuild').BuildOptions} */
const page = {
  ...shared,
  entryPoints: { page: 'webview/page/main.tsx', icon: 'webview/page/icon.svg' },
  outdir: 'page',
  write: false,
  // They would be larger than the hub, and what is built for development can be read as it is.
  sourcemap: false,
  platform: 'browser',
  // Browsers from 2024 on, as docs/hub-server.md says.
  target: ['chrome122', 'firefox127', 'safari17.4'],
  format: 'iife',
  jsx: 'automatic',
  loader: { ...shared.loader, '.ttf': 'file', '.svg': 'copy' },
  // What a name stands for never changes, so that browsers keep it.
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
};

/**
 * Builds the page into the program that serves it, compressed already: the program stays one file, and reads no other.
 * @type {import('esbuild').Plugin}
 */
const pagePlugin = {
  name: 'page',
  setup(pluginBuild) {
    const namespace = 'page';
    pluginBuild.onResolve({ filter: /^clusterpersona:page$/ }, ({ path: name }) => ({
      path: name,
      namespace,
    }));
    pluginBuild.onLoad({ filter: /.*/, namespace }, async () => {
      const { outputFiles = [], metafile } = await build(page);
      const quality = production ? constants.BROTLI_MAX_QUALITY : constants.BROTLI_MIN_QUALITY;
      pageFiles.splice(0);
      const files = outputFiles.map(({ path: file, contents }) => {
        const bytes = Buffer.from(contents);
        const gzip = gzipSync(bytes, {
          level: production ? constants.Z_BEST_COMPRESSION : constants.Z_BEST_SPEED,
        });
        const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
        const name = path.basename(file);
        pageFiles.push({ file: `page/${name}`, bytes, gzip, brotli });
        return { name, gzip: gzip.toString('base64'), brotli: brotli.toString('base64') };
      });
      const named = (pattern) => files.find(({ name }) => pattern.test(name))?.name;
      const builtPage = {
        script: named(/^page-.*\.js$/),
        style: named(/^page-.*\.css$/),
        icon: named(/\.svg$/),
        files,
      };
      return {
        contents: `export const builtPage = ${JSON.stringify(builtPage)};`,
        resolveDir: process.cwd(),
        watchFiles: Object.keys(metafile?.inputs ?? {}).map((file) => path.resolve(file)),
      };
    });
  },
};

/** @type {import('esbuild').BuildOptions[]} */
const shipped = [
  {
    ...node,
    entryPoints: { extension: 'src/extension/main.ts' },
    outdir,
    external: ['vscode'],
    plugins: [...shared.plugins, lazyBundlePlugin],
  },
  { ...node, entryPoints: { cluster: 'src/cluster/kubeconfigFetch.ts' }, outdir },
  { ...node, entryPoints: { kubeconfigs: 'src/cluster/kubeconfigContexts.ts' }, outdir },
  { ...node, entryPoints: { checks: 'src/cluster/connectionChecks.ts' }, outdir },
  { ...node, entryPoints: { demo: 'src/demo/demoCluster.ts' }, outdir },
  {
    ...node,
    entryPoints: { doctor: 'src/extension/diagnosis/doctor.ts' },
    outdir,
    external: ['vscode'],
  },
  {
    ...node,
    entryPoints: { panels: 'src/extension/panels/viewPanel.ts' },
    outdir,
    external: ['vscode'],
  },
  { ...node, entryPoints: { informer: 'src/informer/informer.ts' }, outdir },
  { ...node, entryPoints: { remote: 'src/remote/remoteMode.ts' }, outdir },
  // A program of its own: it runs from this one file, and nothing of an editor may get into it.
  {
    ...node,
    entryPoints: { hub: 'src/server/main.ts' },
    outdir,
    banner: { js: '#!/usr/bin/env node' },
    plugins: [...shared.plugins, pagePlugin],
  },
  {
    ...shared,
    entryPoints: { 'extension.browser': 'src/extension/browser.ts' },
    outdir,
    platform: 'browser',
    target: webviewTarget,
    format: 'cjs',
    external: ['vscode'],
  },
  {
    ...shared,
    entryPoints: { detail: 'webview/detail/main.tsx', logs: 'webview/logs/main.tsx' },
    outdir: path.join(outdir, 'webview'),
    platform: 'browser',
    target: webviewTarget,
    format: 'iife',
    jsx: 'automatic',
    loader: { ...shared.loader, '.ttf': 'file' },
    assetNames: '[name]',
  },
];

/** @type {() => import('esbuild').BuildOptions} */
const tests = () => ({
  ...node,
  entryPoints: globSync(['test/**/*.test.{ts,tsx}', 'test/vscode/index.ts']),
  outbase: 'test',
  outdir: path.join(outdir, 'test'),
  jsx: 'automatic',
  loader: { ...shared.loader, '.ttf': 'empty', '.css': 'empty', '.node': 'empty' },
  external: [
    'vscode',
    'mocha',
    'playwright-core',
    '@vscode/test-electron',
    'esbuild',
    'happy-dom',
    // Bundled, its `act` finds no timers of Node and opens ports instead, which keep the process alive.
    'react',
    'react-dom',
  ],
});

const jobs = [...shipped, ...(flags.has('--tests') ? [tests()] : [])];

if (flags.has('--watch')) {
  const contexts = await Promise.all(jobs.map((job) => context({ ...job, logLevel: 'info' })));
  await Promise.all(contexts.map((job) => job.watch()));
} else {
  rmSync(outdir, { recursive: true, force: true });
  const results = await Promise.all(jobs.map((job) => build(job)));
  reportSizes(results.slice(0, shipped.length));
}

/** Prints each shipped file with its size on disk and as it travels. */
function reportSizes(results) {
  const files = results
    .flatMap((result) => Object.keys(result.metafile.outputs))
    .filter((file) => !file.endsWith('.map'))
    .map((file) => ({ file, bytes: readFileSync(file) }))
    // In the hub, as they are served.
    .concat(pageFiles);
  const width = Math.max(...files.map(({ file }) => path.normalize(file).length));
  console.log(`${'bundle'.padEnd(width)}  ${'kB'.padStart(8)}  ${'gzip kB'.padStart(8)}`);
  for (const { file, bytes } of files.toSorted((a, b) => b.bytes.length - a.bytes.length)) {
    const kilobytes = (size) => (size / 1000).toFixed(1).padStart(8);
    console.log(
      `${path.normalize(file).padEnd(width)}  ${kilobytes(bytes.length)}  ${kilobytes(gzipSync(bytes).length)}`,
    );
  }
}
