import type { Clock } from '../base/clock';

/** A wait that can be cut short. */
export class Pause {
  readonly #clock: Clock;
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isWaiting(): boolean {
    return this.#end !== undefined;
  }

  /** Resolves after `waitMs` (undefined: no limit), at `cut`, or when the signal is aborted; never rejects. */
  wait(waitMs: number | undefined, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const end = (): void => {
        this.#end = undefined;
        timer?.dispose();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = waitMs === undefined ? undefined : this.#clock.schedule(waitMs, end);
      this.#end = end;
      signal.addEventListener('abort', end, { once: true });
    });
  }

  cut(): void {
    this.#end?.();
  }
}
