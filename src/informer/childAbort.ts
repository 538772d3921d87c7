import type { Disposable } from '../base/disposable';

/** An abort controller that also follows a parent's signal, until it is disposed. */
export class ChildAbort implements Disposable {
  readonly #parent: AbortSignal;
  readonly #controller = new AbortController();
  readonly #follow = (): void => this.#controller.abort(this.#parent.reason);

  constructor(parent: AbortSignal) {
    this.#parent = parent;
    if (parent.aborted) {
      this.#follow();
    } else {
      parent.addEventListener('abort', this.#follow, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts this level and not the parent. The first reason stays. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Stops following the parent; does not abort. */
  dispose(): void {
    this.#parent.removeEventListener('abort', this.#follow);
  }
}

/** Settles like `promise`, or rejects with the signal's reason as soon as it is aborted, whichever is first. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) {
      onAbort();
    } else {
      signal.addEventListener('abort', onAbort, { once: true });
    }
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
