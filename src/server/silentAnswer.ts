import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Who is gone without a word is found out by the network. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Lets an answer say nothing for as long as nothing happens, where the server cuts off connections that are silent. One whose client
 * does not read what it was sent is cut off as before.
 */
export function maySayNothing(response: ServerResponse): void {
  response.socket?.setKeepAlive(true, KEEP_ALIVE_MS);
  response.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0) {
      socket.destroy();
    } else {
      socket.setTimeout(socket.timeout ?? 0);
    }
  });
}
