import { DisposableStore } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import { closeReason, type CloseReason } from '../../protocol/closeReason';
import { PRIORITIES, type Priority } from '../../protocol/hubEvent';
import { PROTOCOL_VERSION, type ClientMessage, type ServerMessage } from '../../protocol/messages';
import { DEFAULT_REALTIME_LIMITS, type RealtimeLimits } from '../../protocol/realtimeLimits';
import type { AccessToken } from '../credentials';
import type { HubConnection, HubRoute } from '../hubConnection';
import { EventStream } from './eventStream';
import { TokenRenewal } from '../tokenRenewal';
import { HttpRequests } from './httpRequests';
import { HubHttp, type HubHttpOptions } from './hubHttp';

/** All that is said stands in headers, which have 16 KiB; the cursors of a client are a third of its longest message. */
const MAX_MESSAGE_BYTES = 24 * 1024;
const MAX_TOPICS_CHARS = 6 * 1024;
/** Frames that may wait for the client to work them off; as over any channel. */
const CREDIT_WINDOW = 8;
/** No topic has one segment alone. */
const NOTHING = 'none';
const EVERYTHING = '**';
const LEAST_URGENT: Priority = 'low';

export interface SseOptions extends HubHttpOptions {
  readonly logger: Logger;
}

type Subscription = Pick<Extract<ClientMessage, { type: 'subscribe' }>, 'patterns' | 'priority'>;

/** What a stream tells: of these topics what is at least as urgent. */
interface Wanted {
  readonly patterns: readonly string[];
  readonly priority: Priority | undefined;
}

/** A stream that was asked for. */
interface Opening {
  readonly stream: EventStream;
  /** Subscriptions that are still to be told what they missed since these cursors. */
  readonly resuming: Map<number, readonly string[]>;
  readonly wanted: Wanted;
}

/**
 * A hub reached over HTTP alone, where no WebSocket gets through: its events come over one stream, requests are put to it one by
 * one. It is open once the stream is. Other subscriptions are another stream, which goes on from where the one before was; until
 * it does, requests wait, so that no answer is older than a notification that was missed.
 */
export class SseChannel implements HubConnection {
  readonly #options: SseOptions;
  readonly #http: HubHttp;
  readonly #owned = new DisposableStore();
  readonly #reopening = this.#owned.add(new DisposableStore());
  readonly #message: Emitter<unknown>;
  readonly #open: Emitter<void>;
  readonly #accepted: Emitter<void>;
  readonly #close: Emitter<void>;
  readonly #requests: HttpRequests;
  /** What was shown last; undefined where nothing was. */
  #token: AccessToken | undefined;
  #renewal: TokenRenewal | undefined;
  readonly #subscriptions = new Map<number, Subscription>();
  #current: Opening;
  /** Subscriptions that are to be told what they missed since these cursors. */
  #resuming = new Map<number, readonly string[]>();
  /** Requests that wait for the stream. */
  #waiting: Extract<ClientMessage, { type: 'request' }>[] = [];
  #isSettled = false;
  /** Something was subscribed to by a stream before the current one. */
  #hasListened = false;
  #limits: RealtimeLimits = DEFAULT_REALTIME_LIMITS;
  #credits = CREDIT_WINDOW;
  #onCredit: (() => void) | undefined;
  #isOpen = false;
  #isEnded = false;
  #reason: CloseReason | undefined;

