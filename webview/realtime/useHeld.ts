import { useEffect, useState, useSyncExternalStore } from 'react';
import { toDisposable, type Disposable } from '../../src/base/disposable';

/** Holds one thing at a time, shaped for `useSyncExternalStore`. */
class Holder<T extends Disposable> {
  readonly #listeners = new Set<() => void>();
  #held: T | undefined;

  readonly current = (): T | undefined => this.#held;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Disposing the result disposes what is held. */
  hold(thing: T): Disposable {
    this.#set(thing);
    return toDisposable(() => {
      thing.dispose();
      if (this.#held === thing) {
        this.#set(undefined);
      }
    });
  }

  #set(thing: T | undefined): void {
    this.#held = thing;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** What `make` makes, from when the component is mounted until it is gone or `make` is another function. */
export function useHeld<T extends Disposable>(make: () => T): T | undefined {
  const [holder] = useState(() => new Holder<T>());
  useEffect(() => {
    const held = holder.hold(make());
    return () => held.dispose();
  }, [holder, make]);
  return useSyncExternalStore(holder.subscribe, holder.current, holder.current);
}
