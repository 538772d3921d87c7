import type { Clock } from '../../src/base/clock';
import type { Disposable } from '../../src/base/disposable';

/** Ages are shown to the second. */
const TICK_MS = 1_000;

/** Whether the view can be seen. */
export interface Visibility {
  isVisible(): boolean;
  onChange(listener: () => void): Disposable;
}

/**
 * The time as a view shows it: one timer for all who look, none while nobody does or nothing can be seen. Shaped for
 * `useSyncExternalStore`: between two ticks `now` stays the same.
 */
export class NowTicker implements Disposable {
  readonly #clock: Clock;
  readonly #visibility: Visibility;
  readonly #listeners = new Set<() => void>();
  readonly #visibilityChange: Disposable;
  #now: number;
  #timer: Disposable | undefined;

  constructor(clock: Clock, visibility: Visibility) {
    this.#clock = clock;
    this.#visibility = visibility;
    this.#now = clock.now();
    this.#visibilityChange = visibility.onChange(() => this.#run());
  }

  /** Wall time in milliseconds, as of the last tick. */
  readonly now = (): number => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#timer === undefined) {
      this.#run();
    }
    return () => {
      this.#listeners.delete(listener);
      this.#stopIfIdle();
    };
  };

  dispose(): void {
    this.#listeners.clear();
    this.#stopIfIdle();
    this.#visibilityChange.dispose();
  }

  #run(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#listeners.size === 0 || !this.#visibility.isVisible()) {
      return;
    }
    this.#now = this.#clock.now();
    for (const listener of this.#listeners) {
      listener();
    }
    this.#timer = this.#clock.schedule(TICK_MS, () => this.#run());
  }

  #stopIfIdle(): void {
    if (this.#listeners.size === 0) {
      this.#timer?.dispose();
      this.#timer = undefined;
    }
  }
}
