import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import { systemErrorCode } from '../cluster/readFileBounded';
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

export interface ListenerOptions {
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a TLS handshake may take. */
  readonly handshakeMs?: number;
}

/** An HTTP or HTTPS server that does not listen yet, and what follows its certificate. */
export interface Listener extends Disposable {
  /** Makes the server; to be called once. */
  create(handle: RequestListener): Server;
}

/** Rejects with {@link StartError} where certificate or key cannot be used. */
export async function openListener({
  tls,
  clock,
  logger,
  handshakeMs = HANDSHAKE_MS,
}: ListenerOptions): Promise<Listener> {
  const owned = new DisposableStore();
  if (tls === undefined) {
    return { create: (handle) => limited(createServer(LIMITS, handle)), dispose: () => owned.dispose() };
  }
  const { certFile, keyFile } = tls;
  let onChanged: (contents: readonly Buffer[]) => void = () => undefined;
  const { contents, watched } = await WatchedFiles.open({
    files: [certFile, keyFile],
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
    throw new StartError(`${certFile} and ${keyFile} cannot be read: ${systemErrorCode(error)}`);
  });
  owned.add(watched);
  return {
    create: (handle) => {
      try {
        const server = createTlsServer(
          { ...LIMITS, ...pairOf(contents), handshakeTimeout: handshakeMs, minVersion: 'TLSv1.2' },
          handle,
        );
        // Nothing can be answered before a handshake, and nothing else ends what never finishes one.
        server.on('tlsClientError', (_, connection) => connection.destroy());
        onChanged = (changed) => {
          try {
            server.setSecureContext({ ...pairOf(changed), minVersion: 'TLSv1.2' });
            logger.info('Certificate and key changed, and are in use');
          } catch {
            logger.error('Certificate and key changed and cannot be used together: the last ones stay');
          }
        };
        return limited(server);
      } catch {
        throw new StartError(`${certFile} and ${keyFile} are no certificate with its key`);
      }
    },
    dispose: () => owned.dispose(),
  };
}

function pairOf([cert, key]: readonly Buffer[]): { cert: Buffer | undefined; key: Buffer | undefined } {
  return { cert, key };
}

function limited<S extends Server>(server: S): S {
  server.maxHeadersCount = MAX_HEADERS;
  server.setTimeout(SILENCE_MS);
  return server;
}