  constructor(options: SseOptions) {
    this.#options = options;
    this.#http = new HubHttp({ ...options, ...this.#noted(options) });
    const onListenerError = (error: unknown): void =>
      options.logger.error('A listener of a connection failed', error);
    this.#message = new Emitter(onListenerError);
    this.#open = new Emitter(onListenerError);
    this.#accepted = new Emitter(onListenerError);
    this.#close = new Emitter(onListenerError);
    this.#requests = this.#owned.add(new HttpRequests(this.#http, (message) => this.#message.fire(message)));
    this.#current = this.#begin(undefined);
    this.#owned.add({ dispose: () => this.#current.stream.dispose() });
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
    switch (message.type) {
      case 'ready':
        this.#reset();
        return;
      case 'subscribe': {
        const { id, patterns, priority, cursors } = message;
        this.#subscriptions.set(id, { patterns, ...(priority === undefined ? {} : { priority }) });
        if (cursors !== undefined) {
          this.#resuming.set(id, cursors);
        }
        if (cursors !== undefined || !this.#isToldOf(patterns)) {
          this.#reopenLater();
        }
        return;
      }
      case 'unsubscribe':
        // What is told beyond what is wanted says nothing wrong; the next stream does without it.
        this.#subscriptions.delete(message.id);
        this.#resuming.delete(message.id);
        return;
      case 'request':
        if (this.#isSettled) {
          this.#requests.ask(message);
        } else {
          this.#waiting.push(message);
        }
        return;
      case 'cancel':
        this.#waiting = this.#waiting.filter(({ id }) => id !== message.id);
        this.#requests.cancel(message.id);
        return;
      case 'flow':
        this.#credits = Math.min(CREDIT_WINDOW, this.#credits + message.credits);
        this.#pass();
        return;
      default:
        message satisfies never;
    }
  }

  doubt(): void {
    this.#current.stream.doubt();
  }

  dispose(): void {
    this.#end(undefined);
  }

