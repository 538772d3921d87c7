import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command';
import { freePort } from './freePort';
import { repositoryRoot } from './repositoryRoot';
import { ServerProcess } from './serverProcess';
import { temporaryFolder } from './temporaryFolder';
import { until } from './until';

export interface VscodeServerOptions {
  /** The server's `lib/vscode` folder, see ensureVscodeServer. */
  readonly server: string;
  /** Opened as the workspace unless an URL asks for another; an empty temporary folder by default. */
  readonly folder?: string;
  readonly userSettings?: Readonly<Record<string, unknown>>;
  /** Settings of the machine: where a setting that no workspace may set is read from on a server. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** A secret that a window must name to be let in; none by default. Without `folder` the window is then empty. */
  readonly connectionToken?: string;
  /**
   * Added to the environment of the server, and so of its extension host; `undefined` removes a variable. By default
   * there is no KUBECONFIG and the home folder is empty.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Absolute path of an extension under development. Needs the smoke-test driver. */
  readonly extensionDevelopmentPath?: string;
  /** Absolute path of a module whose `run()` the extension host executes. Needs the smoke-test driver. */
  readonly extensionTestsPath?: string;
  /** A VSIX that is installed before the server starts. */
  readonly installVsix?: string;
  /** Lets the page take `payload`, and tell how a test run ended. For tests only; on by default. */
  readonly withSmokeTestDriver?: boolean;
  /** Asks whether a folder is trusted, as VS Code does by default. Off here by default. */
  readonly workspaceTrust?: boolean;
}

export interface VscodeServer {
  /** Opens the workbench, with the folder and extension given at the start. */
  readonly url: string;
  readonly folder: string;
  /** The settings of the machine as they are now, as JSON: also where a window writes those no workspace may set. */
  machineSettings(): string;
  /** The last lines the server printed. */
  lastLogLines(): string;
  stop(): Promise<void>;
}

const startDeadlineMs = 60_000;
const installDeadlineMs = 120_000;

// Whatever would talk to the outside, ask, or cover what a test looks at.
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'security.workspace.trust.banner': 'never',
};

/** The npm package `node`: the VS Code server needs Node 24, whatever runs this. */
function node24(): string {
  return join(repositoryRoot(), 'node_modules', '.bin', 'node');
}

function pageUrl(port: number, folder: string, options: VscodeServerOptions): string {
  if (options.connectionToken !== undefined) {
    const query = new URLSearchParams({ tkn: options.connectionToken });
    if (options.folder === undefined) {
      query.set('ew', 'true');
    } else {
      query.set('folder', folder);
    }
    return `http://127.0.0.1:${port}/?${query.toString()}`;
  }
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [['skipWelcome', 'true']];
  if (options.extensionDevelopmentPath !== undefined) {
    payload.push(['extensionDevelopmentPath', remote(options.extensionDevelopmentPath)]);
  }
  if (options.extensionTestsPath !== undefined) {
    payload.push(['extensionTestsPath', remote(options.extensionTestsPath)]);
  }
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

/**
 * Starts a VS Code server on a free loopback port, with user data, extensions and settings of its own, all in a
 * temporary folder that `stop()` removes. Resolves once it answers.
 */
export async function startVscodeServer(options: VscodeServerOptions): Promise<VscodeServer> {
  const home = temporaryFolder('vscode');
  const within = (name: string): string => {
    const folder = join(home.path, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const folder = options.folder ?? within('workspace');
  const settings = { ...quietSettings, ...options.userSettings };
  writeFileSync(
    join(within(join('user-data', 'User')), 'settings.json'),
    JSON.stringify(settings, undefined, 2),
  );
  const machineFile = join(within(join('user-data', 'Machine')), 'settings.json');
  writeFileSync(machineFile, JSON.stringify(options.machineSettings ?? {}, undefined, 2));
  const main = join(options.server, 'out', 'server-main.js');
  const folders = [
    `--user-data-dir=${within('user-data')}`,
    `--server-data-dir=${within('server-data')}`,
    `--extensions-dir=${within('extensions')}`,
  ];
  // A VS Code terminal tells the programs below it about its own VS Code; this one must not listen.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_')));
  const ownHome = within('home');
  Object.assign(
    env,
    {
      // No marketplace: nothing but loopback is spoken to.
      EXTENSIONS_GALLERY: '{}',
      // The kubeconfig of whoever runs the tests is none of theirs, and what VS Code leaves in a home goes with this one.
      HOME: ownHome,
      USERPROFILE: ownHome,
      XDG_CACHE_HOME: join(ownHome, '.cache'),
      XDG_CONFIG_HOME: join(ownHome, '.config'),
      XDG_DATA_HOME: join(ownHome, '.local', 'share'),
      KUBECONFIG: undefined,
    },
    options.env,
  );

  let server: ServerProcess | undefined;
  const stop = async (): Promise<void> => {
    // Asked politely it waits for windows to come back; there is nothing it would have to save.
    await server?.stop(0);
    home.remove();
  };
  try {
    if (options.installVsix !== undefined) {
      await runCommand(node24(), [main, ...folders, '--install-extension', options.installVsix], {
        env,
        deadlineMs: installDeadlineMs,
      });
    }
    const port = await freePort();
    const running = new ServerProcess({
      name: 'VS Code server',
      program: node24(),
      args: [
        main,
        '--host=127.0.0.1',
        `--port=${port}`,
        ...(options.connectionToken === undefined
          ? ['--without-connection-token']
          : [`--connection-token=${options.connectionToken}`]),
        '--accept-server-license-terms',
        '--disable-telemetry',
        ...(options.withSmokeTestDriver === false ? [] : ['--enable-smoke-test-driver']),
        ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
        ...folders,
      ],
      env,
      logFile: join(home.path, 'server.log'),
    });
    server = running;
    await until(
      'The VS Code server answers',
      async () => (await fetch(`http://127.0.0.1:${port}/version`)).ok,
      { deadlineMs: startDeadlineMs, pollMs: 100, failure: () => running.failure() },
    );
    return {
      url: pageUrl(port, folder, options),
      folder,
      machineSettings: () => readFileSync(machineFile, 'utf8'),
      lastLogLines: () => running.lastLogLines(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
