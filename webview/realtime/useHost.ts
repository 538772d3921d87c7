import { useSyncExternalStore } from 'react';
import type { Outage, ViewHost } from '../bridge/viewHost';
import { useConnection } from './connectionContext';

/** What surrounds the view. */
export function useHost(): ViewHost {
  return useConnection().host;
}

/** That the hub cannot be reached, while it cannot. */
export function useOutage(): Outage | undefined {
  const { outage, onOutageChanged } = useHost();
  return useSyncExternalStore(onOutageChanged, outage, outage);
}
