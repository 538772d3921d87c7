import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, runCommand } from '../../support/testbed/command';
import { freePort } from '../../support/testbed/freePort';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { ServerProcess } from '../../support/testbed/serverProcess';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';

const program = (): string => join(repositoryRoot(), 'dist', 'hub.js');

/** What a hub says that does not start with these arguments. */
export async function failedStart(args: readonly string[]): Promise<string> {
  try {
    return `started: ${await runCommand(process.execPath, [program(), ...args], {})}`;
  } catch (error) {
    return error instanceof CommandError ? error.stderr : String(error);
  }
}

/** The hub as it is shipped, in a process of its own. */
export class HubProcess {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly port: number;
  readonly process: ServerProcess;
  readonly #folder: TemporaryFolder;
  readonly #logFile: string;

  private constructor(port: number, process: ServerProcess, folder: TemporaryFolder, logFile: string) {
    this.port = port;
    this.host = `127.0.0.1:${port}`;
    this.process = process;
    this.#folder = folder;
    this.#logFile = logFile;
  }

  /** Resolves once it answers. It listens where another one did before, or on any free port. */
  static async start(
    args: readonly string[],
    scheme: 'http' | 'https' = 'http',
    before?: Pick<HubProcess, 'port'>,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<HubProcess> {
    const folder = temporaryFolder('hub');
    const port = before?.port ?? (await freePort());
    const logFile = join(folder.path, 'hub.log');
    const server = new ServerProcess({
      name: 'the hub',
      program: process.execPath,
      args: [program(), '--listen', `127.0.0.1:${port}`, ...args],
      logFile,
      env: { ...process.env, ...environment },
    });
    const hub = new HubProcess(port, server, folder, logFile);
    await until('the hub listens', () => hub.log().includes('Listening on'), {
      deadlineMs: 20_000,
      pollMs: 20,
      failure: () => server.failure(),
    });
    if (scheme === 'http') {
      await hub.get('/healthz');
    }
    return hub;
  }

  /** Everything that it logged. */
  log(): string {
    try {
      return readFileSync(this.#logFile, 'utf8');
    } catch {
      return '';
    }
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`http://${this.host}${path}`, { headers });
  }

  async json(path: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const response = await this.get(path, headers);
    return response.json();
  }

  untilReady(): Promise<Response> {
    return until(
      'the hub is ready',
      async () => {
        const response = await this.get('/readyz');
        return response.status === 200 && response;
      },
      { deadlineMs: 30_000, pollMs: 50, failure: () => this.process.failure() },
    );
  }

  /** Resident memory in bytes. */
  memoryBytes(): number {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  }

  async stop(): Promise<void> {
    await this.process.stop(15_000);
    this.#folder.remove();
  }
}
