import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';

/** A busy machine was seen to take 5 s. */
export const PAGE_PATIENCE_MS = 10_000;

/**
 * Says in the log when the page of a panel that is in sight says nothing for a long time, and when it does at last. Until VS
 * Code has its service worker ready it shows an empty panel and reports nothing; no extension can hurry it.
 */
export class PageWatch implements Disposable {
  readonly #clock: Clock;
  readonly #logger: Pick<Logger, 'warn' | 'info'>;
  #timer: Disposable | undefined;
  #shownAtMs: number | undefined;
  #isLate = false;

  constructor(clock: Clock, logger: Pick<Logger, 'warn' | 'info'>) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** The panel came into sight, with a page that starts anew, or went out of it. */
  setVisible(isVisible: boolean): void {
    this.dispose();
    if (isVisible) {
      this.#shownAtMs = this.#clock.monotonic();
      this.#timer = this.#clock.schedule(PAGE_PATIENCE_MS, () => {
        this.#isLate = true;
        this.#logger.warn(`VS Code has not run the page of this panel within ${PAGE_PATIENCE_MS / 1000} s`);
      });
    }
  }

  /** The page said something. */
  heard(): void {
    if (this.#isLate && this.#shownAtMs !== undefined) {
      const tookS = Math.round((this.#clock.monotonic() - this.#shownAtMs) / 1000);
      this.#logger.info(`VS Code ran the page of this panel after ${tookS} s`);
    }
    this.dispose();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#shownAtMs = undefined;
    this.#isLate = false;
  }
}
