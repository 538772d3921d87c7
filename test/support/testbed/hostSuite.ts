import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestCounts, parseCounts } from './testCounts';
import { temporaryFolder } from './temporaryFolder';
import { startVscodeServer } from './vscodeServer';
import { Workbench } from './workbench';
import { launchChromium } from './workbenchBrowser';

/** Names the file that the run within the extension host reports to, with `.json` (counts) and `.txt` (output). */
export const reportVariable = 'CLUSTERPERSONA_HOST_REPORT';

export interface HostSuiteResult {
  readonly counts: TestCounts;
  /** What mocha printed. */
  readonly output: string;
}

/** Both paths are absolute. */
export interface ExtensionUnderTest {
  readonly extensionDevelopmentPath: string;
  /** The bundled test/vscode/index.ts. */
  readonly extensionTestsPath: string;
}

export interface HostSuiteOptions extends ExtensionUnderTest {
  readonly tools: { readonly server: string; readonly chromium: string };
  readonly deadlineMs: number;
}

/** Reads what the run in the extension host left at `report`. */
export function readHostReport(report: string): HostSuiteResult | undefined {
  if (!existsSync(`${report}.json`)) {
    return undefined;
  }
  const output = existsSync(`${report}.txt`) ? readFileSync(`${report}.txt`, 'utf8') : '';
  return { counts: parseCounts(readFileSync(`${report}.json`, 'utf8')), output };
}

/**
 * Runs the host suite in the extension host of a VS Code server, with a browser as its window. Rejects when the
 * run does not end within the deadline, or ends without a report.
 */
export async function runHostSuite(options: HostSuiteOptions): Promise<HostSuiteResult> {
  const folder = temporaryFolder('host-suite');
  const report = join(folder.path, 'report');
  const log: string[] = [];
  const server = await startVscodeServer({
    server: options.tools.server,
    extensionDevelopmentPath: options.extensionDevelopmentPath,
    extensionTestsPath: options.extensionTestsPath,
    env: { [reportVariable]: report },
  });
  try {
    const browser = await launchChromium(options.tools.chromium);
    try {
      const exited = Promise.withResolvers<number>();
      await Workbench.open(browser, { url: server.url }, async (page) => {
        await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
          log.push(`${type}: ${args.map(String).join(' ')}`);
        });
        await page.exposeFunction('codeAutomationExit', (code: number) => exited.resolve(code));
      });
      const timer = setTimeout(
        () => exited.reject(new Error(`The host suite did not end within ${options.deadlineMs} ms`)),
        options.deadlineMs,
      );
      const code = await exited.promise.finally(() => clearTimeout(timer));
      const result = readHostReport(report);
      if (result === undefined) {
        throw new Error(`The extension host ended with ${code} and left no report`);
      }
      return result;
    } finally {
      await browser.close();
    }
  } catch (error) {
    const context = [...log.slice(-30), server.lastLogLines()].join('\n');
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${context}`, {
      cause: error,
    });
  } finally {
    await server.stop();
    folder.remove();
  }
}
