import type { Server, Socket } from 'node:net';
import { isIPv6 } from 'node:net';

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
  /** Those that came when there were enough, by their address and port: over TLS, one is two sockets. */
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

function endpointOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function peerOf(address = ''): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) {
    return mapped ?? address;
  }
  return networkOf(address);
}

/** The first 64 bits of an IPv6 address. */
function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':');
}
