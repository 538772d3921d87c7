import { appendFileSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import type { TestCounts } from '../support/testbed/testCounts';

/** Must equal reportVariable in test/support/testbed/hostSuite.ts, which can't be bundled into an extension host. */
const reportVariable = 'CLUSTERPERSONA_HOST_REPORT';

/**
 * VS Code calls this in the extension host: the desktop's through @vscode/test-electron, and the server's through
 * the page's smoke-test driver. Rejects when a test failed, which both turn into a non-zero exit code.
 */
export async function run(): Promise<void> {
  const report = process.env[reportVariable];
  if (report !== undefined) {
    Mocha.reporters.Base.consoleLog = (...line: unknown[]) =>
      appendFileSync(`${report}.txt`, `${format(...line)}\n`);
  }
  const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, color: false, reporter: 'spec' });
  for (const file of globSync('**/*.test.js', { cwd: join(__dirname, 'host') }).sort()) {
    mocha.addFile(join(__dirname, 'host', file));
  }
  const counts = await new Promise<TestCounts>((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failed: failures, skipped: pending });
    });
  });
  if (report !== undefined) {
    writeFileSync(`${report}.json`, JSON.stringify(counts));
  }
  if (counts.failed > 0 || counts.passed + counts.skipped === 0) {
    throw new Error(`${counts.failed} tests failed, ${counts.passed} passed`);
  }
}
