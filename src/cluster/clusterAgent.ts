import { buildConnector, Client, ProxyAgent, type Dispatcher } from 'undici';
import { ClientPool } from './clientPool';
import type { ConnectPacer } from './connectPacer';
import type { ConnectionIdentity } from './credentials';
import { tlsOptions } from './tlsOptions';

/** Name resolution, TCP and TLS together. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Below the 60 s after which common load balancers cut silent connections: an idle one is closed by us first. */
const IDLE_MS = 45_000;
/** First TCP keep-alive probe; like client-go, for the same load balancers. */
const TCP_KEEP_ALIVE_MS = 30_000;

/** What carries the requests to one cluster. */
export interface ClusterAgent {
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  /** Takes nothing more; resolves when everything under way has ended. */
  close(): Promise<void>;
  /** Ends everything under way with `error`. */
  destroy(error: Error): Promise<void>;
}

/**
 * The one HTTP/1.1 connection pool of an identity. Neither headers nor bodies time out here: watches and logs are silent by
 * nature, and whoever waits for an answer has a deadline of its own. `proxyUrl` is where the connections go through;
 * without one, `pacer` says when they begin. Throws like {@link tlsOptions}.
 */
export function createClusterAgent(
  identity: ConnectionIdentity,
  proxyUrl: string | undefined,
  pacer?: ConnectPacer,
): ClusterAgent {
  const tls = tlsOptions(identity);
  const connection = {
    timeout: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
  };
  const pool = {
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  if (proxyUrl === undefined) {
    const connect = buildConnector({ ...tls, ...connection, allowH2: false });
    const paced: buildConnector.connector =
      pacer === undefined ? connect : (options, callback) => pacer.begin(() => connect(options, callback));
    const { origin } = new URL(identity.server);
    return new ClientPool(() => new Client(origin, { ...pool, connect: paced }));
  }
  const isSocks = /^socks/i.test(proxyUrl);
  return new ProxyAgent({
    ...pool,
    // undici knows the scheme without its h; it lets the proxy resolve the name in any case.
    uri: proxyUrl.replace(/^socks5h:/i, 'socks5:'),
    requestTls: { ...tls, ...connection },
    // Any such options make undici speak TLS to a SOCKS proxy.
    ...(isSocks ? {} : { proxyTls: connection }),
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
}
