import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What stands on either side of the proxy, joined. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * Stands on loopback between a client and a TCP server, and plays what networks do: it breaks connections, refuses them,
 * or swallows what is sent over them. It sees bytes alone, so TLS goes through it.
 */
export class TcpProxy {
  readonly #server: Server;
  readonly #port: number;
  readonly #pairs = new Set<Pair>();
  readonly #swallowed = new Set<Socket>();
  #targetPort: number;
  #mode: 'forward' | 'refuse' | 'swallow' = 'forward';
  #accepted = 0;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    const address: AddressInfo | string | null = server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The proxy has no port');
    }
    this.#port = address.port;
    server.on('connection', (client) => this.#accept(client));
  }

  /** Listens on a free port and forwards to `targetPort`, both on 127.0.0.1. */
  static listen(targetPort: number): Promise<TcpProxy> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.on('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(new TcpProxy(server, targetPort)));
    });
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** Connections that a client has not closed. */
  get openConnections(): number {
    return this.#pairs.size + this.#swallowed.size;
  }

  /** Connections that clients have opened so far. */
  get acceptedConnections(): number {
    return this.#accepted;
  }

  /** Forwards to another server from now on; connections that stand are broken. */
  switchTo(targetPort: number): void {
    this.#targetPort = targetPort;
    this.cut();
  }

  /** Breaks every connection, on both sides. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    for (const client of this.#swallowed) {
      client.resetAndDestroy();
    }
  }

  /** Breaks every connection, and each new one as soon as it is there. */
  refuse(): void {
    this.#mode = 'refuse';
    this.cut();
  }

  /** Connections stand, new ones are accepted, and nothing that is sent over them arrives, in either direction. */
  swallow(): void {
    this.#mode = 'swallow';
    for (const { client, server } of this.#pairs) {
      client.unpipe(server);
      server.unpipe(client);
      client.resume();
      server.resume();
    }
  }

  /** Forwards what is new; connections from which something was swallowed are broken. */
  heal(): void {
    if (this.#mode === 'swallow') {
      this.cut();
    }
    this.#mode = 'forward';
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    client.on('error', () => client.destroy());
    switch (this.#mode) {
      case 'refuse':
        client.resetAndDestroy();
        return;
      case 'swallow':
        this.#swallowed.add(client);
        client.on('close', () => this.#swallowed.delete(client));
        client.resume();
        return;
      case 'forward':
        this.#forward(client);
        return;
      default:
        this.#mode satisfies never;
    }
  }

  #forward(client: Socket): void {
    const server = connect(this.#targetPort, '127.0.0.1');
    const pair = { client, server };
    this.#pairs.add(pair);
    server.on('error', () => client.resetAndDestroy());
    server.on('close', () => {
      // Whoever swallows does not pass on that the other side hung up.
      if (this.#mode !== 'swallow') {
        client.destroy();
      }
    });
    client.on('close', () => {
      this.#pairs.delete(pair);
      server.destroy();
    });
    client.pipe(server);
    server.pipe(client);
  }
}
