/** The part of a WebSocket that is used: a browser's, Node's own, and that of the package ws have it. */
export interface Socket {
  /** Bytes that `send` took and the network did not yet. */
  readonly bufferedAmount: number;
  /** See {@link OPEN}. */
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
}

/** The `readyState` of a socket that takes what is sent. */
export const OPEN = 1;

/** Opens a socket; throws where the address is none. */
export type OpenSocket = (url: string) => Socket;
