import { createStore, type StoreApi } from 'zustand/vanilla';
import { batchedStore } from './batchedStore';

/**
 * Personas that are known to be deleted, by {@link tombstoneKey}. A view that shows one of them must say so at once, and
 * must not ask for it again before there is news. At most {@link MAX_TOMBSTONES}: one that is forgotten is found to be absent
 * when it is asked for.
 */
export type Tombstones = StoreApi<ReadonlySet<string>>;

export const MAX_TOMBSTONES = 1_000;

export function createTombstones(): Tombstones {
  return batchedStore(createStore<ReadonlySet<string>>(() => new Set<string>()));
}

export function tombstoneKey(source: string, name: string): string {
  return JSON.stringify([source, name]);
}
