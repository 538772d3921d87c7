import type { Backoff } from '../base/backoff';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import type { Logger } from '../base/logger';
import { between, type Random } from '../base/random';
import type { ReconnectingChannel } from '../protocol/channel';
import { closeReason, type CloseKind, type CloseReason } from '../protocol/closeReason';
import type { ClientMessage } from '../protocol/messages';
import type { Problem } from '../protocol/problem';
import { connectionBackoff, type ConnectionSettings } from './connectionSettings';
import type { ConnectionState } from './connectionState';
import type { Credentials } from './credentials';
import type { HubConnection, HubRoute } from './hubConnection';

export interface ConnectionManagerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly settings: ConnectionSettings;
  /**
   * The best first. One that is worse is tried where those before it do not get through, and given up as soon as a better
   * one does.
   */
  readonly routes: readonly [HubRoute, ...HubRoute[]];
  /** Absent where the hub wants none. */
  readonly credentials?: Credentials;
  /** The machine woke, or a network came. */
  readonly onAwake: Event<void>;
}

/** A connection from its first attempt to its end. */
interface Attempt {
  readonly route: HubRoute;
  readonly connection: HubConnection;
  readonly owned: DisposableStore;
  /** How often the credentials had changed when it began. */
  readonly credentials: number;
  /** Its listeners were told that it is open. */
  isOpen: boolean;
  isAccepted: boolean;
  /** It lasted as long as a good one does. */
  isStable: boolean;
}

/** What it looks like where something on the way lets a route not through. */
const BLOCKED: ReadonlySet<CloseKind> = new Set([
  'unreachable',
  'dns',
  'tls',
  'proxy',
  'lost',
  'silent',
  'notAHub',
]);

/**
 * Keeps one connection to a hub alive, over the best route that works. Whoever uses it as a channel is told of each opening
 * and each loss, and begins anew after each opening.
 *
 * After a failure it waits (doubling, with full jitter, and never less than the hub asked for) and tries again, at once when
 * the machine wakes, a network comes or the user asks. Where the credentials are refused, or no retry can help, it waits for
 * other credentials or the user. Credentials that had been accepted are asked for anew once before they count as refused.
 */
export class ConnectionManager implements ReconnectingChannel<ClientMessage> {
  readonly #options: ConnectionManagerOptions;
  readonly #owned = new DisposableStore();
  readonly #timer = this.#owned.add(new DisposableStore());
  readonly #upgradeTimer = this.#owned.add(new DisposableStore());
  readonly #backoff: Backoff;
  readonly #stateChanged: Emitter<ConnectionState>;
  readonly #openChanged: Emitter<boolean>;
  readonly #message: Emitter<unknown>;
  readonly #close: Emitter<void>;
  #state: ConnectionState = { type: 'idle' };
  #current: Attempt | undefined;
  /** On a better route than the current one. */
  #candidate: Attempt | undefined;
  /** Where the next attempt begins: what worked last is tried first, and better ones beside it once it works. */
  #first: HubRoute;
  /** Attempts in a row on each route that look as if it were blocked. */
  readonly #blocked = new Map<HubRoute, number>();
  /** Why the best route does not work. */
  #bestProblem: Problem | undefined;
  #hasRenewed = false;
  /** How often the credentials changed. */
  #credentials = 0;
  /** The hub wants no attempt earlier, by the monotonic clock; only a user may make one. */
  #notBefore = 0;

