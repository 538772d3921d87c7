import { createStore, type StoreApi } from 'zustand/vanilla';
import { batchedStore } from './batchedStore';

/**
 * Personas that are known to be deleted, by {@link tombstoneKey}. A view that shows one of them must say so at once, and
 * must not ask for it again before there is news.
 */
export type Tombstones = StoreApi<ReadonlySet<string>>;

export function createTombstones(): Tombstones {
  return batchedStore(createStore<ReadonlySet<string>>(() => new Set<string>()));
}

export function tombstoneKey(source: string, name: string): string {
  return JSON.stringify([source, name]);
}
