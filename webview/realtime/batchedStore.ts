import { notifyManager } from '@tanstack/react-query';
import type { StoreApi } from 'zustand/vanilla';

/**
 * The store, with its listeners told in the same turn as those of the query cache: what one frame of events changes in several
 * stores and queries is then one React pass. Its state itself changes at once.
 */
export function batchedStore<T>(store: StoreApi<T>): StoreApi<T> {
  return {
    ...store,
    subscribe: (listener) => store.subscribe(notifyManager.batchCalls(listener)),
  };
}
