import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { openTunnel } from './proxyTunnel';
import { tcpSocketTo, tlsSocketOver } from './socketTo';

interface Endpoint {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The way to an API server step by step, as its connections go it: to the proxy if there is one, through it, and TLS. */
export class ClusterRoute {
  readonly server: Endpoint;
  readonly isPlainHttp: boolean;
  readonly #proxy: URL | undefined;

  constructor(server: string, proxyUrl: string | undefined) {
    const url = new URL(server);
    this.server = endpointOf(url);
    this.isPlainHttp = url.protocol === 'http:';
    this.#proxy = proxyUrl === undefined ? undefined : new URL(proxyUrl);
  }

  get isProxied(): boolean {
    return this.#proxy !== undefined;
  }

  /** Where connections go to from here: the proxy, or the server itself. */
  get firstHop(): Endpoint {
    return this.#proxy === undefined ? this.server : endpointOf(this.#proxy);
  }

  connect(signal: AbortSignal): Promise<Socket> {
    const { host, port } = this.firstHop;
    return tcpSocketTo(host, port, signal);
  }

  /**
   * Leads the connection through the proxy, and takes it over; `said` is the proxy's answer. Without a proxy the connection
   * stays as it is.
   */
  async tunnel(
    socket: Socket,
    signal: AbortSignal,
  ): Promise<{ readonly socket: Socket; readonly said: string }> {
    const proxy = this.#proxy;
    if (proxy === undefined) {
      return { socket, said: '' };
    }
    const outer =
      proxy.protocol === 'https:' ? await tlsSocketOver(socket, endpointOf(proxy).host, {}, signal) : socket;
    const onAbort = (): void => void outer.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return { socket: outer, said: await openTunnel(outer, proxy, this.server) };
    } catch (error) {
      outer.destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  handshake(socket: Socket, options: ConnectionOptions, signal: AbortSignal): Promise<TLSSocket> {
    return tlsSocketOver(socket, this.server.host, options, signal);
  }
}

function endpointOf({ protocol, hostname, port }: URL): Endpoint {
  const usual = protocol === 'https:' ? 443 : protocol.startsWith('socks') ? 1080 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) };
}
