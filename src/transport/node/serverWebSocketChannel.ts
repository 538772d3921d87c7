import type { RawData } from 'ws';
import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { isRecord } from '../../base/jsonRecord';
import type { Logger } from '../../base/logger';
import type { TimerWheel } from '../../base/timerWheel';
import type { Channel } from '../../protocol/channel';
import { CLOSE_CODES } from '../../protocol/closeCodes';
import { decode, PROTOCOL_VERSION, type ServerMessage } from '../../protocol/messages';
import {
  authMessageSchema,
  type Goodbye,
  type Heartbeat,
  type TransportHello,
} from '../../protocol/transportMessages';
import { closeSocket } from './closeSocket';
import type { Credential, CredentialCheck } from './credential';
import { DEADLINE, Deadlines } from './deadlines';
import type { Connection } from './frameWriter';
import { MessageRate } from './messageRate';
import { OutgoingMessages } from './outgoingMessages';
import type { ReasonedWebSocket, SocketListener } from './reasonedWebSocket';
import type { SharedFrame } from './sharedFrame';
import { SocketPulse } from './socketPulse';

/** Longest message of a client; its socket must refuse longer ones. */
export const MAX_CLIENT_MESSAGE_BYTES = 64 * 1024;
/** In how many pieces it may come: each keeps what was read together with it in memory. */
export const MAX_CLIENT_FRAGMENTS = 256;
const HEARTBEAT_MS = 25_000;
const AUTH_PATIENCE_MS = 10_000;
/** A client gives back up to 200 credits a second, and asks for much at once when it starts. */
const MESSAGE_RATE = { perSecond: 300, burst: 1_000 };
/** Nothing that it says is long, but for what it subscribes to when it starts. */
const BYTE_RATE = { perSecond: 128 * 1024, burst: 4 * 1024 * 1024 };

export interface ServerWebSocketChannelOptions {
  /** Open, without compression, and with {@link MAX_CLIENT_MESSAGE_BYTES} as its limit. */
  readonly socket: ReasonedWebSocket;
  /** Below it. Frames are written to it as they are. */
  readonly connection: Connection;
  readonly clock: Clock;
  /** Of all connections. */
  readonly timers: TimerWheel;
  /** What was sent last to any of them. */
  readonly sharedFrame: SharedFrame;
  readonly logger: Logger;
  readonly features: readonly string[];
  /** Absent where nobody is asked for a token. */
  readonly checkCredential?: CredentialCheck;
  /** What the request to open the connection carried already; it is disposed with the channel. */
  readonly credential?: Credential;
}

/**
 * The server's end of a channel over a WebSocket. It greets, lets in, finds out whether the client is still there and reads
 * what it is sent; none of that reaches whoever uses the channel. Nothing is told by `onMessage` before `onOpened`.
 *
 * While more than a megabyte waits to be sent, nothing more is taken in: a client that asks for much and reads little waits
 * for itself. One that has no room for the next piece for 10 s is cut off.
 */
export class ServerWebSocketChannel implements Channel<ServerMessage>, SocketListener {
  readonly #options: ServerWebSocketChannelOptions;
  readonly #opened: Emitter<void>;
  readonly #message: Emitter<unknown>;
  readonly #close: Emitter<void>;
  readonly #outgoing: OutgoingMessages;
  readonly #deadlines: Deadlines;
  readonly #pulse: SocketPulse;
  readonly #rate: MessageRate;
  readonly #byteRate: MessageRate;
  /** Ends with the credential in use. */
  #credential: Disposable | undefined;
  #next: Disposable | undefined;
  /** What came in while nothing is taken in. */
  #incoming: string[] | undefined;
  #isOpen = false;
  #isClosed = false;
  #isLeaving = false;
  /** A token is being looked at. */
  #isChecking = false;

