// Measures how fast and how small things are: npm run bench [-- NAME… [--json FILE] [--cluster demo|real] [--long]]
// Builds test/bench/main.ts and the programs that it starts, and runs it under the Node that npm ci brought.
import { build, stop } from 'esbuild';
import { spawn } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { asciiOutput } from './asciiOutput.mjs';
import { partsOfPackages } from './partsOfPackages.mjs';
import { workerText } from './workerText.mjs';

const root = path.dirname(import.meta.dirname);
process.chdir(root);
const node = path.join(root, 'node_modules', '.bin', 'node');
const outdir = path.join(root, 'dist', 'bench');

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: ['test/bench/main.ts', ...globSync('test/bench/**/*Program.ts')],
  outdir,
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  // As what is shipped is built, since it is what is measured.
  minify: true,
  sourcemap: 'linked',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.yaml': 'text' },
  plugins: [workerText, partsOfPackages, asciiOutput],
  metafile: true,
  external: ['playwright-core'],
  logLevel: 'warning',
});
// The log panel as it is shipped, and the page around it in a browser.
await build({
  entryPoints: { logs: 'webview/logs/main.tsx', floodPage: 'test/bench/webview/floodPage.ts' },
  outdir: path.join(outdir, 'webview'),
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'chrome142',
  jsx: 'automatic',
  minify: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
  logLevel: 'warning',
});
await stop();
const bench = spawn(node, [path.join(outdir, 'main.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
// An interrupt goes to both: the one that was started ends its servers, this one waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => bench.kill(signal));
}
bench.on('exit', (code) => process.exit(code ?? 1));
