import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, fillCacheFolder } from './cacheFolder';
import { CommandError, runCommand } from './command';
import { repositoryRoot } from './repositoryRoot';
import { type Report, type ToolState, reported } from './toolState';

// 8 + 7 s were seen, 600 MB on disk.
const installDeadlineMs = 15 * 60_000;
const packageFiles = ['package.json', 'package-lock.json', '.npmrc'];

function packageFolder(): string {
  return join(repositoryRoot(), 'test', 'support', 'testbed', 'code-server');
}

function serverFolder(): string {
  return cacheFolder(
    'code-server',
    packageFiles.map((file) => join(packageFolder(), file)),
  );
}

function vscodeFolder(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/** The folder of the VS Code server and web workbench (with `out/server-main.js` in it), if it is installed. */
export function findVscodeServer(): ToolState<string> {
  const folder = serverFolder();
  return existsSync(folder)
    ? { type: 'ready', tool: vscodeFolder(folder) }
    : { type: 'missing', reason: 'the VS Code server is not installed' };
}

/**
 * Installs npm's code-server, which carries them, into the user's cache: without install scripts, so neither root
 * nor a compiler is needed. The few native modules that then lack are only missed in the log.
 */
export async function ensureVscodeServer(report: Report): Promise<ToolState<string>> {
  try {
    if (findVscodeServer().type === 'missing') {
      await reported(report, 'Installing the VS Code server', () => fillCacheFolder(serverFolder(), install));
    }
  } catch (error) {
    if (error instanceof CommandError) {
      return { type: 'missing', reason: `the VS Code server could not be installed: ${error.message}` };
    }
    throw error;
  }
  return findVscodeServer();
}

async function install(folder: string): Promise<void> {
  for (const file of packageFiles) {
    copyFileSync(join(packageFolder(), file), join(folder, file));
  }
  await npm(folder, ['ci', '--ignore-scripts']);
  await npm(vscodeFolder(folder), ['install', '--omit=dev', '--ignore-scripts']);
}

/** An `npm run` tells the programs below it about itself, which must not reach an npm in another folder. */
function withoutNpmRun(): NodeJS.ProcessEnv {
  const isAboutThisRun =
    /^(npm_(package|lifecycle)_.*|npm_config_(local_prefix|prefix)|npm_command|INIT_CWD)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isAboutThisRun.test(name)));
}

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  await runCommand('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    env: withoutNpmRun(),
    deadlineMs: installDeadlineMs,
  });
}
