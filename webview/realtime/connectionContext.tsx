import { QueryClientProvider } from '@tanstack/react-query';
import { createContext, useContext, type ReactElement, type ReactNode } from 'react';
import type { Connection } from './connection';

const ConnectionContext = createContext<Connection | undefined>(undefined);

/** Gives the hooks below it their connection. */
export function ConnectionProvider(props: {
  readonly connection: Connection;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <ConnectionContext value={props.connection}>
      <QueryClientProvider client={props.connection.queryClient}>{props.children}</QueryClientProvider>
    </ConnectionContext>
  );
}

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === undefined) {
    throw new Error('a hook of webview/realtime needs a ConnectionProvider above it');
  }
  return connection;
}
