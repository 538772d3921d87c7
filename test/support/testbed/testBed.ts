/** What scripts/test.mjs calls: it is plain JavaScript, and this is bundled for it. */
import { findChromium } from './chromium';
import { findVscodeServer } from './codeServer';
import { type ExtensionUnderTest, type HostSuiteResult, runHostSuite } from './hostSuite';
import type { ToolState } from './toolState';

export { ensureChromium } from './chromium';
export { ensureVscodeServer } from './codeServer';
export { ensureHelm } from './helm';
export { runOnDesktop } from './desktopVscode';
export { ensureKubernetesBinaries } from './kubernetesBinaries';
export { parseCounts } from './testCounts';

const hostSuiteDeadlineMs = 5 * 60_000;

/** Runs the host suite in the VS Code server's extension host; rejects when it does not come to its end. */
export async function runOnServer(extension: ExtensionUnderTest): Promise<ToolState<HostSuiteResult>> {
  const server = findVscodeServer();
  const chromium = findChromium();
  if (server.type === 'missing') {
    return server;
  }
  if (chromium.type === 'missing') {
    return chromium;
  }
  const tools = { server: server.tool, chromium: chromium.tool };
  return {
    type: 'ready',
    tool: await runHostSuite({ ...extension, tools, deadlineMs: hostSuiteDeadlineMs }),
  };
}
