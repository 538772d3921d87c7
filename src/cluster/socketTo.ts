import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** Opens a TCP connection; the signal ends it, then and later. Rejects with the system's error or the signal's reason. */
export function tcpSocketTo(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return ready(connectTcp({ host, port, autoSelectFamily: true }), 'connect', signal);
}

/** Speaks TLS over a socket, for a host's name. As {@link tcpSocketTo}. */
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
  return new Promise((resolve, reject) => {
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
    socket.once(event, () => resolve(socket));
  });
}