  #reset(): void {
    this.#requests.withdrawAll();
    this.#waiting = [];
    this.#subscriptions.clear();
    this.#resuming.clear();
    this.#credits = CREDIT_WINDOW;
    this.#pass();
    this.#tell({
      type: 'hello',
      version: PROTOCOL_VERSION,
      limits: this.#limits,
      language: 'en',
      texts: {},
    });
  }

  /** With all that is subscribed to in this turn. */
  #reopenLater(): void {
    this.#isSettled = false;
    this.#reopening.clear();
    this.#reopening.add(
      this.#options.clock.schedule(0, () => {
        this.#reopening.clear();
        this.#reopen();
      }),
    );
  }

  #reopen(): void {
    const { stream, resuming } = this.#current;
    const own = this.#hasListened ? stream.lastEventId : '';
    stream.dispose();
    for (const [id, cursors] of resuming) {
      if (this.#subscriptions.has(id) && !this.#resuming.has(id)) {
        this.#resuming.set(id, cursors);
      }
    }
    const cursors = [...new Set([...this.#resuming.values()].flat())];
    const from = cursors.length > 0 ? cursors.join(',') : own;
    this.#hasListened = true;
    this.#current = this.#begin(from === '' ? undefined : from);
  }

  #begin(lastEventId: string | undefined): Opening {
    const { clock } = this.#options;
    const resuming = this.#resuming;
    this.#resuming = new Map();
    const wanted = this.#wanted;
    const stream = new EventStream({
      http: this.#http,
      path: pathOf(wanted),
      lastEventId,
      clock,
      listener: {
        greeted: ({ limits = this.#limits }) => {
          this.#limits = limits;
          this.#greeted();
        },
        told: (events) => this.#told(events),
        recovered: () => this.#recovered(resuming, { type: 'recovered', ok: true }),
        gap: ({ retryAfterMs }) =>
          this.#recovered(resuming, {
            type: 'recovered',
            ok: false,
            reset: true,
            ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
          }),
        limits: (limits) => {
          this.#limits = limits;
          this.#message.fire({ type: 'limits', limits } satisfies ServerMessage);
        },
        ended: (reason) => this.#end(reason),
      },
    });
    return { stream, resuming, wanted };
  }

  get #wanted(): Wanted {
    const subscriptions = [...this.#subscriptions.values()];
    const ranks = subscriptions.map(({ priority = LEAST_URGENT }) => PRIORITIES.indexOf(priority));
    return {
      patterns: [...new Set(subscriptions.flatMap(({ patterns }) => patterns))],
      priority: ranks.length === 0 ? undefined : PRIORITIES[Math.max(...ranks)],
    };
  }

  /** Whether the stream that there is, or is being opened, tells of all of them already. */
  #isToldOf(patterns: readonly string[]): boolean {
    const { wanted } = this.#current;
    return wanted.priority === LEAST_URGENT && patterns.every((pattern) => wanted.patterns.includes(pattern));
  }

  /** Credentials that note what they gave. */
  #noted({ credentials }: SseOptions): Pick<HubHttpOptions, 'credentials'> {
    return credentials === undefined
      ? {}
      : {
          credentials: {
            onChanged: credentials.onChanged,
            token: async (signal) => {
              this.#token = await credentials.token(signal);
              this.#followToken();
              return this.#token;
            },
          },
        };
  }

  /** A stream shows its token once: with another one it is asked for anew, and without one it is over. */
  #followToken(): void {
    const { clock, logger, credentials } = this.#options;
    if (
      credentials === undefined ||
      this.#token === undefined ||
      this.#renewal !== undefined ||
      this.#isEnded
    ) {
      return;
    }
    this.#renewal = this.#owned.add(
      new TokenRenewal(this.#token, {
        clock,
        credentials,
        logger,
        onRenewed: () => this.#reopenLater(),
        onGone: () => this.#end(closeReason('credentials')),
      }),
    );
  }

  #greeted(): void {
    this.#isSettled = true;
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#open.fire();
      // Whoever was told of the opening may have ended it.
      if (!this.#isEnded) {
        this.#accepted.fire();
      }
    }
    // One that was told of the opening may have subscribed.
    if (this.#isSettled && !this.#isEnded) {
      const waiting = this.#waiting;
      this.#waiting = [];
      waiting.forEach((request) => this.#requests.ask(request));
    }
  }

  /** Takes a credit; where it was the last one, nothing is read before one is given back. */
  #told(events: readonly unknown[]): Promise<void> | undefined {
    this.#credits -= 1;
    this.#message.fire({ type: 'events', events });
    return this.#credits > 0 || this.#isEnded
      ? undefined
      : new Promise((resolve) => {
          this.#onCredit = resolve;
        });
  }

  #pass(): void {
    if (this.#credits > 0) {
      const onCredit = this.#onCredit;
      this.#onCredit = undefined;
      onCredit?.();
    }
  }

  /** For each subscription that waits for it. That nothing was missed is no news to those of which none asked. */
  #recovered(resuming: Opening['resuming'], message: Extract<ServerMessage, { type: 'recovered' }>): void {
    const ids = [...resuming.keys()];
    resuming.clear();
    for (const id of ids) {
      this.#message.fire({ ...message, id } satisfies ServerMessage);
    }
    if (ids.length === 0 && !message.ok) {
      this.#message.fire(message);
    }
  }

  /** As over a network: never while a message is being sent. */
  #tell(message: ServerMessage): void {
    queueMicrotask(() => this.#message.fire(message));
  }

  #end(reason: CloseReason | undefined): void {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    this.#isOpen = false;
    this.#reason = reason;
    this.#owned.dispose();
    this.#onCredit?.();
    this.#close.fire();
    this.#message.dispose();
    this.#open.dispose();
    this.#accepted.dispose();
    this.#close.dispose();
  }
}

function pathOf({ patterns, priority }: Wanted): string {
  const listed = patterns.length === 0 ? NOTHING : patterns.join(',');
  const query = new URLSearchParams({ topics: listed.length > MAX_TOPICS_CHARS ? EVERYTHING : listed });
  if (priority !== undefined && priority !== LEAST_URGENT) {
    query.set('priority', priority);
  }
  return `/api/v1/stream?${query.toString()}`;
}

/** The route to a hub where HTTP alone gets through. */
export function sseRoute(options: SseOptions): HubRoute {
  return {
    kind: 'stream',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    connect: () => new SseChannel(options),
  };
}
