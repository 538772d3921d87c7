import { useCallback } from 'react';
import type { ViewCommand } from '../../src/protocol/requests';
import { useConnection } from './connectionContext';

/**
 * Has the editor do something. What goes wrong with it is the host's to tell, in a notification of the editor: here it
 * is only kept from being an unhandled rejection.
 */
export function useCommand(): (command: ViewCommand) => void {
  const { client } = useConnection();
  return useCallback(
    (command) => {
      client.request('command.run', { command }).catch(() => undefined);
    },
    [client],
  );
}
