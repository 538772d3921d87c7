import type * as v from 'valibot';
import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable';
import { Emitter, type Event, type ListenerErrorHandler } from '../base/emitter';
import type { Channel, ReconnectingChannel } from '../protocol/channel';
import type { HubEvent } from '../protocol/hubEvent';
import { PROTOCOL_VERSION, type ClientMessage, type ServerMessage } from '../protocol/messages';
import { ProblemError, type Problem } from '../protocol/problem';
import { DEFAULT_REALTIME_LIMITS, type RealtimeLimits } from '../protocol/realtimeLimits';
import { REQUESTS, type RequestMethod, type RequestParams, type RequestResult } from '../protocol/requests';
import { FrameCredits } from './frameCredits';
import type { NextFrame } from './nextFrame';
import { PendingRequests, type ProgressListener } from './pendingRequests';
import { SeenCursors } from './seenCursors';
import { decodeServerFrame } from './serverFrame';

/** A host that was busy starting answers within this; asking again costs one message. */
export const READY_RETRY_MS = 1_000;
/** From here on the view says that nobody answers, and goes on asking. */
export const GREETING_PATIENCE_MS = 5_000;

/** However long the server would have a view wait that shows what may be wrong. */
const MAX_RECOVERY_MS = 30_000;

/** Of a UTF-16 unit in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;
/** Everything of a `subscribe` but its patterns and cursors. */
const ENVELOPE_BYTES = 200;

export type Hello = Extract<ServerMessage, { type: 'hello' }>;

/** How events come: frames a second, events that wait at the host, and events dropped there since `hello`. */
export type FlowFigures = Omit<Extract<ServerMessage, { type: 'flow' }>, 'type'>;

/**
 * - `greeting`: `hello` is awaited, or first a connection where the channel has none
 * - `silent`: still so after {@link GREETING_PATIENCE_MS}; `ready` is sent again and again
 * - `open`: messages flow
 * - `incompatible`: the other side speaks another version; only a reload with matching versions helps
 * - `closed`: the channel is gone for good
 */
export type ConnectionState =
  | { readonly type: 'greeting' }
  | { readonly type: 'silent' }
  | { readonly type: 'open'; readonly hello: Hello }
  | { readonly type: 'incompatible'; readonly version: number }
  | { readonly type: 'closed' };

/** The same table, with each method's result under its method's name for the compiler. */
const RESULTS: {
  readonly [M in RequestMethod]: { readonly result: v.GenericSchema<unknown, RequestResult<M>> };
} = REQUESTS;

const LOST: Problem = { code: 'closed', detail: 'the connection was lost before an answer came' };
const CLOSED: Problem = { code: 'closed', detail: 'the connection of this view ended' };

/**
 * The client's side of the hub protocol over one channel: handshake, requests, subscriptions.
 *
 * Requests and subscriptions may be made at any time; those made before `hello` are held until it comes. Events arrive in
 * the order in which they were sent, and the server sends no faster than they are worked off and painted. Whenever
 * `onRecovered` fires, notifications may be missing before it and everything shown must be asked again. A later `hello` means
 * that the server started anew: waiting requests are sent to it again, and subscriptions with the cursors of the last events
 * that were seen. What was missed is then told, or `onRecovered` fires, when the server said that everything may be asked
 * again. A channel that reconnects has another server after each opening; while it has none requests and subscriptions are
 * held as before the first `hello`, but a command that was sent rejects with `closed`, since it may have been run.
 */
