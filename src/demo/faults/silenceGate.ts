import { toDisposable, type Disposable } from '../../base/disposable';

/** Holds up whoever comes while at least one silence lasts. */
export class SilenceGate {
  readonly #silences = new Set<object>();
  readonly #waiting = new Set<() => void>();
  readonly #onOpen: () => void;

  /** `onOpen` is called when the last silence is over, before those who wait go on. */
  constructor(onOpen: () => void) {
    this.#onOpen = onOpen;
  }

  get isSilent(): boolean {
    return this.#silences.size > 0;
  }

  /** Silence until the result is disposed. */
  silence(): Disposable {
    const silence = {};
    this.#silences.add(silence);
    return toDisposable(() => {
      this.#silences.delete(silence);
      if (this.#silences.size === 0) {
        this.#onOpen();
        const waiting = [...this.#waiting];
        this.#waiting.clear();
        for (const goOn of waiting) {
          goOn();
        }
      }
    });
  }

  /** Resolves at once, or when it is silent no more; rejects with the signal's reason. */
  async pass(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.isSilent) {
      await this.#opened(signal);
    }
  }

  #opened(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(onOpen);
        reject(signal.reason);
      };
      const onOpen = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#waiting.add(onOpen);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
