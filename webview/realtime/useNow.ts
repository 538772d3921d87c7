import { useSyncExternalStore } from 'react';
import { useConnection } from './connectionContext';

/** Wall time in milliseconds, renewed every second while the view is visible. */
export function useNow(): number {
  const { ticker } = useConnection();
  return useSyncExternalStore(ticker.subscribe, ticker.now, ticker.now);
}
