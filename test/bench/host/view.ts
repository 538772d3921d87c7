import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { sightingSchema, type Sighting } from './sighting';
import type { ViewData } from './viewData';

const messageSchema = v.union([
  v.object({ shown: v.literal(true) }),
  v.object({ sightings: v.array(sightingSchema) }),
]);

/** A view in a thread of its own, seen from the host. An error in it is an error of this process. */
export class View {
  /** The view shows its persona. */
  readonly shown: Promise<void>;
  readonly #worker: Worker;
  #onSightings: ((sightings: Sighting[]) => void) | undefined;

  constructor(program: string, data: ViewData) {
    this.#worker = new Worker(program, { workerData: data, transferList: [data.port] });
    let show: () => void = () => undefined;
    this.shown = new Promise((resolve) => {
      show = resolve;
    });
    this.#worker.on('message', (message: unknown) => {
      const decoded = v.parse(messageSchema, message);
      if ('shown' in decoded) {
        show();
      } else {
        this.#onSightings?.(decoded.sightings);
      }
    });
    this.#worker.on('error', (error) => {
      throw error;
    });
  }

  /** The writes that were shown since this was last asked. */
  takeSightings(): Promise<readonly Sighting[]> {
    return new Promise((resolve) => {
      this.#onSightings = resolve;
      this.#worker.postMessage('sightings');
    });
  }

  /** CPU time of the thread so far, in microseconds. */
  async cpuMicros(): Promise<number> {
    const { user, system } = await this.#worker.cpuUsage();
    return user + system;
  }
}
