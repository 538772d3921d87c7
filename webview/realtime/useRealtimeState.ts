import { useStore } from 'zustand';
import { useConnection } from './connectionContext';
import type { RealtimeState } from './realtimeStore';

/** What `select` takes from the live state. It must give the same value for the same state; renders only when it differs. */
export function useRealtimeState<T>(select: (state: RealtimeState) => T): T {
  return useStore(useConnection().realtime.api, select);
}
