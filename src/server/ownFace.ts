import type { Socket } from 'node:net';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { TimerWheel } from '../base/timerWheel';
import type { Hub } from '../hub/hub';
import { Session } from '../hub/session';
import type { ReasonedWebSocket } from '../transport/node/reasonedWebSocket';
import { ServerWebSocketChannel } from '../transport/node/serverWebSocketChannel';
import { SharedFrame } from '../transport/node/sharedFrame';
import type { Doorkeeper, Visit } from './auth/doorkeeper';
import type { ServedGuest } from './auth/servedGuest';
import { goodbyeDelayMs } from './goodbyeDelay';
import type { HubCommands } from './hubCommands';

export interface OwnFaceOptions {
  readonly hub: Hub;
  readonly clock: Clock;
  /** Of all connections. */
  readonly timers: TimerWheel;
  readonly random: Random;
  readonly logger: Logger;
  readonly doorkeeper: Doorkeeper;
  readonly commands: HubCommands;
}

/** Lines of a log to start with, as in an editor that was told nothing else. */
const LOG_TAIL_LINES = 500;

/** The hub's own protocol over WebSockets: a session for each client that was let in. */
export class OwnFace implements Disposable {
  readonly #options: OwnFaceOptions;
  readonly #logger: Logger;
  readonly #channels = new Set<ServerWebSocketChannel>();
  readonly #sharedFrame = new SharedFrame();
  #sessions = 0;

  constructor(options: OwnFaceOptions) {
    this.#options = options;
    // What a client does wrong is told to it, and must not fill the log.
    this.#logger = { ...options.logger, warn: (message) => options.logger.debug(message) };
  }

  get clientCount(): number {
    return this.#channels.size;
  }

  /** Clients that were let in. */
  get sessionCount(): number {
    return this.#sessions;
  }

  /** What waits in connections to be sent, in bytes. */
  get bufferedBytes(): number {
    let bytes = 0;
    for (const channel of this.#channels) {
      bytes += channel.bufferedBytes;
    }
    return bytes;
  }

  /** Without a visit the client is asked for a token. What the guest of a visit may is to be learnt before. */
  serve(socket: ReasonedWebSocket, connection: Socket, visit: Visit | undefined): void {
    const { clock, timers, doorkeeper } = this.#options;
    const guest = visit?.guest ?? doorkeeper.newGuest();
    const channel = new ServerWebSocketChannel({
      socket,
      connection,
      clock,
      timers,
      sharedFrame: this.#sharedFrame,
      logger: this.#logger,
      features: [],
      ...(doorkeeper.isOpen ? {} : { checkCredential: (token) => doorkeeper.check(token, guest) }),
      ...(visit?.credential === undefined ? {} : { credential: visit.credential }),
    });
    this.#channels.add(channel);
    channel.onOpened(() => this.#open(channel, guest));
    channel.onClose(() => {
      this.#channels.delete(channel);
      guest.dispose();
    });
    channel.start();
  }

  /** Asks every client to come again later, and ends its connection once it was sent what waits. */
  sayGoodbye(reason: string): void {
    const { random } = this.#options;
    const clients = this.#channels.size;
    for (const channel of this.#channels) {
      channel.sayGoodbye(reason, goodbyeDelayMs(random, clients));
    }
  }

  dispose(): void {
    for (const channel of this.#channels) {
      channel.dispose();
    }
  }

  #open(channel: ServerWebSocketChannel, guest: ServedGuest): void {
    const session = new Session({
      ...this.#options,
      guest,
      logger: this.#logger,
      channel,
      hello: greet,
      runCommand: this.#options.commands.runnerFor(guest),
      logTailLines,
    });
    this.#sessions += 1;
    channel.onClose(() => {
      this.#sessions -= 1;
      session.dispose();
    });
  }
}

function greet() {
  return { language: 'en', texts: {} };
}

function logTailLines(): number {
  return LOG_TAIL_LINES;
}
