import { toDisposable, type Disposable } from './disposable';

/** Subscribes to something that happens repeatedly; the result ends the subscription. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Receives what a listener threw; the other listeners are served all the same. */
export type ListenerErrorHandler = (error: unknown) => void;

/**
 * Tells its listeners, synchronously and in the order in which they subscribed. A listener that is added while a value
 * is told hears only later ones; one that is removed hears nothing more. After `dispose` nothing is delivered.
 */
export class Emitter<T> implements Disposable {
  /** Made when first needed, as what is below: there may be thousands to which nobody listens. */
  #listeners: Set<{ readonly call: (value: T) => void }> | undefined;
  #event: Event<T> | undefined;
  readonly #onListenerError: ListenerErrorHandler;
  #isDisposed = false;

  constructor(onListenerError: ListenerErrorHandler) {
    this.#onListenerError = onListenerError;
  }

  get event(): Event<T> {
    this.#event ??= (listener) => {
      const entry = { call: listener };
      if (!this.#isDisposed) {
        this.#listeners ??= new Set();
        this.#listeners.add(entry);
      }
      return toDisposable(() => this.#listeners?.delete(entry));
    };
    return this.#event;
  }

  get hasListeners(): boolean {
    return this.#listeners !== undefined && this.#listeners.size > 0;
  }

  fire(value: T): void {
    const listeners = this.#listeners;
    if (listeners === undefined) {
      return;
    }
    if (listeners.size === 1) {
      // The most common case by far, and where much is told: nobody else can be left out or told twice.
      for (const listener of listeners) {
        this.#tell(listener, value);
        return;
      }
    }
    const told = [...listeners];
    for (const listener of told) {
      if (listeners.has(listener)) {
        this.#tell(listener, value);
      }
    }
  }

  #tell(listener: { readonly call: (value: T) => void }, value: T): void {
    try {
      listener.call(value);
    } catch (error) {
      this.#onListenerError(error);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#listeners?.clear();
  }
}
