import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ViewStateStorage } from '../bridge/viewStateStorage';

/** What the user chose in a view: a tab, an order, wrapping. It starts as it was left, and every change is kept. */
export function createViewStore<T extends object>(storage: ViewStateStorage<T>, initial: T): StoreApi<T> {
  const store = createStore<T>(() => storage.read() ?? initial);
  store.subscribe((state) => storage.write(state));
  return store;
}
