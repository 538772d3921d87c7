import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { problemFromError } from '../protocol/problemFromError';
import { closeSocket } from '../transport/node/closeSocket';
import { ReasonedWebSocket } from '../transport/node/reasonedWebSocket';
import { MAX_CLIENT_FRAGMENTS, MAX_CLIENT_MESSAGE_BYTES } from '../transport/node/serverWebSocketChannel';
import type { Doorkeeper, Visit } from './auth/doorkeeper';
import type { CompatFace } from './compatFace';
import type { ConnectionLimits } from './connectionLimits';
import type { OwnFace } from './ownFace';
import { detailsOfEnd, detailsOfProblem } from './problemDetails';
import { refuseRaw } from './rawRefusal';
import type { RequestGuard } from './requestGuard';
import { TOO_OFTEN, type RequestRates } from './requestRates';

const OWN_PATH = '/api/v1/ws';
const COMPAT_PATH = '/ws';
/** What a client of the compatible face may say, though nobody listens. */
const COMPAT_MESSAGE_BYTES = 512;

export interface UpgradesOptions {
  readonly guard: RequestGuard;
  readonly limits: ConnectionLimits;
  readonly rates: RequestRates;
  readonly own: OwnFace;
  readonly compat: CompatFace;
  readonly doorkeeper: Doorkeeper;
  readonly logger: Logger;
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
        void this.#upgrade(request, stream, head);
      } else {
        stream.destroy();
      }
    });
  }

  async #upgrade(request: IncomingMessage, connection: Socket, head: Buffer): Promise<void> {
    const { guard, limits, rates, own, compat, clock, isStopping } = this.#options;
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
      refuseRaw(connection, 503, STOPPING);
      return;
    }
    const upgrader = path === OWN_PATH ? this.#own : this.#compat;
    const upgrade = (serve: (socket: ReasonedWebSocket) => void): void =>
      upgrader.handleUpgrade(request, connection, head, (socket) => {
        connection.off('error', ignore);
        serve(socket);
      });
    const excess = limits.isExcess(connection)
      ? 'too many connections'
      : rates.take(connection.remoteAddress)
        ? undefined
        : TOO_OFTEN;
    if (excess !== undefined) {
      upgrade((socket) => {
        socket.on('error', ignore);
        closeSocket(socket, clock, CLOSE_CODES.tooMany, excess);
      });
      return;
    }
    const visit = await this.#admit(request, connection, path);
    if (visit === 'refused') {
      return;
    }
    if (isStopping() || connection.destroyed) {
      visit?.dispose();
      refuseRaw(connection, 503, STOPPING);
      return;
    }
    let isServed = false;
    upgrade((socket) => {
      isServed = true;
      if (path === OWN_PATH) {
        own.serve(socket, connection, visit);
      } else if (visit !== undefined) {
        compat.serve(socket, connection, visit);
      }
    });
    // What is no proper request for a WebSocket was answered, and its connection ends.
    if (!isServed) {
      visit?.dispose();
    }
  }

  /** Undefined for whoever can be asked for a token afterwards. Never rejects. */
  async #admit(
    { headers }: IncomingMessage,
    connection: Socket,
    path: string,
  ): Promise<Visit | undefined | 'refused'> {
    const { doorkeeper, compat, logger } = this.#options;
    const admittance = await doorkeeper.admit({ headers, connection });
    if (!admittance.ok) {
      if (path === OWN_PATH && doorkeeper.takesTokens && !admittance.hasShown) {
        return undefined;
      }
      const { status, detail } = detailsOfEnd(admittance.end);
      refuseRaw(connection, status, detail);
      return 'refused';
    }
    const { visit } = admittance;
    try {
      await (path === OWN_PATH ? visit.guest.learn() : compat.admit(visit.guest));
      return visit;
    } catch (error) {
      visit.dispose();
      const problem = problemFromError(error);
      if (problem.code === 'internal') {
        logger.error('A connection could not be admitted', error);
      }
      const { status, detail } = detailsOfProblem(problem);
      refuseRaw(connection, status, detail);
      return 'refused';
    }
  }
}

const STOPPING = 'the hub is shutting down';

function upgrader(maxPayload: number) {
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
