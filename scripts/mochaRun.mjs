// Runs one mocha suite in this process and leaves its counts in a file.
//   node scripts/mochaRun.mjs COUNTS_FILE TIMEOUT_MS [--count-only] FILE...
// --count-only runs no test and passes every one, also where there is no VS Code to import: it tells how many there are.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import Mocha from 'mocha';

const [countsFile, timeoutMs, ...rest] = process.argv.slice(2);
const countOnly = rest[0] === '--count-only';
const files = countOnly ? rest.slice(1) : rest;

// After its last test a suite has this long to let go of what keeps the process alive.
const leakDeadlineMs = 10_000;

if (countOnly) {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url: 'stub:vscode', shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === 'stub:vscode'
        ? {
            format: 'commonjs',
            source:
              'module.exports = new Proxy(class {}, { get: () => module.exports, apply: () => module.exports });',
            shortCircuit: true,
          }
        : next(url, context),
  });
}

const mocha = new Mocha({
  ui: 'bdd',
  timeout: Number(timeoutMs),
  dryRun: countOnly,
  forbidOnly: Boolean(process.env.CI),
  reporter: countOnly ? Mocha.reporters.Base : 'spec',
});
for (const file of files) {
  mocha.addFile(file);
}
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  const { passes, pending } = runner.stats;
  writeFileSync(countsFile, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
  process.exitCode = failures === 0 ? 0 : 1;
  setTimeout(() => {
    const kept = process.getActiveResourcesInfo().filter((name) => name !== 'Timeout');
    console.error(`The suite ended, but something keeps its process alive: ${kept.join(', ') || 'a timer'}`);
    process.exit(2);
  }, leakDeadlineMs).unref();
});
