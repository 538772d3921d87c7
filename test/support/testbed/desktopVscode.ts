import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { cacheFolder } from './cacheFolder';
import { executableOnPath, isExecutable } from './executableOnPath';
import { type ExtensionUnderTest, type HostSuiteResult, readHostReport, reportVariable } from './hostSuite';
import { ServerProcess } from './serverProcess';
import { temporaryFolder } from './temporaryFolder';
import { type Report, type ToolState, reported } from './toolState';
import { until } from './until';

const releases = 'https://update.code.visualstudio.com/api/releases/stable';
const probeDeadlineMs = 5_000;
const downloadDeadlineMs = 5 * 60_000;
const runDeadlineMs = 5 * 60_000;
const display = ':97';

async function within<T>(what: string, deadlineMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${what} took longer than ${deadlineMs} ms`)),
    deadlineMs,
  );
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

/** The program behind the `code` command, which itself is a script that would return at once. */
function installedVscode(): string | undefined {
  const given = process.env['VSCODE_EXECUTABLE'];
  if (given !== undefined && given !== '') {
    return given;
  }
  const command = executableOnPath('code');
  if (command === undefined) {
    return undefined;
  }
  const bin = dirname(realpathSync(command));
  return [
    join(bin, '..', 'code'),
    join(bin, '..', 'Code.exe'),
    join(bin, '..', '..', '..', 'MacOS', 'Electron'),
    join(bin, '..', '..', '..', 'MacOS', 'Code'),
  ].find(isExecutable);
}

async function downloadedVscode(report: Report): Promise<ToolState<string>> {
  try {
    const answer = await fetch(releases, { signal: AbortSignal.timeout(probeDeadlineMs) });
    await answer.body?.cancel();
    if (!answer.ok) {
      return {
        type: 'missing',
        reason: `no desktop VS Code here, and its download answers ${answer.status}`,
      };
    }
    let program = '';
    await reported(report, 'Downloading desktop VS Code', async () => {
      const cachePath = cacheFolder('vscode-desktop', []);
      const download = downloadAndUnzipVSCode({ version: 'stable', cachePath, timeout: 30_000 });
      program = await within('The download', downloadDeadlineMs, download);
    });
    return { type: 'ready', tool: program };
  } catch {
    return { type: 'missing', reason: 'no desktop VS Code here, and its download can’t be reached' };
  }
}

/** A virtual screen where there is none. Undefined where none is needed. */
async function startScreen(folder: string): Promise<ToolState<ServerProcess | undefined>> {
  const hasScreen = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  if (process.platform !== 'linux' || hasScreen) {
    return { type: 'ready', tool: undefined };
  }
  const xvfb = executableOnPath('Xvfb');
  if (xvfb === undefined) {
    return { type: 'missing', reason: 'desktop VS Code needs a display, and neither one nor Xvfb is here' };
  }
  const screen = new ServerProcess({
    name: 'Xvfb',
    program: xvfb,
    args: [display, '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
    logFile: join(folder, 'xvfb.log'),
  });
  await until('The virtual screen is there', () => existsSync(`/tmp/.X11-unix/X${display.slice(1)}`), {
    deadlineMs: 10_000,
    failure: () => screen.failure(),
  });
  return { type: 'ready', tool: screen };
}

/**
 * Runs the host suite in desktop VS Code through @vscode/test-electron: in the one `VSCODE_EXECUTABLE` names, the
 * installed one, or a downloaded one. Answers "missing" within seconds where none can be had.
 */
export async function runOnDesktop(
  extension: ExtensionUnderTest,
  report: Report,
): Promise<ToolState<HostSuiteResult>> {
  const folder = temporaryFolder('desktop');
  let screen: ToolState<ServerProcess | undefined> | undefined;
  try {
    const installed = installedVscode();
    const vscode: ToolState<string> =
      installed === undefined ? await downloadedVscode(report) : { type: 'ready', tool: installed };
    if (vscode.type === 'missing') {
      return vscode;
    }
    screen = await startScreen(folder.path);
    if (screen.type === 'missing') {
      return screen;
    }
    const results = join(folder.path, 'report');
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const run = runTests({
      ...extension,
      vscodeExecutablePath: vscode.tool,
      launchArgs: [
        `--user-data-dir=${join(folder.path, 'user-data')}`,
        `--extensions-dir=${join(folder.path, 'extensions')}`,
        '--disable-workspace-trust',
        '--disable-gpu',
        ...asRoot,
      ],
      extensionTestsEnv: {
        [reportVariable]: results,
        ...(screen.tool === undefined ? {} : { DISPLAY: display }),
      },
    });
    // Failed tests make it reject too: those are in the report.
    const failure = await within('Desktop VS Code', runDeadlineMs, run).then(
      () => undefined,
      (error: unknown) => error,
    );
    const result = readHostReport(results);
    if (result === undefined) {
      throw new Error('Desktop VS Code ended without a report', { cause: failure });
    }
    return { type: 'ready', tool: result };
  } finally {
    if (screen?.type === 'ready') {
      await screen.tool?.stop();
    }
    folder.remove();
  }
}
