import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';

const messageSchema = v.union([
  v.object({ ready: v.literal(true) }),
  v.object({ id: v.number(), error: v.string() }),
  v.object({ id: v.number(), result: v.unknown() }),
  // A result of nothing is sent without the field.
  v.object({ id: v.number() }),
]);

const DEFAULT_DEADLINE_MS = 60_000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * A process of its own that answers questions: one of the bundles `NAME.js` beside this one, made of NAME.ts, which
 * calls serveProgram. It never outlives this process.
 */
export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<void>;
  #nextId = 1;
  #end: string | undefined;

  private constructor(name: string, execArgv: readonly string[], env: NodeJS.ProcessEnv) {
    this.name = name;
    this.#child = fork(join(__dirname, `${name}.js`), [], {
      execArgv: [...execArgv],
      env: { ...process.env, ...env },
      // Binary and non-JSON numbers survive.
      serialization: 'advanced',
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve: () => resolve(), reject });
    });
    this.#child.on('message', (message) => this.#receive(message));
    this.#child.on('error', (error) => this.#ended(error.message));
    this.#child.on('exit', (code, signal) => this.#ended(`ended with ${signal ?? `exit code ${code}`}`));
  }

  static async start(
    name: string,
    execArgv: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Program> {
    const program = new Program(name, execArgv, env);
    await program.#ready;
    return program;
  }

  /** Rejects with what the handler threw, when the program ended, or after `deadlineMs`. */
  async ask<S extends v.GenericSchema>(
    method: string,
    params: unknown,
    schema: S,
    deadlineMs: number = DEFAULT_DEADLINE_MS,
  ): Promise<v.InferOutput<S>> {
    if (this.#end !== undefined) {
      throw new Error(`${this.name} ${this.#end}`);
    }
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, method, params });
    });
    const timer = setTimeout(
      () =>
        this.#waiting.get(id)?.reject(new Error(`${this.name} did not answer ${method} in ${deadlineMs} ms`)),
      deadlineMs,
    );
    try {
      return v.parse(schema, await answer);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Ends it at once; resolves when it is gone. May be called again. */
  async stop(): Promise<void> {
    if (this.#end === undefined) {
      const gone = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGKILL');
      await gone;
    }
  }

  #receive(message: unknown): void {
    const decoded = v.parse(messageSchema, message);
    if ('ready' in decoded) {
      this.#waiting.get(0)?.resolve(undefined);
      this.#waiting.delete(0);
    } else if ('error' in decoded) {
      this.#waiting.get(decoded.id)?.reject(new Error(`${this.name}: ${decoded.error}`));
    } else {
      this.#waiting.get(decoded.id)?.resolve('result' in decoded ? decoded.result : undefined);
    }
  }

  #ended(how: string): void {
    this.#end ??= how;
    for (const waiting of this.#waiting.values()) {
      waiting.reject(new Error(`${this.name} ${how}`));
    }
    this.#waiting.clear();
  }
}

/** Runs `use` with a program and ends it afterwards, however that went. */
export async function withProgram<T>(
  name: string,
  execArgv: readonly string[],
  use: (program: Program) => Promise<T>,
  env: NodeJS.ProcessEnv = {},
): Promise<T> {
  const program = await Program.start(name, execArgv, env);
  try {
    return await use(program);
  } finally {
    await program.stop();
  }
}
