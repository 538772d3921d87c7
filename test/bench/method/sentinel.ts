import * as v from 'valibot';
import { Program } from './program';

/**
 * A process that does nothing but measure its own event loop's delay: by as much the machine, and not what is measured,
 * holds up any process.
 */
export class Sentinel {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async start(): Promise<Sentinel> {
    return new Sentinel(await Program.start('sentinelProgram'));
  }

  /** Runs `work`, and answers its result and the longest delay meanwhile, in milliseconds. */
  async beside<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly sentinelMs: number }> {
    await this.#program.ask('begin', undefined, v.unknown());
    const result = await work();
    return { result, sentinelMs: await this.#program.ask('end', undefined, v.number()) };
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }
}