export class HubClient implements Disposable {
  readonly #channel: Channel<ClientMessage> | ReconnectingChannel<ClientMessage>;
  readonly #clock: Clock;
  readonly #owned = new DisposableStore();
  readonly #requests: PendingRequests;
  readonly #credits: FrameCredits;
  readonly #subscriptions = new Map<number, readonly string[]>();
  readonly #stateChange: Emitter<ConnectionState>;
  readonly #events: Emitter<readonly HubEvent[]>;
  readonly #recovered: Emitter<void>;
  readonly #flow: Emitter<FlowFigures>;
  readonly #limitsChange: Emitter<RealtimeLimits>;
  readonly #visibilityChange: Emitter<void>;
  #limits = DEFAULT_REALTIME_LIMITS;
  #isVisible = true;
  #state: ConnectionState = { type: 'greeting' };
  #nextSubscription = 1;
  #greetingSinceMs = 0;
  /** `connect` was called. */
  #isWanted = false;
  /** Some server said `hello`, so that what came before the next one may be missed. */
  #wasGreeted = false;
  /** Messages that the server dropped since its `hello`, as it said last. */
  #dropped = 0;
  #retry: Disposable | undefined;
  readonly #cursors = new SeenCursors();
  /** Subscriptions of which the server has not said yet what they missed: where this client is cannot be said meanwhile. */
  readonly #resuming = new Set<number>();
  /** Until everything may be asked again. */
  #recovery: Disposable | undefined;