  constructor(options: ConnectionManagerOptions) {
    this.#options = options;
    const { logger, settings, random, credentials, routes } = options;
    [this.#first] = routes;
    this.#backoff = connectionBackoff(settings, random);
    const onListenerError = (error: unknown): void =>
      logger.error('A listener of the connection to a hub failed', error);
    this.#stateChanged = new Emitter(onListenerError);
    this.#openChanged = new Emitter(onListenerError);
    this.#message = new Emitter(onListenerError);
    this.#close = new Emitter(onListenerError);
    this.#owned.add(options.onAwake(() => this.#awake()));
    if (credentials !== undefined) {
      this.#owned.add(credentials.onChanged(() => this.#credentialsChanged()));
    }
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get onStateChanged(): Event<ConnectionState> {
    return this.#stateChanged.event;
  }

  get isOpen(): boolean {
    return this.#current?.isOpen === true;
  }

  get onOpenChanged(): Event<boolean> {
    return this.#openChanged.event;
  }

  get onMessage(): Event<unknown> {
    return this.#message.event;
  }

  /** Fires when this is disposed, and never before. */
  get onClose(): Event<void> {
    return this.#close.event;
  }

  get maxMessageBytes(): number {
    return Math.min(...this.#options.routes.map(({ maxMessageBytes }) => maxMessageBytes));
  }

  send(message: ClientMessage): void {
    if (this.#current?.isOpen === true) {
      this.#current.connection.send(message);
    }
  }

  /** Begins to keep a connection; does nothing while it does. */
  start(): void {
    if (this.#state.type === 'idle' && !this.#owned.isDisposed) {
      this.#startAnew();
    }
  }

  /** Ends the connection, until it is started again. */
  stop(): void {
    if (this.#state.type === 'idle') {
      return;
    }
    this.#timer.clear();
    this.#drop();
    this.#setState({ type: 'idle' });
  }

  /** The user asks: tries at once whatever kept it from trying, and doubts a connection that is open. */
  retryNow(): void {
    switch (this.#state.type) {
      case 'unauthorized':
      case 'forbidden':
      case 'failed':
        this.#startAnew();
        return;
      case 'reconnecting':
        this.#tryEarly();
        return;
      case 'open':
        this.#doubt();
        return;
      case 'idle':
      case 'connecting':
        return;
      default:
        this.#state satisfies never;
    }
  }

  dispose(): void {
    if (this.#owned.isDisposed) {
      return;
    }
    this.stop();
    this.#owned.dispose();
    this.#close.fire();
    this.#stateChanged.dispose();
    this.#openChanged.dispose();
    this.#message.dispose();
    this.#close.dispose();
  }

  #awake(): void {
    if (this.#state.type === 'open') {
      this.#doubt();
    } else if (this.#state.type === 'reconnecting' && this.#options.clock.monotonic() >= this.#notBefore) {
      this.#tryEarly();
    }
  }

  #credentialsChanged(): void {
    this.#credentials += 1;
    if (this.#state.type === 'unauthorized' || this.#state.type === 'forbidden') {
      this.#startAnew();
    }
  }

  #startAnew(): void {
    this.#backoff.reset();
    this.#hasRenewed = false;
    this.#blocked.clear();
    this.#first = this.#best;
    this.#setState({ type: 'connecting' });
    this.#try(this.#best);
  }

