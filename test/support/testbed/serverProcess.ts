import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';

export interface ServerProcessOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Gets everything the program prints. Its folder must exist. */
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Numbers of another user and group to run as; only root may say so. */
  readonly user?: number;
}

// Whatever ends this process, no server outlives it: 'exit' handlers are synchronous, and so is a signal.
const running = new Set<ChildProcess>();
let watchesExit = false;

function killWithThisProcess(child: ChildProcess): void {
  running.add(child);
  if (watchesExit) {
    return;
  }
  watchesExit = true;
  process.on('exit', () => {
    for (const each of running) {
      each.kill('SIGKILL');
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(1));
  }
}

const defaultGracePeriodMs = 2_000;
const shownLogLines = 15;

/** A program that runs until told otherwise: at the latest until this process ends. */
export class ServerProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  readonly #ended: Promise<void>;
  #end: string | undefined;

  constructor(options: ServerProcessOptions) {
    this.name = options.name;
    this.#logFile = options.logFile;
    this.#child = spawn(options.program, options.args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
    });
    killWithThisProcess(this.#child);
    const log = createWriteStream(options.logFile, { flags: 'a' });
    this.#child.stdout?.pipe(log, { end: false });
    this.#child.stderr?.pipe(log, { end: false });
    this.#ended = new Promise((resolve) => {
      const settle = (end: string): void => {
        this.#end ??= end;
        running.delete(this.#child);
        log.end();
        resolve();
      };
      this.#child.on('error', (error) => settle(`could not be started: ${error.message}`));
      this.#child.on('close', (code, signal) => settle(`ended with ${signal ?? `exit code ${code}`}`));
    });
  }

  /** Undefined when the program could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** A sentence with the last lines of the log once the program has ended, else undefined. */
  failure(): string | undefined {
    return this.#end === undefined ? undefined : `${this.name} ${this.#end}\n${this.lastLogLines()}`;
  }

  lastLogLines(): string {
    try {
      return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-shownLogLines).join('\n');
    } catch {
      return '(no log)';
    }
  }

  /** Sends a signal: SIGSTOP and SIGCONT for a server that hangs, SIGKILL for one that dies. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the program has ended. */
  ended(): Promise<void> {
    return this.#ended;
  }

  /**
   * Asks, then insists. Resolves when the program, and whatever children share its output, are gone. May be called
   * again.
   */
  async stop(gracePeriodMs = defaultGracePeriodMs): Promise<void> {
    if (this.#end !== undefined) {
      return;
    }
    this.#child.kill('SIGCONT');
    this.#child.kill('SIGTERM');
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), gracePeriodMs);
    await this.#ended;
    clearTimeout(insist);
  }
}
