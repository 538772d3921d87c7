import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/**
 * Calls back once when nothing was heard for too long. Hearing something costs no timer: the one that runs looks when it is
 * due.
 */
export class HeartbeatWatch implements Disposable {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #onSilent: () => void;
  #heardAtMs: number;
  /** By the wall, which goes on while the machine sleeps. */
  #heardAtWallMs: number;
  #timer: Disposable | undefined;
  #isEnded = false;

  constructor(clock: Clock, patienceMs: number, onSilent: () => void) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
    this.#onSilent = onSilent;
    this.#heardAtMs = clock.monotonic();
    this.#heardAtWallMs = clock.now();
    this.#wait(patienceMs);
  }

  heard(): void {
    this.#heardAtMs = this.#clock.monotonic();
    this.#heardAtWallMs = this.#clock.now();
  }

  /** At most `withinMs` more are waited; where the wall clock says that the patience is over already, none. */
  doubt(withinMs: number): void {
    if (this.#isEnded) {
      return;
    }
    if (this.#clock.now() - this.#heardAtWallMs > this.#patienceMs) {
      this.#end();
      return;
    }
    const since = this.#heardAtMs;
    this.#timer?.dispose();
    this.#timer = this.#clock.schedule(Math.min(withinMs, this.#leftMs), () => {
      if (this.#heardAtMs === since) {
        this.#end();
      } else {
        this.#look();
      }
    });
  }

  dispose(): void {
    this.#isEnded = true;
    this.#timer?.dispose();
  }

  get #leftMs(): number {
    return Math.max(0, this.#heardAtMs + this.#patienceMs - this.#clock.monotonic());
  }

  #wait(ms: number): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.schedule(ms, () => this.#look());
  }

  #look(): void {
    const leftMs = this.#leftMs;
    if (leftMs > 0) {
      this.#wait(leftMs);
    } else {
      this.#end();
    }
  }

  #end(): void {
    this.dispose();
    this.#onSilent();
  }
}
