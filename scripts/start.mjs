// Shows the extension at work: npm start [-- --kubeconfig FILE]
// Builds scripts/start.ts, which does it, and runs it under the Node that npm ci brought.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.dirname(import.meta.dirname);
process.chdir(root);
const node = path.join(root, 'node_modules', '.bin', 'node');
const outfile = path.join(root, 'dist', 'scripts', 'start.js');

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['scripts/start.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  external: ['playwright-core', '@vscode/test-electron'],
  logLevel: 'warning',
});
// An interrupt goes to both: the one that was started says good-bye, this one waits for it.
process.on('SIGINT', () => undefined);
const { status } = spawnSync(node, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 0);
