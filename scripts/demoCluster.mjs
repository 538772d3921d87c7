// Serves the demo cluster: npm run demo-cluster -- --help
// Builds scripts/demoCluster.ts, which does it, and runs it under the Node that npm ci brought.
import { build, stop } from 'esbuild';
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

// Files that are named on the command line belong to the caller's folder.
const caller = process.env.INIT_CWD ?? process.cwd();
const root = path.dirname(import.meta.dirname);
process.chdir(root);
const node = path.join(root, 'node_modules', '.bin', 'node');
const outfile = path.join(root, 'dist', 'scripts', 'demoCluster.js');

await build({
  entryPoints: ['scripts/demoCluster.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  loader: { '.yaml': 'text' },
  logLevel: 'warning',
});
await stop();
// Besides what the terminal sends to both, whoever ends this one means the other; and the channel tells it of our end.
const served = spawn(node, [outfile, ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  cwd: caller,
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => served.kill(signal));
}
served.on('exit', (code) => process.exit(code ?? 1));
