import { notifyManager } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import type { FleetBook, FleetSnapshot } from './fleetBook';

/** Everything that the hub has, kept up to date while mounted. */
export function useFleet(book: FleetBook): FleetSnapshot {
  const subscribe = useCallback(
    (listener: () => void) => book.subscribe(notifyManager.batchCalls(listener)),
    [book],
  );
  return useSyncExternalStore(subscribe, book.snapshot, book.snapshot);
}
