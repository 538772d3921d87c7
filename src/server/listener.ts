import type { Socket } from 'node:net';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { constants, X509Certificate } from 'node:crypto';
import { createServer as createTlsServer } from 'node:https';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import type { Logger } from '../base/logger';
import { systemErrorCode } from '../cluster/readFileBounded';
import { endpointOf } from './connectionLimits';
import { StartError } from './startError';
import { WatchedFiles } from './watchedFiles';

/** Whoever sends a request byte by byte is cut off. */
const LIMITS: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 30_000,
  maxHeaderSize: 16 * 1024,
  // Some clients offer another HTTP with every request: they are answered as if they had not.
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
};
const MAX_HEADERS = 100;
/** An answer that is not read for so long is given up. */
const SILENCE_MS = 30_000;
const HANDSHAKE_MS = 10_000;

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** The authorities whose clients may show a certificate; absent where none is asked for. */
  readonly clientCaFile?: string;
}

export interface ListenerOptions {
  readonly tls: TlsFiles | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a TLS handshake may take. */
  readonly handshakeMs?: number;
}

/** An HTTP or HTTPS server that does not listen yet, and what follows its certificate. */
export interface Listener extends Disposable {
  /** Makes the server; to be called once. */
  create(handle: RequestListener): Server;
  /** Handshakes from now on know other authorities of clients. */
  readonly onClientCaChanged: Event<void>;
  /** Whether a connection began when the authorities of clients were other ones: what it said of them counts no longer. */
  readonly isOutdated: (connection: Socket) => boolean;
}

/** Rejects with {@link StartError} where certificate or key cannot be used. */
export async function openListener({
  tls,
  clock,
  logger,
  handshakeMs = HANDSHAKE_MS,
}: ListenerOptions): Promise<Listener> {
  const owned = new DisposableStore();
  const caChanged = owned.add(
    new Emitter<void>((error) => logger.error('A listener of certificates failed', error)),
  );
  const handshakes = new Handshakes();
  const listener = {
    onClientCaChanged: caChanged.event,
    isOutdated: (connection: Socket) => handshakes.isOutdated(connection),
    dispose: () => owned.dispose(),
  };
  if (tls === undefined) {
    return { ...listener, create: (handle) => limited(createServer(LIMITS, handle)) };
  }
  const { certFile, keyFile, clientCaFile } = tls;
  const files = [certFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])];
  let onChanged: (contents: readonly Buffer[]) => void = () => undefined;
  const { contents, watched } = await WatchedFiles.open({
    files,
    clock,
    onChanged: (changed) => onChanged(changed),
    onReadableChanged: (error) => {
      if (error === undefined) {
        logger.info('Certificate and key can be read again');
      } else {
        logger.error(`Certificate and key cannot be read (${systemErrorCode(error)}): the last ones stay`);
      }
    },
  }).catch((error: unknown) => {
    throw new StartError(`${files.join(' and ')} cannot be read: ${systemErrorCode(error)}`);
  });
  owned.add(watched);
  return {
    ...listener,
    create: (handle) => {
      try {
        const server = createTlsServer(
          { ...LIMITS, ...contextOf(contents), handshakeTimeout: handshakeMs },
          handle,
        );
        // Nothing can be answered before a handshake, and nothing else ends what never finishes one.
        server.on('tlsClientError', (_, connection) => connection.destroy());
        let authorities = contents[2];
        if (authorities !== undefined) {
          handshakes.watch(server);
        }
        onChanged = (changed) => {
          try {
            server.setSecureContext(contextOf(changed));
            logger.info('Certificate and key changed, and are in use');
          } catch {
            logger.error('Certificate and key changed and cannot be used together: the last ones stay');
            return;
          }
          const before = authorities;
          authorities = changed[2];
          if (authorities !== undefined && before?.equals(authorities) === false) {
            handshakes.outdate();
            caChanged.fire();
          }
        };
        return limited(server);
      } catch {
        throw new StartError(
          clientCaFile === undefined
            ? `${certFile} and ${keyFile} are no certificate with its key`
            : `${certFile} and ${keyFile} are no certificate with its key, or ${clientCaFile} holds no certificate`,
        );
      }
    },
  };
}

/** Remembers by which authorities connections were verified: HTTP keeps them for many requests. */
class Handshakes {
  readonly #began = new Map<string, { readonly generation: number }>();
  #generation = 0;

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const endpoint = endpointOf(socket);
      const began = { generation: this.#generation };
      this.#began.set(endpoint, began);
      socket.once('close', () => {
        if (this.#began.get(endpoint) === began) {
          this.#began.delete(endpoint);
        }
      });
    });
  }

  /** Other authorities count from now on. */
  outdate(): void {
    this.#generation += 1;
  }

  isOutdated(connection: Socket): boolean {
    return this.#began.get(endpointOf(connection))?.generation !== this.#generation;
  }
}

/** Throws for what cannot be used. */
function contextOf([cert, key, ca]: readonly Buffer[]) {
  const minVersion = 'TLSv1.2' as const;
  if (ca === undefined) {
    return { cert, key, minVersion };
  }
  // OpenSSL takes a file without any for one that trusts nobody.
  const authority = new X509Certificate(ca);
  if (!authority.ca) {
    throw new Error('it is no authority');
  }
  return {
    cert,
    key,
    ca,
    minVersion,
    // A session that is resumed is not verified again, though its certificate may count no longer.
    secureOptions: constants.SSL_OP_NO_TICKET,
    // Whether somebody without one is let in is not decided here.
    requestCert: true,
    rejectUnauthorized: false,
  };
}

function limited<S extends Server>(server: S): S {
  server.maxHeadersCount = MAX_HEADERS;
  server.setTimeout(SILENCE_MS);
  return server;
}