  /** What kept the attempts of before from working may be over. */
  #tryEarly(): void {
    if (this.#current === undefined) {
      this.#backoff.reset();
      this.#first = this.#best;
      this.#try(this.#best);
    }
  }

  #doubt(): void {
    this.#current?.connection.doubt();
    if (this.#current !== undefined && this.#current.route !== this.#best) {
      this.#upgrade();
    }
  }

  get #best(): HubRoute {
    return this.#options.routes[0];
  }

  /** The best route that is worse than this one. */
  #next(route: HubRoute): HubRoute | undefined {
    const { routes } = this.#options;
    return routes[routes.indexOf(route) + 1];
  }

  #try(route: HubRoute): void {
    this.#timer.clear();
    if (this.#current !== undefined || this.#owned.isDisposed) {
      return;
    }
    const attempt = this.#attempt(route);
    this.#current = attempt;
    const { connection, owned } = attempt;
    owned.add(connection.onOpen(() => this.#opened(attempt)));
    owned.add(connection.onClose(() => this.#ended(attempt)));
    this.#follow(attempt);
  }

  #attempt(route: HubRoute): Attempt {
    const owned = new DisposableStore();
    const connection = owned.add(route.connect());
    const credentials = this.#credentials;
    return { route, connection, owned, credentials, isOpen: false, isAccepted: false, isStable: false };
  }

  #follow(attempt: Attempt): void {
    const { connection, owned } = attempt;
    owned.add(connection.onMessage((message) => this.#message.fire(message)));
    owned.add(connection.onAccepted(() => this.#accepted(attempt)));
  }

  #opened(attempt: Attempt): void {
    attempt.isOpen = true;
    this.#openChanged.fire(true);
  }

  #accepted(attempt: Attempt): void {
    if (this.#current !== attempt) {
      return;
    }
    attempt.isAccepted = true;
    const { route, owned } = attempt;
    const { clock, settings } = this.#options;
    owned.add(clock.schedule(settings.stableMs, () => this.#stable(attempt)));
    if (route === this.#best) {
      this.#bestProblem = undefined;
      this.#setState({ type: 'open', route: route.kind });
    } else {
      this.#planUpgrade();
      const problem = this.#bestProblem;
      this.#setState({ type: 'open', route: route.kind, ...(problem === undefined ? {} : { problem }) });
    }
  }

  #stable(attempt: Attempt): void {
    attempt.isStable = true;
    this.#backoff.reset();
    this.#hasRenewed = false;
    this.#first = attempt.route;
    this.#blocked.delete(attempt.route);
  }

  #ended(attempt: Attempt): void {
    if (this.#current !== attempt) {
      return;
    }
    const reason = attempt.connection.closeReason ?? closeReason('lost');
    this.#options.logger.info(`The ${attempt.route.kind} connection to a hub ended: ${describe(reason)}`);
    this.#drop();
    // A listener may have stopped it or asked for another try.
    if (this.#state.type !== 'idle' && this.#current === undefined) {
      this.#afterEnd(attempt, reason);
    }
  }

  #afterEnd(attempt: Attempt, reason: CloseReason): void {
    const { route, isAccepted, isStable } = attempt;
    if (reason.remedy === 'change') {
      this.#giveUp({ type: 'failed', problem: reason.problem });
      return;
    }
    if (reason.remedy === 'signIn') {
      this.#refused(reason, attempt);
      return;
    }
    if (route === this.#best) {
      this.#bestProblem = reason.problem;
    }
    const looksBlocked = BLOCKED.has(reason.kind) && reason.retryAfterMs === undefined && !isStable;
    const blocked = looksBlocked ? (this.#blocked.get(route) ?? 0) + 1 : 0;
    this.#blocked.set(route, blocked);
    // Of the best route one failure is not believed; behind it, one that came about and was lost is not.
    const isOnceEnough = route !== this.#best && !isAccepted;
    const isBlocked = blocked >= (isOnceEnough ? 1 : this.#options.settings.fallbackAfter);
    this.#first = isStable || (isAccepted && !isBlocked) ? route : this.#best;
    // Where even the best route that is left does not work, the best of all says why.
    const problem = isAccepted || isTelling(reason) ? reason.problem : (this.#bestProblem ?? reason.problem);
    const next = this.#next(route);
    if (isBlocked && next !== undefined) {
      this.#setWaiting(0, problem);
      this.#try(next);
    } else {
      this.#wait({ ...reason, problem });
    }
  }

  #refused({ kind, problem }: CloseReason, { route, isAccepted, credentials }: Attempt): void {
    const mayHaveExpired = kind === 'unauthorized' && isAccepted && !this.#hasRenewed;
    this.#hasRenewed ||= mayHaveExpired;
    // Other credentials than those that were refused, also of somebody who may more, count as new ones.
    if (mayHaveExpired || credentials !== this.#credentials) {
      this.#setWaiting(0, problem);
      this.#try(isAccepted ? route : this.#best);
      return;
    }
    this.#giveUp({ type: kind === 'forbidden' ? 'forbidden' : 'unauthorized', problem });
  }

  /** Until the user or other credentials make it try again, or where nobody looks the time. */
  #giveUp(state: ConnectionState): void {
    const { clock, random, settings } = this.#options;
    const { retryRefusedMs } = settings;
    this.#timer.clear();
    if (retryRefusedMs !== undefined) {
      const waitMs = between(random, retryRefusedMs / 2, retryRefusedMs);
      this.#timer.add(clock.schedule(waitMs, () => this.#startAnew()));
    }
    this.#setState(state);
  }

  #wait({ problem, retryAfterMs = 0 }: CloseReason): void {
    const waitMs = retryAfterMs + this.#backoff.nextMs();
    this.#notBefore = this.#options.clock.monotonic() + retryAfterMs;
    // Planned first: whoever is told of the state may try at once.
    this.#timer.clear();
    this.#timer.add(this.#options.clock.schedule(waitMs, () => this.#try(this.#first)));
    this.#setWaiting(waitMs, problem);
  }

  #setWaiting(waitMs: number, problem: Problem): void {
    const retryAt = this.#options.clock.now() + waitMs;
    this.#setState({ type: 'reconnecting', attempt: this.#backoff.attempt, retryAt, problem });
  }

  #planUpgrade(): void {
    const { clock, settings } = this.#options;
    this.#upgradeTimer.clear();
    this.#upgradeTimer.add(clock.schedule(settings.upgradeMs, () => this.#upgrade()));
  }

  /** Tries the routes that are better beside the one that works, the best first. */
  #upgrade(): void {
    if (this.#candidate === undefined) {
      this.#upgradeTimer.clear();
      this.#tryBeside(this.#best);
    }
  }

  #tryBeside(route: HubRoute): void {
    const candidate = this.#attempt(route);
    this.#candidate = candidate;
    const { connection, owned } = candidate;
    // Until then it may be sent away, or lost, where the one that works was let in and stays.
    owned.add(connection.onAccepted(() => this.#replaceBy(candidate)));
    owned.add(connection.onClose(() => this.#candidateEnded(candidate)));
  }

  #candidateEnded(candidate: Attempt): void {
    if (this.#candidate !== candidate) {
      if (this.#current === candidate) {
        this.#ended(candidate);
      }
      return;
    }
    const { route, connection } = candidate;
    if (route === this.#best) {
      this.#bestProblem = connection.closeReason?.problem ?? this.#bestProblem;
    }
    this.#candidate = undefined;
    candidate.owned.dispose();
    const next = this.#next(route);
    if (next === undefined || next === this.#current?.route) {
      this.#planUpgrade();
    } else {
      this.#tryBeside(next);
    }
  }

  #replaceBy(candidate: Attempt): void {
    this.#candidate = undefined;
    this.#drop();
    if (this.#state.type === 'idle' || this.#current !== undefined) {
      candidate.owned.dispose();
      return;
    }
    this.#current = candidate;
    this.#follow(candidate);
    this.#opened(candidate);
    this.#accepted(candidate);
  }

  /** Lets go of every connection, and says so where one was open. */
  #drop(): void {
    const { isOpen } = this;
    const dropped = [this.#current, this.#candidate];
    this.#current = undefined;
    this.#candidate = undefined;
    this.#upgradeTimer.clear();
    for (const attempt of dropped) {
      attempt?.owned.dispose();
    }
    if (isOpen) {
      this.#openChanged.fire(false);
    }
  }

  #setState(state: ConnectionState): void {
    if (state.type !== this.#state.type) {
      this.#options.logger.info(`${this.#state.type} → ${state.type}`);
    }
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

/** What keeps any route from working: of a WebSocket only the platform knows it, and does not say so. */
function isTelling({ kind }: CloseReason): boolean {
  return kind === 'dns' || kind === 'tls' || kind === 'proxy';
}

function describe({ kind, problem }: CloseReason): string {
  return `${kind} (${problem.detail})`;
}
