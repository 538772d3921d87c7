import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../base/clock';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { closeSocket } from '../transport/node/closeSocket';
import type { CredentialCheck } from '../transport/node/credential';
import { ReasonedWebSocket } from '../transport/node/reasonedWebSocket';
import { MAX_CLIENT_FRAGMENTS, MAX_CLIENT_MESSAGE_BYTES } from '../transport/node/serverWebSocketChannel';
import type { CompatFace } from './compatFace';
import type { ConnectionLimits } from './connectionLimits';
import type { OwnFace } from './ownFace';
import { refuseRaw } from './rawRefusal';
import { bearerToken, type RequestGuard } from './requestGuard';

const OWN_PATH = '/api/v1/ws';
const COMPAT_PATH = '/ws';
/** What a client of the compatible face may say, though nobody listens. */
const COMPAT_MESSAGE_BYTES = 512;

export interface UpgradesOptions {
  readonly guard: RequestGuard;
  readonly limits: ConnectionLimits;
  readonly own: OwnFace;
  readonly compat: CompatFace;
  readonly checkCredential: CredentialCheck | undefined;
  readonly clock: Clock;
  /** Whether nobody new is let in. */
  readonly isStopping: () => boolean;
}

/** Makes WebSockets of the requests for them, or says why not. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #own = upgrader(MAX_CLIENT_MESSAGE_BYTES);
  readonly #compat = upgrader(COMPAT_MESSAGE_BYTES);

  constructor(options: UpgradesOptions) {
    this.#options = options;
  }

  watch(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      // Until a WebSocket takes it over nobody hears how it breaks.
      stream.on('error', ignore);
      // Every connection of an HTTP server is one of the network's.
      if (stream instanceof Socket) {
        this.#upgrade(request, stream, head);
      } else {
        stream.destroy();
      }
    });
  }

  #upgrade(request: IncomingMessage, connection: Socket, head: Buffer): void {
    const { guard, limits, own, compat, checkCredential, clock, isStopping } = this.#options;
    const { url = '', headers } = request;
    const refused = guard.refuse({ url, headers });
    if (refused !== undefined) {
      refuseRaw(connection, refused.status, refused.detail);
      return;
    }
    const [path] = url.split('?', 1);
    if (path !== OWN_PATH && (path !== COMPAT_PATH || !compat.isBound)) {
      refuseRaw(connection, 404, 'there is no WebSocket here');
      return;
    }
    if (isStopping()) {
      refuseRaw(connection, 503, 'the hub is shutting down');
      return;
    }
    const shown = headers.authorization === undefined ? undefined : (bearerToken(headers) ?? '');
    const credential = shown === undefined ? undefined : checkCredential?.(shown);
    const isUnknown = shown !== undefined && credential === undefined;
    // The own face can be shown a token afterwards, the other one cannot.
    if (checkCredential !== undefined && (isUnknown || (path === COMPAT_PATH && credential === undefined))) {
      refuseRaw(connection, 401, isUnknown ? 'the token is not known' : 'a bearer token is needed');
      return;
    }
    const isExcess = limits.isExcess(connection);
    const serve = (socket: WebSocket): void => {
      connection.off('error', ignore);
      if (isExcess) {
        socket.on('error', ignore);
        closeSocket(socket, clock, CLOSE_CODES.tooMany, 'too many connections');
      } else if (path === OWN_PATH) {
        own.serve(socket, credential);
      } else {
        compat.serve(socket, connection, credential);
      }
    };
    (path === OWN_PATH ? this.#own : this.#compat).handleUpgrade(request, connection, head, serve);
  }
}

function upgrader(maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // Between two messages what the first one brought about can happen.
    allowSynchronousEvents: false,
    WebSocket: ReasonedWebSocket,
    maxPayload,
    maxFragments: MAX_CLIENT_FRAGMENTS,
  });
}

function ignore(): void {
  // Its close is what counts.
}
