import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../test/support/testbed/cacheFolder';
import { ensureVscodeServer } from '../test/support/testbed/codeServer';
import { runCommand } from '../test/support/testbed/command';
import { executableOnPath } from '../test/support/testbed/executableOnPath';
import { repositoryRoot } from '../test/support/testbed/repositoryRoot';
import { temporaryFolder } from '../test/support/testbed/temporaryFolder';
import { startVscodeServer } from '../test/support/testbed/vscodeServer';

const USAGE = 'npm start [-- --kubeconfig FILE]';
const BUILD_DEADLINE_MS = 5 * 60_000;

const say = (line: string): void => console.log(line);

/** What the editor is to do at its start. */
function settingsFor(kubeconfig: string | undefined): Record<string, unknown> {
  return kubeconfig === undefined
    ? { 'clusterpersona.connectOnStart': 'demo' }
    : { 'clusterpersona.connectOnStart': 'current', 'clusterpersona.kubeconfigs': [kubeconfig] };
}

/** In desktop VS Code, with a profile of its own, so that nobody's settings are touched. */
async function startOnDesktop(code: string, settings: Record<string, unknown>): Promise<void> {
  say('Building the extension …');
  await runCommand(process.execPath, ['esbuild.mjs'], {
    cwd: repositoryRoot(),
    deadlineMs: BUILD_DEADLINE_MS,
  });
  const profile = cacheFolder('start-desktop', []);
  const userFolder = join(profile, 'user-data', 'User');
  mkdirSync(userFolder, { recursive: true });
  writeFileSync(join(userFolder, 'settings.json'), JSON.stringify(settings, undefined, 2));
  await runCommand(code, [
    '--new-window',
    `--user-data-dir=${join(profile, 'user-data')}`,
    `--extensions-dir=${join(profile, 'extensions')}`,
    `--extensionDevelopmentPath=${repositoryRoot()}`,
  ]);
  say('Desktop VS Code is opening. The clusters are in its sidebar, under the ClusterPersona icon.');
}

/** In the VS Code server, shown by the default browser; until it is interrupted. */
async function startOnServer(settings: Record<string, unknown>): Promise<void> {
  const server = await ensureVscodeServer((line) => say(`- ${line}`));
  if (server.type === 'missing') {
    throw new Error(`There is neither desktop VS Code nor its server: ${server.reason}`);
  }
  say('Packaging the extension …');
  await runCommand('npm', ['run', '--silent', 'package'], {
    cwd: repositoryRoot(),
    deadlineMs: BUILD_DEADLINE_MS,
  });
  const folder = temporaryFolder('start');
  const vsix = join(folder.path, 'clusterpersona.vsix');
  cpSync(join(repositoryRoot(), 'dist', 'clusterpersona.vsix'), vsix);
  const running = await startVscodeServer({
    server: server.tool,
    installVsix: vsix,
    machineSettings: settings,
    connectionToken: randomBytes(24).toString('hex'),
    withSmokeTestDriver: false,
    workspaceTrust: true,
    // Sign-in programs look for their own files in the home folder.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => /^(HOME|USERPROFILE|XDG_.*_HOME)$/.test(name)),
    ),
  });
  folder.remove();
  say(
    `\nVS Code is ready at\n\n  ${running.url}\n\nThe clusters are in its sidebar. Press Ctrl+C to stop it.`,
  );
  openInBrowser(running.url);
  await new Promise<void>((done) => {
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
  });
  await running.stop();
}

function openInBrowser(url: string): void {
  const opener =
    { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? executableOnPath('xdg-open');
  if (opener !== undefined) {
    // Without a browser the printed address is what counts.
    spawn(opener, [url], { stdio: 'ignore', detached: true })
      .on('error', () => undefined)
      .unref();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { kubeconfig: { type: 'string' } } });
  const kubeconfig = values.kubeconfig === undefined ? undefined : resolve(values.kubeconfig);
  if (kubeconfig !== undefined && !existsSync(kubeconfig)) {
    throw new Error(`There is no file ${kubeconfig}`);
  }
  const settings = settingsFor(kubeconfig);
  const code = executableOnPath('code');
  await (code === undefined ? startOnServer(settings) : startOnDesktop(code, settings));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(`Usage: ${USAGE}`);
  process.exitCode = 1;
});
