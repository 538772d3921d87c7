import { useCallback, useSyncExternalStore } from 'react';
import type { ConnectionState } from '../../src/client/hubClient';
import { useConnection } from './connectionContext';

/** How the view stands with the host. */
export function useConnectionState(): ConnectionState {
  const { client } = useConnection();
  const subscribe = useCallback(
    (listener: () => void) => {
      const subscription = client.onStateChange(listener);
      return () => subscription.dispose();
    },
    [client],
  );
  const read = (): ConnectionState => client.state;
  return useSyncExternalStore(subscribe, read, read);
}
