import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { CertificateAuthority } from '../../src/demoServer/certificateAuthority';

/** An API server's stand-in on loopback that tells how many connections it was given. */
export interface StandIn {
  readonly url: string;
  readonly port: number;
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Connections open now. */
  readonly open: number;
  /** Cuts every open connection. */
  cut(): void;
  stop(): Promise<void>;
}

export interface StandInOptions {
  /** Absent: plain http. */
  readonly authority?: CertificateAuthority;
  /** Whose client certificates are asked for and accepted. */
  readonly clientAuthority?: string;
  readonly onRequest: RequestListener;
}

export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const { authority, clientAuthority, onRequest } = options;
  const pair = authority?.server('stand-in');
  const server =
    pair === undefined
      ? createServer(onRequest)
      : createTlsServer(
          {
            cert: pair.certificate,
            key: pair.key,
            ...(clientAuthority === undefined
              ? {}
              : { ca: clientAuthority, requestCert: true, rejectUnauthorized: false }),
          },
          onRequest,
        );
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${pair === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    cut: () => sockets.forEach((socket) => socket.destroy()),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
