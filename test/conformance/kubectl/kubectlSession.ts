import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { until } from '../../support/testbed/until';
import type { BeginStep, EndStep, RunStep, Step, User } from './step';

export interface Answer {
  /** Null where the script ended a kubectl that would have gone on. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SessionOptions {
  readonly kubectl: string;
  /** For kubectl's home, kubeconfig and temporary files. */
  readonly folder: string;
  readonly server: string;
  readonly caFile: string;
  readonly tokens: Readonly<Record<User, string>>;
  /** What names in braces stand for. */
  readonly names: ReadonlyMap<string, string>;
}

/** A kubectl that takes longer hangs. */
const deadlineMs = 20_000;

class RunningKubectl {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #stdout = '';
  #stderr = '';
  #hasEnded = false;

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv, stdin: string | undefined) {
    const child = spawn(program, args, { env, stdio: 'pipe' });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    // A kubectl that ends without reading its input says itself why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin ?? '');
    this.#ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => {
        this.#hasEnded = true;
        resolve(exitCode);
      });
    });
  }

  /** Resolves when it has ended by itself; rejects past the deadline. */
  async answer(): Promise<Answer> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.kill();
    }, deadlineMs);
    const exitCode = await this.#ended.finally(() => clearTimeout(timer));
    if (isLate) {
      throw new Error(`kubectl did not end within ${deadlineMs} ms\n${this.#stdout}${this.#stderr}`);
    }
    return { exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  async printed(lines: number): Promise<void> {
    await until(`kubectl printed ${lines} lines`, () => this.#stdout.split('\n').length > lines, {
      deadlineMs,
      pollMs: 20,
      failure: () => (this.#hasEnded ? `it ended\n${this.#stdout}${this.#stderr}` : undefined),
    });
  }

  async stop(): Promise<Answer> {
    this.kill();
    return this.answer();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** kubectl against one server, with a home of its own: nothing of its user's, and nothing of another session. */
export class KubectlSession {
  /** Of a kubectl that belongs to this session; without more it is the admin's. */
  readonly environment: NodeJS.ProcessEnv;
  readonly #program: string;
  readonly #names: ReadonlyMap<string, string>;
  readonly #streams = new Map<string, RunningKubectl>();

  constructor(options: SessionOptions) {
    const { kubectl, folder, server, caFile, tokens, names } = options;
    const contextOf = (name: User) =>
      ({ name, server, caFile, credentials: { type: 'token', token: tokens[name] } }) as const;
    const contexts = [contextOf('admin'), contextOf('viewer'), contextOf('nobody'), contextOf('stranger')];
    mkdirSync(join(folder, 'home'), { recursive: true });
    this.#program = kubectl;
    this.#names = names;
    this.environment = {
      PATH: process.env['PATH'],
      HOME: join(folder, 'home'),
      TMPDIR: folder,
      KUBECONFIG: writeKubeconfig(join(folder, 'kubeconfig'), contexts),
      // Without the times of the compared files, which it prints by default.
      KUBECTL_EXTERNAL_DIFF: 'diff -u -N --label=live --label=merged',
    };
  }

  /** What kubectl answered; `undefined` while it goes on. */
  async take(step: Step): Promise<Answer | undefined> {
    switch (step.type) {
      case 'run':
        return this.#run(step);
      case 'begin':
        await this.#begin(step);
        return undefined;
      case 'end':
        return this.#end(step);
      default:
        return step satisfies never;
    }
  }

  /** Ends what still runs. */
  close(): void {
    for (const stream of this.#streams.values()) {
      stream.kill();
    }
  }

  #run(step: RunStep): Promise<Answer> {
    return this.#start(step).answer();
  }

  async #begin(step: BeginStep): Promise<void> {
    const running = this.#start(step);
    this.#streams.set(step.stream, running);
    await running.printed(step.lines);
  }

  async #end(step: EndStep): Promise<Answer> {
    const running = this.#streams.get(step.stream);
    if (running === undefined) {
      throw new Error(`No stream ${step.stream} was begun`);
    }
    await running.printed(step.lines);
    const { stdout, stderr } = await running.stop();
    // More may have come just now; and who ended it is not the question.
    return { exitCode: null, stdout: `${stdout.split('\n').slice(0, step.lines).join('\n')}\n`, stderr };
  }

  #start(step: RunStep | BeginStep): RunningKubectl {
    const named = step.args.map((arg) =>
      arg.replace(/\{([a-z-]+)\}/g, (whole, name: string) => this.#names.get(name) ?? whole),
    );
    const args = [`--context=${step.as ?? 'admin'}`, ...named];
    const editor = step.type === 'run' ? step.editor : undefined;
    const env = editor === undefined ? this.environment : { ...this.environment, KUBE_EDITOR: editor };
    return new RunningKubectl(this.#program, args, env, step.type === 'run' ? step.stdin : undefined);
  }
}
