import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { systemClock, type Clock } from '../base/clock';
import type { KubeFetch, KubeRequest } from '../base/kubeFetch';
import {
  badRequest,
  methodNotAllowed,
  requestEntityTooLarge,
  type ApiStatus,
} from '../demo/apiServer/apiStatus';
import { MAX_REQUEST_BYTES } from '../demo/registry/documentLimits';
import { AnswerWriter, ReaderGoneError } from './answerWriter';
import type { CertificateAndKey } from './certificateAuthority';
import { ChunkFramer } from './chunkFramer';
import { refuseForeignRequest } from './foreignRequest';
import { readRequestBody } from './requestBody';
import { SilentSockets } from './silentSockets';
import { StreamPacer } from './streamPacer';

export interface DemoHttpServerOptions {
  /** What the requests are handed to. */
  readonly fetch: KubeFetch;
  /** Absent or 0: any that is free. */
  readonly port?: number;
  /** Absent: plain HTTP, which nobody but programs on this machine may use. */
  readonly tls?: CertificateAndKey;
  readonly clock?: Clock;
}

export interface DemoHttpServer {
  readonly url: string;
  readonly port: number;
  /** Stops listening and breaks every connection; resolves when all are gone. */
  close(): Promise<void>;
}

/** Whoever is this slow in sending a request wants to occupy a connection. Silence after it is what watches are like. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** How often Node looks for those. */
const CHECKING_INTERVAL_MS = 5_000;

/** Of Go's HTTP server: a selector may be long. */
const MAX_HEADER_BYTES = 1024 * 1024;

/** kube-apiserver's idle time-out. */
const KEEP_ALIVE_TIMEOUT_MS = 90_000;

/** What one socket that is read too slowly may hold. */
const SOCKET_BUFFER_BYTES = 256 * 1024;

/**
 * Serves a {@link KubeFetch} over HTTP/1.1 on 127.0.0.1. A client that goes away aborts the signal of its request; a
 * body that throws, and an exchange that is refused, break the connection. Rejects when the port cannot be had.
 */
export async function startDemoHttpServer(options: DemoHttpServerOptions): Promise<DemoHttpServer> {
  const { fetch, port = 0, tls, clock = systemClock } = options;
  const pacer = new StreamPacer(clock);
  const writer = new AnswerWriter({ framer: new ChunkFramer(), pacer });
  const silences = new SilentSockets(clock, HEADERS_TIMEOUT_MS);
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    silences.delete(request.socket);
    void handle(fetch, writer, tls === undefined, request, response);
  };
  const settings = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    highWaterMark: SOCKET_BUFFER_BYTES,
  };
  const server: Server =
    tls === undefined
      ? createServer(settings, onRequest)
      : createTlsServer(
          { ...settings, handshakeTimeout: HEADERS_TIMEOUT_MS, cert: tls.certificate, key: tls.key },
          onRequest,
        );
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => silences.add(socket));
  const boundPort = await listen(server, port);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${boundPort}`,
    port: boundPort,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
        pacer.dispose();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function handle(
  fetch: KubeFetch,
  writer: AnswerWriter,
  isUnauthenticated: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) {
      abort.abort(new ReaderGoneError());
    }
  });
  try {
    const path = request.url ?? '';
    const method = methodOf(request);
    const foreign = isUnauthenticated ? refuseForeignRequest(request.headers) : undefined;
    if (foreign !== undefined) {
      refuse(response, foreign);
      return;
    }
    if (!path.startsWith('/')) {
      refuse(response, badRequest('the request target must be a path'));
      return;
    }
    if (method === undefined) {
      refuse(response, methodNotAllowed());
      return;
    }
    const body = await readRequestBody(request);
    if (body === undefined) {
      refuse(response, requestEntityTooLarge(`limit is ${MAX_REQUEST_BYTES}`));
      return;
    }
    const answer = await fetch(path, {
      method,
      headers: headersOf(request),
      ...(body.length > 0 && { body }),
      signal: abort.signal,
    });
    await writer.write(request, answer, response);
  } catch {
    // Whatever it was, there is no whole answer: only a broken connection says so once the headers are sent.
    response.destroy();
  }
}

/** What is left of the request is read and thrown away by Node: closing before that could lose the answer. */
function refuse(response: ServerResponse, status: ApiStatus): void {
  const text = `${JSON.stringify(status)}\n`;
  response.writeHead(status.code, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** What is asked of the cluster; of the answer to HEAD only the headers are sent. */
function methodOf(request: IncomingMessage): KubeRequest['method'] | undefined {
  switch (request.method) {
    case 'HEAD':
      return 'GET';
    case 'GET':
    case 'POST':
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return request.method;
    default:
      return undefined;
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
