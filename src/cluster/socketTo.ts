import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

/**
 * Opens a TCP connection; once it is open it is the caller's to destroy. Rejects with the system's error, or with the
 * signal's reason.
 */
export function tcpSocketTo(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return ready(connectTcp({ host, port, autoSelectFamily: true }), 'connect', signal);
}

/**
 * Speaks TLS over a socket, for a host's name. As {@link tcpSocketTo}; the socket underneath belongs to the one on top of it
 * from then on, and is never to be destroyed by itself: Node has been seen to crash of that.
 */
export function tlsSocketOver(
  socket: Socket,
  host: string,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  signal.throwIfAborted();
  const named = { ...options, socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) };
  const servername = options.servername === undefined ? {} : { servername: options.servername };
  return ready(connectTls({ ...named, ...servername }), 'secureConnect', signal);
}

function ready<T extends Socket>(
  socket: T,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      reject(Object.assign(new Error('the other side hung up'), { code: 'ECONNRESET' }));
    });
    // Also later errors are heard: one without a listener would end the process.
    socket.on('error', reject);
    socket.once(event, () => {
      signal.removeEventListener('abort', onAbort);
      resolve(socket);
    });
  });
}