  /** Without `nextFrame` nothing is painted: what was told counts as worked off in the next turn. */
  constructor(
    channel: Channel<ClientMessage> | ReconnectingChannel<ClientMessage>,
    clock: Clock,
    onListenerError: ListenerErrorHandler,
    nextFrame?: NextFrame,
  ) {
    this.#channel = this.#owned.add(channel);
    this.#clock = clock;
    this.#stateChange = new Emitter(onListenerError);
    this.#events = new Emitter(onListenerError);
    this.#recovered = new Emitter(onListenerError);
    this.#flow = new Emitter(onListenerError);
    this.#limitsChange = new Emitter(onListenerError);
    this.#visibilityChange = new Emitter(onListenerError);
    this.#requests = new PendingRequests(clock, {
      send: (id, method, params) => channel.send({ type: 'request', id, method, params }),
      cancel: (id) => {
        if (this.#state.type === 'open') {
          channel.send({ type: 'cancel', id });
        }
      },
    });
    this.#credits = this.#owned.add(
      new FrameCredits({ clock, nextFrame, send: (flow) => channel.send({ type: 'flow', ...flow }) }),
    );
    this.#owned.add(channel.onMessage((data) => this.#receive(data)));
    this.#owned.add(channel.onClose(() => this.#closed()));
    if ('onOpenChanged' in channel) {
      this.#owned.add(channel.onOpenChanged((isOpen) => (isOpen ? this.#begin() : this.#lost())));
    }
    this.#owned.add(toDisposable(() => this.#retry?.dispose()));
    this.#owned.add(toDisposable(() => this.#recovery?.dispose()));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get onStateChange(): Event<ConnectionState> {
    return this.#stateChange.event;
  }

  /** Each frame's events at once, so that a listener can act on them in one pass. */
  get onEvents(): Event<readonly HubEvent[]> {
    return this.#events.event;
  }

  get onRecovered(): Event<void> {
    return this.#recovered.event;
  }

  get onFlow(): Event<FlowFigures> {
    return this.#flow.event;
  }

  /** What the view is to keep, as last told; the defaults until then. */
  get limits(): RealtimeLimits {
    return this.#limits;
  }

  /** Told by every `hello` and by every change after it. */
  get onLimits(): Event<RealtimeLimits> {
    return this.#limitsChange.event;
  }

  /** Whether somebody can see the view, as far as the host knows: a webview that VS Code has hidden can't tell by itself. */
  get isVisible(): boolean {
    return this.#isVisible;
  }

  get onVisibilityChange(): Event<void> {
    return this.#visibilityChange.event;
  }

  /** Begins the handshake; over a channel that reconnects once it is open, and again after each opening. */
  connect(): void {
    this.#isWanted = true;
    this.#begin();
  }

  /**
   * Asks the hub. Ends in the decoded answer or rejects: with a {@link ProblemError} (the hub's own, `malformed`,
   * `closed` when the channel ended it, `internal` when the deadline did), or with the signal's reason; in the last two
   * cases the request is withdrawn. `onProgress` is told how far it is, as often as the hub says so and no more after the end.
   */
  request<M extends RequestMethod>(
    method: M,
    params: RequestParams<M>,
    signal?: AbortSignal,
    onProgress?: ProgressListener,
  ): Promise<RequestResult<M>> {
    if (this.#state.type === 'closed') {
      return Promise.reject(new ProblemError(CLOSED));
    }
    const resultSchema = RESULTS[method].result;
    const request = { method, params, resultSchema, onProgress };
    return this.#requests.start(request, this.#state.type !== 'open', signal);
  }

  /** Asks for the events whose topic matches one of `patterns`, from now on and until disposed. */
  subscribe(patterns: readonly string[]): Disposable {
    const id = this.#nextSubscription;
    this.#nextSubscription += 1;
    this.#subscriptions.set(id, patterns);
    if (this.#state.type === 'open') {
      this.#channel.send({ type: 'subscribe', id, patterns: [...patterns] });
    }
    return toDisposable(() => {
      this.#subscriptions.delete(id);
      this.#resuming.delete(id);
      if (this.#state.type === 'open') {
        this.#channel.send({ type: 'unsubscribe', id });
      }
    });
  }

  dispose(): void {
    this.#owned.dispose();
    this.#closed();
    this.#events.dispose();
    this.#recovered.dispose();
    this.#flow.dispose();
    this.#limitsChange.dispose();
    this.#visibilityChange.dispose();
    this.#stateChange.dispose();
  }

  #begin(): void {
    const isConnected = !('isOpen' in this.#channel) || this.#channel.isOpen;
    if (this.#isWanted && isConnected && this.#state.type !== 'closed') {
      this.#greetingSinceMs = this.#clock.monotonic();
      this.#greet();
    }
  }

  /** Nobody is there until the channel opens again; what was asked and seen is kept for then. */
  #lost(): void {
    this.#retry?.dispose();
    this.#credits.reset();
    if (this.#state.type !== 'closed') {
      this.#setState({ type: 'greeting' });
    }
    this.#requests.serverLost(LOST);
  }

  #greet(): void {
    this.#channel.send({ type: 'ready', version: PROTOCOL_VERSION });
    this.#retry?.dispose();
    this.#retry = this.#clock.schedule(READY_RETRY_MS, () => {
      if (this.#clock.monotonic() - this.#greetingSinceMs >= GREETING_PATIENCE_MS) {
        this.#setState({ type: 'silent' });
      }
      this.#greet();
    });
  }

  #receive(data: unknown): void {
    const frame = decodeServerFrame(data);
    switch (frame.type) {
      case 'message':
        this.#handle(frame.message);
        return;
      case 'events':
        if (this.#state.type !== 'open') {
          return;
        }
        if (frame.events.length > 0) {
          this.#cursors.see(frame.events, this.#resuming.size === 0);
          this.#events.fire(frame.events);
        }
        if (frame.isIncomplete) {
          this.#recovered.fire();
        }
        this.#credits.workedOff();
        return;
      case 'spoiled':
        this.#requests.fail(frame.id, { code: 'malformed', detail: frame.detail });
        return;
      case 'ignored':
        return;
      default:
        frame satisfies never;
    }
  }

  #handle(message: Exclude<ServerMessage, { type: 'events' }>): void {
    switch (message.type) {
      case 'hello':
        this.#greeted(message);
        return;
      case 'response':
        this.#requests.answer(message.id, message.result);
        return;
      case 'error':
        if (message.id !== undefined) {
          this.#requests.fail(message.id, message.problem);
        }
        return;
      case 'recovered':
        if (message.id !== undefined) {
          this.#resuming.delete(message.id);
        }
        if (!message.ok) {
          this.#recover(message.retryAfterMs ?? 0);
        }
        return;
      case 'progress': {
        const { fraction, text } = message;
        this.#requests.progress(message.id, {
          ...(fraction !== undefined && { fraction }),
          ...(text !== undefined && { text }),
        });
        return;
      }
      case 'flow': {
        const { rate, queued, dropped } = message;
        if (dropped > this.#dropped) {
          // Nobody knows what they said.
          this.#recover(0);
        }
        this.#dropped = dropped;
        this.#flow.fire({ rate, queued, dropped });
        return;
      }
      case 'limits':
        this.#setLimits(message.limits);
        return;
      case 'visibility':
        this.#setVisible(message.isVisible);
        return;
      default:
        message satisfies never;
    }
  }

  #greeted(hello: Hello): void {
    if (this.#state.type === 'closed') {
      return;
    }
    this.#retry?.dispose();
    if (hello.version !== PROTOCOL_VERSION) {
      this.#setState({ type: 'incompatible', version: hello.version });
      this.#requests.failAll({ code: 'unknownMessage', detail: `protocol version ${hello.version}` });
      return;
    }
    const isAgain = this.#wasGreeted;
    this.#wasGreeted = true;
    this.#credits.reset();
    this.#dropped = 0;
    this.#state = { type: 'open', hello };
    const seen = isAgain && this.#subscriptions.size > 0 ? this.#cursors.values(this.#maxCursorChars) : [];
    const canResume = seen.length > 0;
    const cursors = canResume ? { cursors: seen } : {};
    this.#resuming.clear();
    // Subscriptions first: an answer is then never older than the first notification missed.
    for (const [id, patterns] of this.#subscriptions) {
      this.#channel.send({ type: 'subscribe', id, patterns: [...patterns], ...cursors });
      if (canResume) {
        this.#resuming.add(id);
      }
    }
    this.#requests.sendAll();
    // Told afterwards: what a listener asks or subscribes to is sent once.
    this.#stateChange.fire(this.#state);
    this.#setLimits(hello.limits);
    // A host that has hidden the view says so after its `hello`.
    this.#setVisible(true);
    if (isAgain && !canResume) {
      this.#recover(0);
    }
  }

  /** What the longest subscription leaves of a message. */
  get #maxCursorChars(): number {
    if (!('maxMessageBytes' in this.#channel)) {
      return Number.POSITIVE_INFINITY;
    }
    const longest = Math.max(
      0,
      ...[...this.#subscriptions.values()].map((patterns) => JSON.stringify(patterns).length),
    );
    return (
      (this.#channel.maxMessageBytes - longest * MAX_BYTES_PER_UNIT - ENVELOPE_BYTES) / MAX_BYTES_PER_UNIT
    );
  }

  /** Once for all subscriptions that missed something. */
  #recover(waitMs: number): void {
    this.#cursors.forget();
    if (waitMs <= 0) {
      this.#recovery?.dispose();
      this.#recovery = undefined;
      this.#recovered.fire();
      return;
    }
    this.#recovery ??= this.#clock.schedule(Math.min(waitMs, MAX_RECOVERY_MS), () => {
      this.#recovery?.dispose();
      this.#recovery = undefined;
      this.#recovered.fire();
    });
  }

  #setLimits(limits: RealtimeLimits): void {
    this.#limits = limits;
    this.#limitsChange.fire(limits);
  }

  #setVisible(isVisible: boolean): void {
    if (this.#isVisible !== isVisible) {
      this.#isVisible = isVisible;
      this.#visibilityChange.fire();
    }
  }

  #closed(): void {
    if (this.#state.type === 'closed') {
      return;
    }
    this.#retry?.dispose();
    this.#credits.dispose();
    this.#recovery?.dispose();
    this.#recovery = undefined;
    this.#requests.failAll(CLOSED);
    this.#setState({ type: 'closed' });
  }

  #setState(state: ConnectionState): void {
    const isSame = state.type === this.#state.type && state.type !== 'open';
    this.#state = state;
    if (!isSame) {
      this.#stateChange.fire(state);
    }
  }
}
