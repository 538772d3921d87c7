import * as v from 'valibot';
import type { Clock } from '../../base/clock';
import { DisposableStore, toDisposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import { CLOSE_CODES } from '../../protocol/closeCodes';
import { closeReason, closeReasonOf, type CloseReason } from '../../protocol/closeReason';
import { decode, PROTOCOL_VERSION, type ClientMessage } from '../../protocol/messages';
import { problemFromError } from '../../protocol/problemFromError';
import {
  goodbyeSchema,
  heartbeatSchema,
  transportHelloSchema,
  type AuthMessage,
  type TransportHello,
} from '../../protocol/transportMessages';
import { askToken } from '../askToken';
import { DEFAULT_CONNECTION_SETTINGS, type ConnectionSettings } from '../connectionSettings';
import type { AccessToken, Credentials } from '../credentials';
import type { HubConnection, HubRoute } from '../hubConnection';
import { TokenRenewal } from '../tokenRenewal';
import { HeartbeatWatch } from './heartbeatWatch';
import { HubHttpError } from './hubHttp';
import { OPEN, type OpenSocket, type Socket } from './socket';
import { isConfidential } from './isConfidential';

/** From the first byte to the greeting. */
export const CONNECT_DEADLINE_MS = 20_000;
/** Silence is told in heartbeats: beyond those that may be missed one that is late is waited for. */
const LATE_HEARTBEATS = 0.4;
/** Where a heartbeat is due while a connection is doubted. */
const DOUBT_IN_HEARTBEATS = 1.2;
/** Whatever a server says of its heartbeats. */
const MIN_PATIENCE_MS = 5_000;
const MAX_PATIENCE_MS = 10 * 60_000;
/** Who says goodbye has this long to close. */
const GOODBYE_MS = 10_000;
const MAX_RETRY_AFTER_MS = 10 * 60_000;
/** A server takes no longer message. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** What the network has not taken yet; nobody types that fast. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;
/** In UTF-16 units: more than any answer of a hub. */
const MAX_RECEIVED_CHARS = 32 * 1024 * 1024;

/** A browser lets a client close with 1000 and with codes of applications alone. */
const DONE = 1000;
const { badMessage: BAD_MESSAGE, timeout: TIMED_OUT } = CLOSE_CODES;

const transportMessageSchema = v.variant('type', [transportHelloSchema, heartbeatSchema, goodbyeSchema]);
type TransportMessage = v.InferOutput<typeof transportMessageSchema>;
const typed = v.object({ type: v.string() });
const TRANSPORT_TYPES: ReadonlySet<string> = new Set<TransportMessage['type']>([
  'greeting',
  'heartbeat',
  'goodbye',
]);

export interface WebSocketChannelOptions {
  /** `ws:` or `wss:`; it holds no credential. */
  readonly url: string;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly logger: Logger;
  /** By default the defaults. */
  readonly settings?: Pick<ConnectionSettings, 'missedHeartbeats'>;
  /** Asked for a token before the connection is opened; it is sent only to a server that wants one. */
  readonly credentials?: Credentials;
}

/**
 * A connection to a hub over one WebSocket. What belongs to the transport (greeting, authentication, heartbeats, goodbye)
 * stays in here. It is open once the server greeted and has been sent the token it wants, and it ends for good: by either
 * side, by silence, by what cannot be understood, or when more than {@link MAX_BUFFERED_BYTES} wait for the network.
 *
 * A request longer than {@link MAX_MESSAGE_BYTES} is answered here with `badRequest`.
 */
export class WebSocketChannel implements HubConnection {
  readonly #options: WebSocketChannelOptions;
  readonly #owned = new DisposableStore();
  readonly #deadline = this.#owned.add(new DisposableStore());
  readonly #abort = new AbortController();
  readonly #message: Emitter<unknown>;
  readonly #open: Emitter<void>;
  readonly #accepted: Emitter<void>;
  readonly #close: Emitter<void>;
  #socket: Socket | undefined;
  #token: AccessToken | undefined;
  #renewal: TokenRenewal | undefined;
  /** The hub wants a token, and was sent one. */
  #isTokenShown = false;
  #watch: HeartbeatWatch | undefined;
  #patienceMs = 0;
  #doubtMs = 0;
  #isOpen = false;
  #isAccepted = false;
  #isEnded = false;
  #goodbye: { readonly reason: string; readonly retryAfterMs: number } | undefined;
  #reason: CloseReason | undefined;

  constructor(options: WebSocketChannelOptions) {
    this.#options = options;
    const onListenerError = (error: unknown): void =>
      options.logger.error('A listener of a connection failed', error);
    this.#message = new Emitter(onListenerError);
    this.#open = new Emitter(onListenerError);
    this.#accepted = new Emitter(onListenerError);
    this.#close = new Emitter(onListenerError);
    this.#owned.add(toDisposable(() => this.#abort.abort()));
    void this.#connect();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get closeReason(): CloseReason | undefined {
    return this.#reason;
  }

  get onMessage(): Event<unknown> {
    return this.#message.event;
  }

  get onOpen(): Event<void> {
    return this.#open.event;
  }

  get onAccepted(): Event<void> {
    return this.#accepted.event;
  }

  get onClose(): Event<void> {
    return this.#close.event;
  }

  send(message: ClientMessage): void {
    if (!this.#isOpen) {
      return;
    }
    const text = JSON.stringify(message);
    if (isLongerThan(text, MAX_MESSAGE_BYTES)) {
      this.#refuse(message);
      return;
    }
    this.#sendText(text);
  }

  doubt(): void {
    this.#watch?.doubt(this.#doubtMs);
  }

  dispose(): void {
    this.#end(undefined, DONE);
  }

  async #connect(): Promise<void> {
    const { credentials, openSocket, url } = this.#options;
    try {
      // Always awaited: nothing is told before whoever made this could listen.
      this.#token = await (credentials && this.#askToken(credentials));
    } catch (error) {
      // A token that has to be had from the hub first, and a hub that does not answer: nothing is wrong with who asks.
      const reason =
        error instanceof HubHttpError
          ? error.reason
          : closeReason('credentials', problemFromError(error).detail);
      this.#end(reason, DONE);
      return;
    }
    if (this.#isEnded) {
      return;
    }
    try {
      this.#socket = openSocket(url);
    } catch {
      this.#end(closeReason('notAHub', 'the address cannot be used for a WebSocket'), DONE);
      return;
    }
    this.#socket.addEventListener('message', ({ data }) => this.#receive(data));
    this.#socket.addEventListener('close', ({ code, reason }) => this.#closed(code, reason));
    // A close follows, which says as much as there is to say.
    this.#socket.addEventListener('error', () => {});
    this.#endWithin(CONNECT_DEADLINE_MS, () => closeReason('unreachable', 'no greeting came in time'));
  }

  /** Of what is asked for while somebody signs in or out the last counts. */
  async #askToken(credentials: Credentials): Promise<AccessToken | undefined> {
    const { clock } = this.#options;
    const { signal } = this.#abort;
    let isOld = false;
    const changing = this.#owned.add(credentials.onChanged(() => (isOld = true)));
    let token = await askToken(credentials, clock, signal);
    changing.dispose();
    if (isOld) {
      token = await askToken(credentials, clock, signal);
    }
    if (token !== undefined && !this.#isEnded) {
      this.#renewal = this.#owned.add(this.#renewalOf(token, credentials));
    }
    return token;
  }

  #renewalOf(token: AccessToken, credentials: Credentials): TokenRenewal {
    const { clock, logger } = this.#options;
    return new TokenRenewal(token, {
      clock,
      credentials,
      logger,
      onRenewed: (renewed) => {
        this.#token = { token: renewed };
        if (this.#isTokenShown) {
          this.#sendToken(renewed);
        }
      },
      onGone: () => {
        this.#token = undefined;
        if (this.#isTokenShown) {
          this.#end(closeReason('credentials'), DONE);
        }
      },
    });
  }

  #receive(data: unknown): void {
    if (this.#isEnded) {
      return;
    }
    this.#watch?.heard();
    if (typeof data !== 'string' || data.length > MAX_RECEIVED_CHARS) {
      const isText = typeof data === 'string';
      this.#end(
        closeReason(isText ? 'tooLarge' : 'notAHub', isText ? 'a message of the hub' : 'it sends no text'),
        BAD_MESSAGE,
      );
      return;
    }
    const message = parse(data);
    const { success, output } = v.safeParse(typed, message);
    if (!success) {
      this.#end(closeReason('notAHub', 'it sends something else than messages'), BAD_MESSAGE);
      return;
    }
    if (this.#isOpen && output.type !== 'goodbye') {
      this.#accept();
    }
    if (TRANSPORT_TYPES.has(output.type)) {
      this.#handle(message);
    } else if (this.#isOpen) {
      this.#message.fire(message);
    } else {
      this.#end(closeReason('notAHub', 'it does not begin with a greeting'), BAD_MESSAGE);
    }
  }

  #handle(data: unknown): void {
    const decoded = decode(transportMessageSchema, data);
    if (!decoded.ok) {
      this.#end(closeReason('notAHub', decoded.problem.detail), BAD_MESSAGE);
      return;
    }
    const message = decoded.value;
    switch (message.type) {
      case 'greeting':
        if (!this.#isOpen) {
          this.#greeted(message);
        }
        return;
      case 'heartbeat':
        return;
      case 'goodbye':
        this.#goodbye = {
          reason: message.reason,
          retryAfterMs: clamp(message.retryAfterMs, 0, MAX_RETRY_AFTER_MS),
        };
        this.#endWithin(GOODBYE_MS, () => this.#reasonOf(DONE, ''));
        return;
      default:
        message satisfies never;
    }
  }

  #greeted({ version, heartbeatMs, auth }: TransportHello): void {
    if (version !== PROTOCOL_VERSION) {
      this.#end(
        closeReason('incompatible', `the hub speaks version ${version}, this side ${PROTOCOL_VERSION}`),
        DONE,
      );
      return;
    }
    if (auth === 'required' && !this.#authenticate()) {
      return;
    }
    this.#deadline.clear();
    const { missedHeartbeats } = this.#options.settings ?? DEFAULT_CONNECTION_SETTINGS;
    const heartbeats = missedHeartbeats + LATE_HEARTBEATS;
    this.#patienceMs = clamp(heartbeatMs * heartbeats, MIN_PATIENCE_MS, MAX_PATIENCE_MS);
    this.#doubtMs = (this.#patienceMs * DOUBT_IN_HEARTBEATS) / heartbeats;
    this.#watch = this.#owned.add(
      new HeartbeatWatch(this.#options.clock, this.#patienceMs, () =>
        this.#end(
          closeReason('silent', `nothing was heard for ${Math.round(this.#patienceMs / 1000)} s`),
          TIMED_OUT,
        ),
      ),
    );
    this.#isOpen = true;
    this.#open.fire();
    if (auth !== 'required') {
      this.#renewal?.dispose();
      this.#accept();
    }
  }

  #accept(): void {
    if (!this.#isAccepted && !this.#isEnded) {
      this.#isAccepted = true;
      this.#accepted.fire();
    }
  }

  /** Shows the token; false where that ended the connection. */
  #authenticate(): boolean {
    if (this.#token === undefined) {
      this.#end(closeReason('unauthorized', 'the hub wants a token, and there is none'), DONE);
      return false;
    }
    if (!isConfidential(this.#options.url)) {
      this.#end(closeReason('insecure'), DONE);
      return false;
    }
    this.#isTokenShown = true;
    this.#sendToken(this.#token.token);
    return !this.#isEnded;
  }

  #sendToken(token: string): void {
    const message: AuthMessage = { type: 'auth', token };
    this.#sendText(JSON.stringify(message));
  }

  #sendText(text: string): void {
    const socket = this.#socket;
    if (socket === undefined || this.#isEnded || socket.readyState !== OPEN) {
      // The other side has closed it, which is told in a moment: a browser would complain of what is sent meanwhile.
      return;
    }
    if (socket.bufferedAmount + text.length > MAX_BUFFERED_BYTES) {
      this.#end(closeReason('tooSlow', 'the network does not take what is sent'), TIMED_OUT);
      return;
    }
    try {
      socket.send(text);
    } catch (error) {
      this.#end(closeReason('lost', problemFromError(error).detail), DONE);
    }
  }

  /** No message may silently get lost: whoever sent this one is answered, or the connection ends. */
  #refuse(message: ClientMessage): void {
    const detail = `a message has more than ${MAX_MESSAGE_BYTES} bytes`;
    if (message.type === 'request') {
      this.#message.fire({ type: 'error', id: message.id, problem: { code: 'badRequest', detail } });
    } else {
      this.#end(closeReason('tooLarge', detail), DONE);
    }
  }

  #closed(code: number, said: string): void {
    this.#end(this.#reasonOf(code, said), undefined);
  }

  #reasonOf(code: number, said: string): CloseReason {
    if (this.#goodbye === undefined) {
      return closeReasonOf(code, said, this.#isOpen);
    }
    const { reason, retryAfterMs } = this.#goodbye;
    // After a goodbye it is no loss, whatever the code says.
    const known = closeReasonOf(code, said === '' ? reason : said, true, retryAfterMs);
    return known.kind === 'lost' ? closeReason('goingAway', reason, retryAfterMs) : known;
  }

  #endWithin(ms: number, reason: () => CloseReason): void {
    this.#deadline.clear();
    this.#deadline.add(this.#options.clock.schedule(ms, () => this.#end(reason(), TIMED_OUT)));
  }

  /** `code` to close the socket with, undefined where it is closed already. */
  #end(reason: CloseReason | undefined, code: number | undefined): void {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    this.#isOpen = false;
    this.#reason = reason;
    this.#token = undefined;
    this.#owned.dispose();
    if (code !== undefined) {
      this.#socket?.close(code);
    }
    this.#socket = undefined;
    this.#close.fire();
    this.#message.dispose();
    this.#open.dispose();
    this.#accepted.dispose();
    this.#close.dispose();
  }
}

/** The route to a hub over a WebSocket. */
export function webSocketRoute(options: WebSocketChannelOptions): HubRoute {
  return {
    kind: 'webSocket',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    connect: () => new WebSocketChannel(options),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** Whether a text has more bytes in UTF-8; counts only where the number of its units leaves that open. */
function isLongerThan(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes);
}
