import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { FleetOperator } from './fleetOperator';

type StatusWriter = Pick<FleetOperator, 'watched' | 'report'>;

/** Timers are not asked to be more exact than this. */
const MIN_TICK_MS = 5;
const MAX_TICK_MS = 1000;

/** What was missed while the process slept is written only as far as it is not older. */
const MAX_CATCH_UP_MS = 2000;

/** Status writes without any event behind them, a fixed number a second, round after round over all that is watched. */
export class StatusRate implements Disposable {
  readonly #operator: StatusWriter;
  readonly #clock: Clock;
  readonly #ratePerSecond: number;
  /** Where counting began, and what was written since. */
  #originMs: number;
  #written = 0;
  #turn = 0;
  #timer: Disposable | undefined;
  #isDisposed = false;

  constructor(operator: StatusWriter, clock: Clock, ratePerSecond: number) {
    this.#operator = operator;
    this.#clock = clock;
    this.#ratePerSecond = ratePerSecond;
    this.#originMs = clock.monotonic();
  }

  start(): void {
    this.#originMs = this.#clock.monotonic();
    if (this.#ratePerSecond > 0 && !this.#isDisposed) {
      this.#wait();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #wait(): void {
    const dueMs = this.#originMs + ((this.#written + 1) * 1000) / this.#ratePerSecond;
    const delayMs = Math.min(MAX_TICK_MS, Math.max(MIN_TICK_MS, dueMs - this.#clock.monotonic()));
    this.#timer = this.#clock.schedule(delayMs, () => {
      this.#timer?.dispose();
      this.#writeDue();
      this.#wait();
    });
  }

  #writeDue(): void {
    const nowMs = this.#clock.monotonic();
    const oldestMs = nowMs - MAX_CATCH_UP_MS - (this.#written * 1000) / this.#ratePerSecond;
    this.#originMs = Math.max(this.#originMs, oldestMs);
    // The product can fall short of a whole number by the last bit of a double.
    const due = Math.floor(((nowMs - this.#originMs) * this.#ratePerSecond) / 1000 + 1e-6);
    for (; this.#written < due; this.#written += 1) {
      this.#write();
    }
  }

  /** A pod more, and with the next write one less: each is a change, and none adds up. */
  #write(): void {
    const { watched } = this.#operator;
    const cluster = watched[this.#turn % Math.max(1, watched.length)];
    this.#turn += 1;
    if (cluster !== undefined) {
      cluster.runningPods += cluster.runningPods % 2 === 0 ? 1 : -1;
      this.#operator.report(cluster);
    }
  }
}
