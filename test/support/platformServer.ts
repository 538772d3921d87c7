import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock } from '../../src/base/clock';
import { DisposableStore } from '../../src/base/disposable';

/** Events of which the platform holds this many while it sends; further ones are lost. */
const SLOTS = 100;
const MAX_MESSAGE_BYTES = 512;
const PING_MS = 54_000;

export interface PlatformCluster {
  readonly spec?: object;
  readonly status?: object;
}

type EventType = 'cluster.added' | 'cluster.updated' | 'cluster.deleted';

/**
 * The Dorgu platform's own server as its clients see it, faults included: `/api/clusters` and the notifications of `/ws`, from
 * whatever origin and without any credentials. It replays nothing, loses notifications when there are many at once, announces
 * everything again when it looks at its cluster anew, and may leave `spec` and `status` empty. What it does not know is answered
 * with 404 and a line of plain text.
 */
export class PlatformServer {
  readonly clusters = new Map<string, PlatformCluster>();
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Whether it tells nothing but names. */
  tellsNamesAlone = false;
  /** Notifications that it lost. */
  lost = 0;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #owned = new DisposableStore();
  #waiting: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
    this.#server.on('upgrade', (request, socket, head) => {
      this.asked.push(request.url ?? '');
      if (request.url !== '/ws') {
        socket.end(
          'HTTP/1.1 404 Not Found\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 19\r\n' +
            'connection: close\r\n\r\n404 page not found\n',
        );
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serve(client));
    });
  }

  static async start(port = 0): Promise<PlatformServer> {
    const platform = new PlatformServer();
    platform.#server.listen(port, '127.0.0.1');
    await once(platform.#server, 'listening');
    return platform;
  }

  get port(): number {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get clientCount(): number {
    return this.#sockets.clients.size;
  }

  put(name: string, cluster: PlatformCluster = {}): void {
    const type = this.clusters.has(name) ? 'cluster.updated' : 'cluster.added';
    this.clusters.set(name, cluster);
    this.#tell(type, name);
  }

  delete(name: string): void {
    if (this.clusters.delete(name)) {
      this.#tell('cluster.deleted', name);
    }
  }

  /** As it does every minute. */
  announceAll(): void {
    for (const name of this.clusters.keys()) {
      this.#tell('cluster.updated', name);
    }
  }

  /** Every connection of a client breaks, and is not closed. */
  cutAll(): void {
    for (const client of this.#sockets.clients) {
      client.terminate();
    }
  }

  async stop(): Promise<void> {
    this.cutAll();
    this.#owned.dispose();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.asked.push(path);
    const name = /^\/api\/clusters\/([^/]+)$/.exec(path)?.[1];
    const cluster = name === undefined ? undefined : this.clusters.get(decodeURIComponent(name));
    if (path === '/api/clusters') {
      const clusters = [...this.clusters].map(([key, value]) => this.#document(key, value));
      sendJson(response, { clusters: clusters.length === 0 ? null : clusters });
    } else if (name !== undefined && cluster !== undefined) {
      sendJson(response, this.#document(decodeURIComponent(name), cluster));
    } else {
      const text = name === undefined ? '404 page not found\n' : 'cluster not found\n';
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    }
  }

  #document(name: string, { spec = {}, status = {} }: PlatformCluster): object {
    return this.tellsNamesAlone ? { name, spec: {}, status: {} } : { name, spec, status };
  }

  #serve(client: WebSocket): void {
    const ping = (): void => {
      const timer = this.#owned.add(
        systemClock.schedule(PING_MS, () => {
          this.#owned.delete(timer);
          if (client.readyState === client.OPEN) {
            client.ping();
            ping();
          }
        }),
      );
    };
    ping();
    client.on('error', () => client.terminate());
  }

  #tell(type: EventType, name: string): void {
    if (this.#waiting.length >= SLOTS) {
      this.lost += 1;
      return;
    }
    this.#waiting.push(JSON.stringify({ type, data: { name } }));
    if (this.#waiting.length === 1) {
      const timer = this.#owned.add(
        systemClock.schedule(0, () => {
          this.#owned.delete(timer);
          const texts = this.#waiting;
          this.#waiting = [];
          for (const text of texts) {
            for (const client of this.#sockets.clients) {
              client.send(text);
            }
          }
        }),
      );
    }
  }
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(value)}\n`);
}
