import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * How a proxy keeps WebSockets out.
 * - `refuses`: it answers 403
 * - `hangs`: it never answers
 */
export type Blocking = 'refuses' | 'hangs';

const REFUSAL = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/** A proxy before a hub that lets everything through but WebSockets. */
export class SocketBlockingProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Requests for a WebSocket that it kept out. */
  blocked = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(hubPort: number, blocking: Blocking): Promise<SocketBlockingProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new SocketBlockingProxy(server);
    server.on('connection', (client) => proxy.#serve(client, hubPort, blocking));
    return proxy;
  }

  /** Cuts every connection that it carries. */
  cut(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  #serve(client: Socket, hubPort: number, blocking: Blocking): void {
    this.#add(client);
    client.once('data', (head: Buffer) => {
      if (/^upgrade: websocket\r$/im.test(head.toString('latin1'))) {
        this.blocked += 1;
        if (blocking === 'refuses') {
          client.end(REFUSAL);
        }
        return;
      }
      const hub = connect(hubPort, '127.0.0.1');
      this.#add(hub);
      hub.write(head);
      client.pipe(hub).pipe(client);
      client.once('close', () => hub.destroy());
      hub.once('close', () => client.destroy());
    });
  }

  #add(socket: Socket): void {
    this.#sockets.add(socket);
    // Told by its close too.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
