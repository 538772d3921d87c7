/** Something that holds a resource. `dispose` is idempotent and never throws. */
export interface Disposable {
  dispose(): void;
}

/** Told of every disposable made and disposed, so that a test can name the ones left behind. */
export interface DisposableTracker {
  made(disposable: Disposable): void;
  disposed(disposable: Disposable): void;
}

let tracker: DisposableTracker | undefined;

/** Installs (or with `undefined` removes) the process-wide tracker. For tests only. */
export function setDisposableTracker(next: DisposableTracker | undefined): void {
  tracker = next;
}

class CallbackDisposable implements Disposable {
  #callback: (() => void) | undefined;

  constructor(callback: () => void) {
    this.#callback = callback;
    tracker?.made(this);
  }

  dispose(): void {
    const callback = this.#callback;
    if (callback === undefined) {
      return;
    }
    this.#callback = undefined;
    tracker?.disposed(this);
    callback();
  }
}

/** Wraps a callback that releases something; it runs at most once. */
export function toDisposable(callback: () => void): Disposable {
  return new CallbackDisposable(callback);
}

/**
 * Owns disposables and releases them, newest first, when it is disposed itself. Whatever is added after that is
 * disposed at once, so a late `await` cannot leak.
 */
export class DisposableStore implements Disposable {
  /** Made when first needed: there are thousands that own nothing. */
  #owned: Set<Disposable> | undefined;
  #isDisposed = false;

  constructor() {
    tracker?.made(this);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  add<T extends Disposable>(disposable: T): T {
    if (this.#isDisposed) {
      disposable.dispose();
    } else {
      this.#owned ??= new Set();
      this.#owned.add(disposable);
    }
    return disposable;
  }

  /** Releases one owned disposable before its time. */
  delete(disposable: Disposable): void {
    if (this.#owned?.delete(disposable) === true) {
      disposable.dispose();
    }
  }

  /**
   * Releases everything owned and stays usable. One that throws, against its contract, does not keep the others from being
   * released: what it threw is thrown afterwards, several as an `AggregateError`.
   */
  clear(): void {
    if (this.#owned === undefined) {
      return;
    }
    const owned = [...this.#owned].reverse();
    this.#owned = undefined;
    const errors: unknown[] = [];
    for (const disposable of owned) {
      try {
        disposable.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 1) {
      throw new AggregateError(errors, `${errors.length} disposables failed`);
    }
    if (errors.length === 1) {
      throw errors[0];
    }
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    tracker?.disposed(this);
    this.clear();
  }
}
