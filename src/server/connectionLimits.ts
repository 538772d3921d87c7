import type { Server, Socket } from 'node:net';
import { peerOf } from './peer';

export interface ConnectionLimitsOptions {
  readonly total: number;
  /** From one address; of IPv6, from one network of 64 bits. */
  readonly perPeer: number;
}

/** Who is one too many is told so; beyond so many more nobody is. */
const TOLD = 64;

/**
 * Counts the connections of a server, in total and a peer. What is a little beyond a limit is accepted, so that it can be told;
 * what is far beyond is cut off at once.
 */
export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions;
  readonly #counts = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  /** Those that came when there were enough, by their address and port. */
  readonly #excess = new Set<string>();

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
  }

  get total(): number {
    return this.#sockets.size;
  }

  /** Counts every connection to `server` from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.#add(socket));
  }

  /** Whether a connection is one too many. */
  isExcess(socket: Socket): boolean {
    return this.#excess.has(endpointOf(socket));
  }

  /** Ends every connection, whatever is under way. */
  cutAll(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #add(socket: Socket): void {
    const peer = peerOf(socket.remoteAddress);
    const endpoint = endpointOf(socket);
    const count = (this.#counts.get(peer) ?? 0) + 1;
    const { total, perPeer } = this.#options;
    if (this.#sockets.size >= total + TOLD || count > perPeer + TOLD) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    this.#counts.set(peer, count);
    if (this.#sockets.size > total || count > perPeer) {
      this.#excess.add(endpoint);
    }
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#excess.delete(endpoint);
      this.#remove(peer);
    });
  }

  #remove(peer: string): void {
    const count = (this.#counts.get(peer) ?? 0) - 1;
    if (count > 0) {
      this.#counts.set(peer, count);
    } else {
      this.#counts.delete(peer);
    }
  }
}

/** Names a connection while it lasts; over TLS, one is two sockets. */
export function endpointOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
