import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { Program } from '../method/program';
import { arrivalsSchema, toldSchema, type Speech } from './fanoutParams';

/** One process could not take fifty thousand messages a second beside everything else. */
const PROCESSES = 2;
const OPEN_DEADLINE_MS = 120_000;
/** On a machine that is busy with something else clients are told late, which is not the same as never. */
const TOLD_DEADLINE_MS = 30_000;

/** Hundreds or thousands of clients of a hub, in processes of their own. */
export class FanoutClients {
  readonly #programs: readonly Program[];

  private constructor(programs: readonly Program[]) {
    this.#programs = programs;
  }

  static async start(): Promise<FanoutClients> {
    const programs: Program[] = [];
    try {
      for (let index = 0; index < PROCESSES; index += 1) {
        programs.push(await Program.start('fanoutClientsProgram'));
      }
      return new FanoutClients(programs);
    } catch (error) {
      await Promise.all(programs.map((program) => program.stop()));
      throw error;
    }
  }

  /** Resolves when all are told of everything from then on. */
  async open(url: string, speech: Speech, count: number): Promise<void> {
    const share = { url, speech, count: count / PROCESSES };
    await this.#all((program) => program.ask('open', share, v.unknown(), OPEN_DEADLINE_MS));
  }

  /** Counts from now on who of so many clients is told of which of these personas; they may be opened later. */
  async expect(names: readonly string[], clients: number): Promise<void> {
    const share = { names, clients: clients / PROCESSES };
    await this.#all((program) => program.ask('expect', share, v.unknown()));
  }

  /** Of all clients, since `expect`. */
  async told(): Promise<v.InferOutput<typeof toldSchema>> {
    const all = await this.#all((program) => program.ask('told', undefined, toldSchema));
    return {
      fewest: Math.min(...all.map(({ fewest }) => fewest)),
      events: all.reduce((sum, { events }) => sum + events, 0),
      broken: all.reduce((sum, { broken }) => sum + broken, 0),
    };
  }

  /** Waits for the slowest; whether all came is judged by whoever looks at the arrivals. */
  async untilTold(count: number): Promise<void> {
    const endMs = performance.now() + TOLD_DEADLINE_MS;
    while (performance.now() < endMs && (await this.told()).fewest < count) {
      await delay(20);
    }
  }

  /** For each persona that was expected, when each client was told of it; NaN where it was not. The first is the one to stall. */
  async arrivals(): Promise<readonly (readonly number[])[]> {
    const all = await this.#all((program) => program.ask('arrivals', undefined, arrivalsSchema));
    const [first = []] = all;
    return first.map((_, persona) => all.flatMap((arrivals) => [...(arrivals[persona] ?? [])]));
  }

  /** One of them asks so often for everything, and reads nothing from then on. */
  async stallOne(questions: number): Promise<void> {
    await this.#programs[0]?.ask('stall', questions, v.unknown());
  }

  async close(): Promise<void> {
    await this.#all((program) => program.ask('close', undefined, v.unknown()));
  }

  async stop(): Promise<void> {
    await this.#all((program) => program.stop());
  }

  #all<T>(use: (program: Program) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#programs.map(use));
  }
}
