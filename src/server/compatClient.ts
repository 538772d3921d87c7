import type { Writable } from 'node:stream';
import { WebSocket } from 'ws';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import { PERSONA_ACCESS } from '../hub/guest';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { closeSocket } from '../transport/node/closeSocket';
import { MessageRate } from '../transport/node/messageRate';
import { SocketPulse } from '../transport/node/socketPulse';
import { WriteDeadline } from '../transport/node/writeDeadline';
import type { Visit } from './auth/doorkeeper';
import { compatFrame, mergeCompat, type CompatEvent, type CompatEventType } from './compatEvents';

/** What may wait as it is; what comes on top is merged by name. */
const WHOLE_BYTES = 256 * 1024;
/** What is ignored may not cost much. */
const MESSAGE_RATE = { perSecond: 10, burst: 100 };

export interface CompatClientOptions {
  readonly socket: WebSocket;
  /** The connection below it: what is the same for all clients is written to it as it is. */
  readonly connection: Pick<Writable, 'write' | 'writableLength'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It is disposed with the client. */
  readonly visit: Visit;
  /** The source that it is told of, which the guest may know; undefined where there is none. */
  readonly source: string | undefined;
  readonly onClosed: (client: CompatClient) => void;
}

/**
 * A client of the compatible face: told of events, and not listened to. For one that reads too slowly what happens to one name
 * is merged into the latest of it, and told when there is room: so it is told late, but of everything, and costs no more than
 * there are names. One that has no room for 10 s is cut off.
 */
export class CompatClient implements Disposable {
  readonly #options: CompatClientOptions;
  readonly #owned = new DisposableStore();
  readonly #deadline: WriteDeadline;
  /** What is to be told when there is room, by name. */
  readonly #late = new Map<string, CompatEventType>();
  #isClosed = false;

  constructor(options: CompatClientOptions) {
    this.#options = options;
    const { socket, clock, logger, visit, source } = options;
    this.#deadline = this.#owned.add(
      new WriteDeadline(clock, () => this.close(CLOSE_CODES.timeout, 'the client has had no room for 10 s')),
    );
    this.#owned.add(
      new SocketPulse({
        socket,
        clock,
        onDead: () => this.close(CLOSE_CODES.timeout, 'no pong came for 60 s'),
        onFlood: () => this.close(CLOSE_CODES.tooMany, 'too many pings and pongs'),
      }),
    );
    this.#owned.add(visit);
    if (visit.credential !== undefined) {
      this.#owned.add(visit.credential.onEnded(({ code, reason }) => this.close(code, reason)));
    }
    if (source !== undefined) {
      this.#owned.add(
        visit.guest.hold(source, PERSONA_ACCESS, ({ code, detail }) =>
          this.close(code === 'forbidden' ? CLOSE_CODES.forbidden : CLOSE_CODES.unavailable, detail),
        ),
      );
    }
    const rate = new MessageRate(clock, MESSAGE_RATE);
    socket.on('message', () => {
      if (!rate.take()) {
        this.close(CLOSE_CODES.tooMany, 'too many messages');
      }
    });
    socket.on('close', () => this.#end());
    // Told by its close too.
    socket.on('error', (error) => logger.debug(`A connection failed: ${error.message}`));
  }

  /** Names of which something is to be told when there is room. */
  get late(): number {
    return this.#late.size;
  }

  /** Tells of `events`; `frames` are the same, made once for all clients. */
  tell(frames: Buffer, events: readonly CompatEvent[]): void {
    if (this.#late.size === 0 && this.#options.connection.writableLength < WHOLE_BYTES) {
      this.#write(frames);
      return;
    }
    for (const { name, type } of events) {
      this.#late.set(name, mergeCompat(this.#late.get(name), type));
    }
  }

  close(code: number, reason: string): void {
    if (!this.#isClosed) {
      closeSocket(this.#options.socket, this.#options.clock, code, reason);
      this.#end();
    }
  }

  dispose(): void {
    this.close(CLOSE_CODES.goingAway, 'the hub has ended');
  }

  #write(frames: Buffer): void {
    const { socket, connection } = this.#options;
    if (socket.readyState !== WebSocket.OPEN) {
      return;
    }
    this.#deadline.begin();
    connection.write(frames, () => {
      if (!this.#isClosed) {
        this.#deadline.end();
        this.#catchUp();
      }
    });
  }

  #catchUp(): void {
    if (this.#late.size === 0 || this.#options.connection.writableLength > WHOLE_BYTES / 2) {
      return;
    }
    const frames: Buffer[] = [];
    let bytes = 0;
    for (const [name, type] of this.#late) {
      const frame = compatFrame(name, type);
      frames.push(frame);
      bytes += frame.length;
      this.#late.delete(name);
      if (bytes >= WHOLE_BYTES / 2) {
        break;
      }
    }
    this.#write(Buffer.concat(frames, bytes));
  }

  #end(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#late.clear();
      this.#owned.dispose();
      this.#options.onClosed(this);
    }
  }
}