  constructor(options: ServerWebSocketChannelOptions) {
    this.#options = options;
    const { socket, connection, clock, timers, logger } = options;
    const onListenerError = (error: unknown): void => logger.error('Handling a message failed', error);
    this.#opened = new Emitter(onListenerError);
    this.#message = new Emitter(onListenerError);
    this.#close = new Emitter(onListenerError);
    this.#rate = new MessageRate(clock, MESSAGE_RATE);
    this.#byteRate = new MessageRate(clock, BYTE_RATE);
    this.#deadlines = new Deadlines(clock, timers, (deadline) => this.#missed(deadline));
    this.#outgoing = new OutgoingMessages({
      connection,
      deadlines: this.#deadlines,
      onFullChanged: (isFull) => this.#onFullChanged(isFull),
    });
    this.#pulse = new SocketPulse(socket, clock, this.#deadlines);
    socket.listen(this);
  }

  get onMessage() {
    return this.#message.event;
  }

  get onClose() {
    return this.#close.event;
  }

  /** The client is let in; told once. */
  get onOpened() {
    return this.#opened.event;
  }

  /** What waits to be sent, in bytes. */
  get bufferedBytes(): number {
    return this.#outgoing.bufferedBytes;
  }

  /** Greets the client. To be called once, when everything that is told is listened to. */
  start(): void {
    const { credential, checkCredential, features } = this.#options;
    const isLetIn = credential !== undefined || checkCredential === undefined;
    this.#post({
      type: 'greeting',
      version: PROTOCOL_VERSION,
      features: [...features],
      heartbeatMs: HEARTBEAT_MS,
      auth: credential !== undefined ? 'done' : isLetIn ? 'none' : 'required',
    });
    this.#deadlines.set(DEADLINE.beat, HEARTBEAT_MS);
    if (credential !== undefined) {
      this.#use(credential);
    }
    if (isLetIn) {
      this.#open();
    } else {
      this.#deadlines.set(DEADLINE.token, AUTH_PATIENCE_MS);
    }
  }

  send(message: ServerMessage): void {
    if (this.#isClosed || this.#isLeaving) {
      return;
    }
    if (message.type === 'events') {
      if (this.#isWritable) {
        this.#outgoing.sendFrame(this.#options.sharedFrame.of(message));
      }
    } else {
      this.#post(message);
    }
  }

  /** Ends the connection once everything that waits was sent; the client is asked to stay away for a while. */
  sayGoodbye(reason: string, retryAfterMs: number): void {
    if (this.#isClosed || this.#isLeaving) {
      return;
    }
    this.#isLeaving = true;
    this.#post({ type: 'goodbye', reason, retryAfterMs });
    this.#outgoing.whenEmpty(() => this.close(CLOSE_CODES.serviceRestart, reason));
  }

  /** Ends the connection; what waits to be sent is given up. */
  close(code: number, reason: string): void {
    if (!this.#isClosed) {
      closeSocket(this.#options.socket, this.#options.clock, code, reason);
      this.#end();
    }
  }

  dispose(): void {
    this.close(CLOSE_CODES.goingAway, 'the session has ended');
  }

  message(data: RawData, isBinary: boolean): void {
    if (this.#isLeaving || this.#isClosed) {
      return;
    }
    if (isBinary) {
      this.close(CLOSE_CODES.unsupportedData, 'messages are text');
    } else if (!this.#rate.take()) {
      this.close(CLOSE_CODES.tooMany, 'too many messages');
    } else if (!this.#byteRate.take(bytesOf(data))) {
      this.close(CLOSE_CODES.tooMany, 'too many bytes');
    } else if (this.#isHeld || this.#incoming !== undefined) {
      this.#incoming ??= [];
      this.#incoming.push(textOf(data));
    } else {
      this.#take(textOf(data));
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

  /** After either side has said that it closes, nothing more may be said. */
  get #isWritable(): boolean {
    const { socket } = this.#options;
    return socket.readyState === socket.OPEN;
  }

  #post(message: ServerMessage | TransportHello | Heartbeat | Goodbye): void {
    if (this.#isWritable) {
      this.#outgoing.send(JSON.stringify(message));
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
        if (!this.#isLeaving) {
          this.#post({ type: 'heartbeat' });
          this.#deadlines.set(DEADLINE.beat, HEARTBEAT_MS);
        }
        return;
      case DEADLINE.token:
        this.close(CLOSE_CODES.unauthorised, 'no token came within 10 s');
        return;
      default:
        deadline satisfies never;
    }
  }

  #take(text: string): void {
    const message = parsed(text);
    if (isRecord(message) && message.type === 'auth') {
      this.#authenticate(message);
    } else if (this.#isOpen) {
      this.#message.fire(message);
    } else {
      this.close(CLOSE_CODES.unauthorised, 'the first message has to be auth');
    }
  }

  #authenticate(message: unknown): void {
    const { checkCredential } = this.#options;
    const decoded = decode(authMessageSchema, message);
    if (!decoded.ok) {
      this.close(CLOSE_CODES.badMessage, `auth: ${decoded.problem.detail}`);
      return;
    }
    if (checkCredential !== undefined) {
      void this.#check(checkCredential, decoded.value.token);
    }
  }

  /** What comes meanwhile waits: it may be for whoever the token lets in. */
  async #check(checkCredential: CredentialCheck, token: string): Promise<void> {
    this.#deadlines.clear(DEADLINE.token);
    this.#isChecking = true;
    this.#hold();
    const checked = await checkCredential(token);
    this.#isChecking = false;
    if (this.#isClosed || this.#isLeaving) {
      if (checked.ok) {
        checked.credential.dispose();
      }
      return;
    }
    if (!checked.ok) {
      this.close(checked.end.code, checked.end.reason);
      return;
    }
    this.#use(checked.credential);
    this.#open();
    this.#takeNext();
  }

  #use(credential: Credential): void {
    this.#credential?.dispose();
    const ended = credential.onEnded(({ code, reason }) => this.close(code, reason));
    this.#credential = {
      dispose: () => {
        ended.dispose();
        credential.dispose();
      },
    };
  }

  #open(): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#deadlines.clear(DEADLINE.token);
      this.#opened.fire();
    }
  }

  get #isHeld(): boolean {
    return this.#outgoing.isFull || this.#isChecking;
  }

  #hold(): void {
    this.#options.socket.pause();
    this.#pulse.pause();
  }

  #onFullChanged(isFull: boolean): void {
    if (isFull) {
      this.#hold();
    } else {
      this.#takeNext();
    }
  }

  /** One a turn of the event loop: its answer comes later, and may be what fills the connection again. */
  #takeNext(): void {
    if (this.#isHeld || this.#isClosed) {
      return;
    }
    const text = this.#incoming?.shift();
    if (text === undefined) {
      this.#incoming = undefined;
      this.#options.socket.resume();
      this.#pulse.resume();
      return;
    }
    this.#next?.dispose();
    this.#next = this.#options.clock.schedule(0, () => {
      this.#next?.dispose();
      this.#next = undefined;
      this.#takeNext();
    });
    this.#take(text);
  }

  #end(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#incoming = undefined;
    this.#outgoing.dispose();
    this.#deadlines.dispose();
    this.#credential?.dispose();
    this.#next?.dispose();
    this.#close.fire();
    this.#close.dispose();
    this.#message.dispose();
    this.#opened.dispose();
  }
}

function bytesOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength;
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) {
    return data.toString();
  }
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)).toString();
}

/** `undefined` for what is no JSON: whoever decodes messages says so. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
