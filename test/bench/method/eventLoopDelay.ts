import { monitorEventLoopDelay, type ELDHistogram } from 'node:perf_hooks';

/** Milliseconds between two looks; what is measured is this much too long, for everybody alike. */
const RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;

/** Measures how long the event loop of this process let a due timer wait at most. */
export class EventLoopDelay {
  readonly #histogram: ELDHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  begin(): void {
    this.#histogram.reset();
    this.#histogram.enable();
  }

  /** The longest delay since `begin`, in milliseconds. */
  end(): number {
    this.#histogram.disable();
    return Math.max(0, this.#histogram.max / NS_PER_MS - RESOLUTION_MS);
  }
}
