import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws';
import { ReasonedWebSocket } from '../../../../src/transport/node/reasonedWebSocket';

/** What a connection ended with. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** Both ends of one WebSocket over loopback, and the server between them. */
export class SocketPair {
  readonly server: ReasonedWebSocket;
  readonly client: WebSocket;
  /** Below the server's end. */
  readonly connection: Duplex;
  /** How the client's end was closed. */
  readonly closing: Promise<Closing>;
  readonly #http: Server;
  readonly #messages: unknown[] = [];
  #wake: (() => void) | undefined;

  private constructor(http: Server, server: ReasonedWebSocket, connection: Duplex, client: WebSocket) {
    this.#http = http;
    this.server = server;
    this.client = client;
    this.connection = connection;
    client.on('message', (data) => {
      this.#messages.push(Buffer.isBuffer(data) ? JSON.parse(data.toString()) : undefined);
      this.#wake?.();
    });
    // Told by its close too.
    client.on('error', () => undefined);
    this.closing = once(client, 'close').then(([code, reason]) => ({
      code: Number(code),
      reason: String(reason),
    }));
  }

  static async open(options: ServerOptions<typeof ReasonedWebSocket> = {}): Promise<SocketPair> {
    const http = createServer();
    const upgrader = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      allowSynchronousEvents: false,
      WebSocket: ReasonedWebSocket,
      ...options,
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const accepted = new Promise<{ server: ReasonedWebSocket; connection: Duplex }>((resolve) => {
      http.on('upgrade', (request, socket, head) =>
        upgrader.handleUpgrade(request, socket, head, (server) => resolve({ server, connection: socket })),
      );
    });
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false, autoPong: false });
    const { server, connection } = await accepted;
    const pair = new SocketPair(http, server, connection, client);
    await once(client, 'open');
    return pair;
  }

  /** The next message that came to the client. */
  async next(): Promise<unknown> {
    while (this.#messages.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#messages.shift();
  }

  /** Whether no message waits that has come. */
  get isSilent(): boolean {
    return this.#messages.length === 0;
  }

  say(message: unknown): void {
    this.client.send(JSON.stringify(message));
  }

  dispose(): void {
    this.client.terminate();
    this.server.terminate();
    this.#http.close();
  }
}
