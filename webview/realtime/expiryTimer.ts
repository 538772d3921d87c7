import type { Clock } from '../../src/base/clock';
import type { Disposable } from '../../src/base/disposable';
import type { Visibility } from './nowTicker';

/** What expires within this long of the last time goes in one pass with it. */
export const EXPIRY_SPACING_MS = 1_000;

/**
 * Calls back when something has expired: one timer at most, none while nothing is set or the view can't be seen. A view that is
 * shown again is called at once if it missed something. At most one call a second; so what is called may find that several
 * things expired, or, where the wall clock was set back, nothing. It sets the next instant itself.
 */
export class ExpiryTimer implements Disposable {
  readonly #clock: Clock;
  readonly #visibility: Visibility;
  readonly #onExpired: () => void;
  readonly #visibilityChange: Disposable;
  #at: number | undefined;
  #timer: Disposable | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;
  #isDisposed = false;

  constructor(clock: Clock, visibility: Visibility, onExpired: () => void) {
    this.#clock = clock;
    this.#visibility = visibility;
    this.#onExpired = onExpired;
    this.#visibilityChange = visibility.onChange(() => this.#arm());
  }

  /** Calls back once wall time is `at`, instead of what was set before; never where it is `undefined`. */
  set(at: number | undefined): void {
    if (at !== this.#at) {
      this.#at = at;
      this.#arm();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#visibilityChange.dispose();
  }

  #arm(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#at === undefined || this.#isDisposed || !this.#visibility.isVisible()) {
      return;
    }
    const untilNextMs = this.#lastMs + EXPIRY_SPACING_MS - this.#clock.monotonic();
    const delayMs = Math.max(this.#at - this.#clock.now(), untilNextMs, 0);
    this.#timer = this.#clock.schedule(delayMs, () => {
      this.#lastMs = this.#clock.monotonic();
      this.#at = undefined;
      this.#timer?.dispose();
      this.#timer = undefined;
      this.#onExpired();
    });
  }
}
