import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { TimerWheel } from '../base/timerWheel';
import { PERSONA_ACCESS } from '../hub/guest';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { closeSocket } from '../transport/node/closeSocket';
import { DEADLINE, Deadlines } from '../transport/node/deadlines';
import { FrameWriter, type Connection } from '../transport/node/frameWriter';
import { MessageRate } from '../transport/node/messageRate';
import type { ReasonedWebSocket, SocketListener } from '../transport/node/reasonedWebSocket';
import { SocketPulse } from '../transport/node/socketPulse';
import type { Visit } from './auth/doorkeeper';
import { compatFrame, mergeCompat, type CompatEvent, type CompatEventType } from './compatEvents';

/** What may wait as it is; what comes on top is merged by name. */
const WHOLE_BYTES = 256 * 1024;
/** What is ignored may not cost much. */
const MESSAGE_RATE = { perSecond: 10, burst: 100 };

export interface CompatClientOptions {
  readonly socket: ReasonedWebSocket;
  /** The connection below it: what is the same for all clients is written to it as it is. */
  readonly connection: Connection;
  readonly clock: Clock;
  /** Of all connections. */
  readonly timers: TimerWheel;
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
export class CompatClient implements SocketListener, Disposable {
  readonly #options: CompatClientOptions;
  readonly #writer: FrameWriter;
  readonly #deadlines: Deadlines;
  readonly #pulse: SocketPulse;
  /** Of the credential that the client was let in for, and of what its guest may. */
  readonly #ended: Disposable | undefined;
  readonly #held: Disposable | undefined;
  /** Made when first needed. */
  #rate: MessageRate | undefined;
  /** What is to be told when there is room, by name; made when there is none. */
  #late: Map<string, CompatEventType> | undefined;
  #isClosed = false;

  constructor(options: CompatClientOptions) {
    this.#options = options;
    const { socket, connection, clock, timers, visit, source } = options;
    this.#deadlines = new Deadlines(clock, timers, (deadline) => this.#missed(deadline));
    this.#writer = new FrameWriter(connection, this.#deadlines, () => this.#catchUp());
    this.#pulse = new SocketPulse(socket, clock, this.#deadlines);
    this.#ended = visit.credential?.onEnded(({ code, reason }) => this.close(code, reason));
    this.#held =
      source === undefined
        ? undefined
        : visit.guest.hold(source, PERSONA_ACCESS, ({ code, detail }) =>
            this.close(code === 'forbidden' ? CLOSE_CODES.forbidden : CLOSE_CODES.unavailable, detail),
          );
    socket.listen(this);
  }

  /** Names of which something is to be told when there is room. */
  get late(): number {
    return this.#late?.size ?? 0;
  }

  /** Tells of `events`; `frames` are the same, made once for all clients. */
  tell(frames: Buffer, events: readonly CompatEvent[]): void {
    if (this.#late === undefined && this.#writer.waitingBytes < WHOLE_BYTES) {
      this.#write(frames);
      return;
    }
    this.#late ??= new Map();
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

  message(): void {
    this.#rate ??= new MessageRate(this.#options.clock, MESSAGE_RATE);
    if (!this.#isClosed && !this.#rate.take()) {
      this.close(CLOSE_CODES.tooMany, 'too many messages');
    }
  }

  control(isPong: boolean): void {
    if (!this.#isClosed && !this.#pulse.hear(isPong)) {
      this.close(CLOSE_CODES.tooMany, 'too many pings and pongs');
    }
  }

  closed(): void {
    this.#end();
  }

  failed(error: Error): void {
    // Told by its close too.
    this.#options.logger.debug(`A connection failed: ${error.message}`);
  }

  #write(frames: Buffer): void {
    const { socket } = this.#options;
    if (!this.#isClosed && socket.readyState === socket.OPEN) {
      this.#writer.write(frames);
    }
  }

  #missed(deadline: (typeof DEADLINE)[keyof typeof DEADLINE]): void {
    switch (deadline) {
      case DEADLINE.ping:
        this.#pulse.ping();
        return;
      case DEADLINE.pong:
        this.close(CLOSE_CODES.timeout, 'no pong came for 60 s');
        return;
      case DEADLINE.write:
        this.close(CLOSE_CODES.timeout, 'the client has had no room for 10 s');
        return;
      case DEADLINE.beat:
      case DEADLINE.token:
        // It is never told that it works, and never asked for a token.
        return;
      default:
        deadline satisfies never;
    }
  }

  #catchUp(): void {
    while (!this.#isClosed && this.#late !== undefined && this.#writer.waitingBytes <= WHOLE_BYTES / 2) {
      this.#write(this.#takeLate(this.#late));
    }
  }

  /** Frames of what has been late for longest. */
  #takeLate(late: Map<string, CompatEventType>): Buffer {
    const frames: Buffer[] = [];
    let bytes = 0;
    for (const [name, type] of late) {
      const frame = compatFrame(name, type);
      frames.push(frame);
      bytes += frame.length;
      late.delete(name);
      if (bytes >= WHOLE_BYTES / 2) {
        break;
      }
    }
    if (late.size === 0) {
      this.#late = undefined;
    }
    return Buffer.concat(frames, bytes);
  }

  #end(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#late = undefined;
      this.#deadlines.dispose();
      this.#ended?.dispose();
      this.#held?.dispose();
      this.#options.visit.dispose();
      this.#options.onClosed(this);
    }
  }
}
