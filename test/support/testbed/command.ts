import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** The process is killed after this long. */
  readonly deadlineMs?: number;
}

/** A command that could not be started, failed, or ran past its deadline. Carries what it printed. */
export class CommandError extends Error {
  readonly code: 'notStarted' | 'failed' | 'deadline';
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;

  constructor(
    code: CommandError['code'],
    what: string,
    details: { exitCode: number | null; stdout: string; stderr: string; cause?: unknown },
  ) {
    super(`${what}${details.stderr === '' ? '' : `\n${details.stderr.trimEnd()}`}`, { cause: details.cause });
    this.name = 'CommandError';
    this.code = code;
    this.exitCode = details.exitCode;
    this.stdout = details.stdout;
    this.stderr = details.stderr;
  }
}

const defaultDeadlineMs = 60_000;

/** Runs a program to its end, without a shell. Resolves to its standard output; rejects with a {@link CommandError}. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const line = [program, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, deadlineMs);
    const fail = (code: CommandError['code'], what: string, exitCode: number | null, cause?: unknown): void =>
      reject(new CommandError(code, what, { exitCode, stdout, stderr, cause }));

    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => {
      clearTimeout(timer);
      fail('notStarted', `${program} could not be started`, null, error);
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      if (late) {
        fail('deadline', `${line}: not done after ${deadlineMs} ms`, exitCode);
      } else if (exitCode !== 0) {
        fail('failed', `${line}: exit code ${exitCode}`, exitCode);
      } else {
        resolve(stdout);
      }
    });
    // A program that ends without reading its input is no failure of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
  });
}
