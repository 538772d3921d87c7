import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { PersonaFeed } from '../hub/personaFeed';
import { Delivery, type InformerHandler } from '../informer/delivery';
import { millisecondsSince, wallTimeOf, type Instant } from '../base/instant';
import { InformerStatus } from '../informer/informerStatus';
import { Store, type Delta, type ReadonlyStore } from '../informer/store';
import type { Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import type { ProofOfLife, SourceRoute, SourceState, SourceStatus } from '../protocol/sourceState';
import { upstreamState } from '../protocol/upstreamState';
import type { ConnectionState } from '../transport/connectionState';
import { routeOf, stateOfConnection } from './connectionStates';
import { pastHere, proofHere, stateHere } from './hubClocks';
import { readObjects, type AskObjects, type ObjectsReading } from './readObjects';

/** As the informer's: what is older than this counts as stale, and well before that a sign of life is asked for. */
const VISIBLE = { askMs: 10_000, staleMs: 20_000 };
const HIDDEN = { askMs: 60_000, staleMs: 90_000 };
/** Whoever begins to look is shown what there is while a sign of life is asked for. */
const LOOK_GRACE_MS = 5_000;
/** Where nothing came of asking; doubled each time. */
const REPEAT_MS = 5_000;
const MAX_REPEAT_MS = 60_000;

/** The connection to a hub, as its feeds see it. */
export interface HubFeedHost {
  readonly state: ConnectionState;
  readonly onStateChanged: Event<ConnectionState>;
  /** Has `pull` called, and again if it is asked for meanwhile; one feed of a hub is pulled at a time. */
  ask(feed: HubFeed): void;
  /** The user asks. */
  retryNow(): void;
  /** The hub has no such source. */
  missing(): void;
  /** It is pulled no more. */
  left(feed: HubFeed): void;
}

export interface HubFeedOptions {
  readonly host: HubFeedHost;
  /** The hub's own id of the source. */
  readonly source: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One source of a hub. It holds what the hub holds, asks for what changed whenever the hub says that something did, and
 * claims of it what the hub claims: `live` only while the connection is open, everything of before was asked for, and the last
 * proof that the hub had of its cluster is recent. Whatever the hub says of its own clock is reckoned by this one.
 *
 * What was missed while there was no connection is told as `inferred`, in a new generation; so is what the hub missed itself.
 * While a hub has not read its cluster (it has just started) what is held stays, marked as not up to date.
 */
export class HubFeed implements PersonaFeed {
  readonly #options: HubFeedOptions;
  readonly #owned = new DisposableStore();
  readonly #timer = this.#owned.add(new DisposableStore());
  readonly #store = new Store();
  readonly #status: InformerStatus;
  readonly #delivery: Delivery;
  readonly #abort = new AbortController();
  #isStarted = false;
  #isVisible = false;
  #graceUntilMs = 0;
  /** Of the hub's answer that is held. */
  #version: string | undefined;
  #cluster: string | undefined;
  /** The hub's own words of the last answer, its instants by this clock; undefined before the first of a connection. */
  #remote: { readonly status: SourceStatus; readonly state: SourceState } | undefined;
  /** Something may have happened of which nobody told the steps. */
  #hasGap = true;
  #askedAtMs = 0;
  /** The hub's own proof that was passed on last, by its own clock. */
  #remoteAsOf: number | undefined;
  /** When that was, by both clocks of this side; undefined while nothing is held. */
  #proven: Instant | undefined;
  /** Why the hub could not be asked; undefined once it could. */
  #trouble: { readonly problem: Problem; readonly attempt: number; readonly retryAt: number } | undefined;

  constructor(options: HubFeedOptions) {
    this.#options = options;
    this.#status = this.#owned.add(new InformerStatus(options.logger));
    this.#delivery = new Delivery(options.clock, options.logger);
    this.#owned.add({ dispose: () => this.#abort.abort(new Error('the source was disconnected')) });
    this.#owned.add({ dispose: () => options.host.left(this) });
  }

  /** The hub's own id of the source. */
  get source(): string {
    return this.#options.source;
  }

  get store(): ReadonlyStore {
    return this.#store;
  }

  get asOf(): number | undefined {
    return this.#proven === undefined ? undefined : wallTimeOf(this.#proven, this.#options.clock);
  }

  get proofOfLife(): ProofOfLife | undefined {
    return this.#status.proofOfLife;
  }

  get watchOpenedAt(): number | undefined {
    return this.#status.watchOpenedAt;
  }

  get generation(): number {
    return this.#status.generation;
  }

  get resourceVersion(): string | undefined {
    return this.#remote?.status.resourceVersion;
  }

  /** The hub says how far it is, not how far it has told. */
  get toldVersion(): undefined {
    return undefined;
  }

  get clusterUid(): string | undefined {
    return this.#cluster;
  }

  get route(): SourceRoute | undefined {
    return routeOf(this.#options.host.state);
  }

  get onStateChanged(): Event<SourceState> {
    return this.#status.stateChanged.event;
  }

  get onProof(): Event<void> {
    return this.#status.proof.event;
  }

  get onAttemptFailed(): Event<Problem> {
    return this.#status.attemptFailed.event;
  }

  addHandler(handler: InformerHandler): Disposable {
    return this.#delivery.add(handler);
  }

  start(): void {
    if (this.#isStarted || this.#owned.isDisposed) {
      return;
    }
    this.#isStarted = true;
    this.#delivery.turnOn();
    const { host } = this.#options;
    this.#owned.add(host.onStateChanged((state) => this.#connectionChanged(state)));
    this.#connectionChanged(host.state);
  }

  retryNow(): void {
    const { host } = this.#options;
    host.retryNow();
    this.#ask();
  }

  setVisible(isVisible: boolean): void {
    if (this.#isVisible !== isVisible) {
      this.#isVisible = isVisible;
      if (isVisible) {
        this.#graceUntilMs = this.#options.clock.monotonic() + LOOK_GRACE_MS;
        this.#ask();
      }
      this.#arm();
    }
  }

  /** Something happened at the hub, or everything may have. */
  changed(mayHaveMissed: boolean): void {
    this.#hasGap ||= mayHaveMissed;
    this.#ask();
  }

  /** Asks for what is different and takes it over. Whether there is more to ask at once; never rejects. */
  async pull(ask: AskObjects, connection: AbortSignal): Promise<boolean> {
    const signal = AbortSignal.any([connection, this.#abort.signal]);
    this.#askedAtMs = this.#options.clock.monotonic();
    try {
      const reading = await readObjects(ask, {
        source: this.source,
        since: this.#version,
        isLooking: this.#isVisible,
        clock: this.#options.clock,
        signal,
      });
      if (reading === undefined || signal.aborted) {
        return false;
      }
      await this.#take(reading, signal);
      return reading.hadPages;
    } catch (error) {
      if (!signal.aborted) {
        this.#failed(problemFromError(error));
      }
      return false;
    } finally {
      this.#arm();
    }
  }

  dispose(): void {
    this.#delivery.turnOff();
    this.#owned.dispose();
  }

  #failed(problem: Problem): void {
    const attempt = (this.#trouble?.attempt ?? 0) + 1;
    const retryAt = this.#options.clock.now() + repeatMs(attempt);
    this.#trouble = { problem, attempt, retryAt };
    // Whoever may not see a source is told of nothing that happens in it.
    this.#hasGap ||= problem.code === 'forbidden';
    this.#show();
    this.#status.attemptFailed.fire(problem);
    if (problem.code === 'notFound') {
      this.#options.host.missing();
    }
  }

  #ask(): void {
    if (this.#isStarted && this.#options.host.state.type === 'open') {
      this.#options.host.ask(this);
    }
  }

  #connectionChanged(state: ConnectionState): void {
    if (state.type === 'open') {
      if (this.#remote === undefined) {
        this.#ask();
      }
    } else {
      this.#hasGap = true;
      this.#remote = undefined;
      this.#trouble = undefined;
      this.#status.watching(undefined);
    }
    this.#show();
    if ('problem' in state && state.type !== 'open') {
      this.#status.attemptFailed.fire(state.problem);
    }
    this.#arm();
  }

  async #take({ first, clocks, objects, malformed }: ObjectsReading, signal: AbortSignal): Promise<void> {
    const { status, isRead, reset, removed, version, cluster } = first;
    const before = this.#remote?.status;
    this.#trouble = undefined;
    this.#remote = { status, state: stateHere(status.state, clocks) };
    if (!isRead) {
      this.#version = undefined;
      this.#hasGap = true;
      this.#status.watching(undefined);
      this.#show();
      return;
    }
    if (malformed > 0) {
      this.#options.logger.warn(`${malformed} of the hub's objects have no name or malformed metadata`);
    }
    if (cluster !== undefined && this.#cluster !== undefined && cluster !== this.#cluster) {
      this.#delivery.enqueueReplaced(this.#store.clear());
      this.#status.forgotten();
      this.#proven = undefined;
      await this.#delivery.drain(signal);
      signal.throwIfAborted();
    }
    this.#cluster = cluster ?? this.#cluster;
    const isGap = this.#hasGap || (before !== undefined && before.state.type !== 'live');
    const deltas = reset ? this.#store.replace(objects) : this.#differences(objects, removed, isGap);
    this.#version = version;
    this.#hasGap = false;
    if (reset || isGap) {
      this.#status.listed();
    }
    if (status.asOf !== undefined && (this.#proven === undefined || status.asOf !== this.#remoteAsOf)) {
      const proven = this.#later(proofHere(status.asOf, clocks));
      this.#proven = proven;
      this.#remoteAsOf = status.asOf;
      this.#status.provenAt(proven.wallMs, reset || isGap ? 'list' : (status.proof ?? 'probe'));
    }
    const { watchOpenedAt } = status;
    this.#status.watching(watchOpenedAt === undefined ? undefined : pastHere(watchOpenedAt, clocks));
    this.#delivery.enqueue(deltas);
    await this.#delivery.drain(signal);
    signal.throwIfAborted();
    this.#show();
  }

  /** What is held is as true as it was proven once, whatever is told of before that. */
  #later(proven: Instant): Instant {
    const held = this.#proven;
    const { clock } = this.#options;
    return held === undefined || millisecondsSince(proven, clock) <= millisecondsSince(held, clock)
      ? proven
      : held;
  }

  #differences(
    objects: Parameters<Store['replace']>[0],
    removed: readonly string[],
    isGap: boolean,
  ): Delta[] {
    const how = isGap ? 'inferred' : 'observed';
    const deltas: Delta[] = [];
    for (const name of removed) {
      const last = this.#store.get(name);
      deltas.push(...(last === undefined ? [] : this.#store.delete(last, how)));
    }
    for (const object of objects) {
      deltas.push(...this.#store.put(object, how));
    }
    return deltas;
  }

  #show(): void {
    if (this.#isStarted) {
      this.#status.changeTo(this.#state());
    }
  }

  #state(): SourceState {
    const { state } = this.#options.host;
    return state.type === 'open' ? this.#remoteState() : stateOfConnection(state, this.asOf);
  }

  #remoteState(): SourceState {
    if (this.#trouble !== undefined) {
      const { problem, retryAt, attempt } = this.#trouble;
      if (problem.code === 'forbidden') {
        // It is this user who may not see the source, and not the hub.
        return { type: 'forbidden', retryAt, problem };
      }
      const { asOf } = this;
      return asOf === undefined
        ? { type: 'reconnecting', attempt, retryAt, problem }
        : { type: 'stale', since: asOf, problem, retryAt };
    }
    const state = this.#remote?.state;
    switch (state?.type) {
      case undefined:
      case 'connecting':
        return this.#unproven({ type: 'connecting' });
      case 'syncing':
        return this.#unproven(state);
      case 'live':
        return this.#silenceMs() < this.#limits.staleMs ? state : { type: 'stale', since: this.asOf ?? 0 };
      case 'idle':
      case 'stale':
      case 'reconnecting':
      case 'failed':
      case 'unauthorized':
      case 'forbidden':
      case 'notInstalled':
      case 'paused':
        return upstreamState(state);
      default:
        return state satisfies never;
    }
  }

  /** While what is held was true a while ago, that counts. */
  #unproven(otherwise: SourceState): SourceState {
    const { asOf } = this;
    return asOf === undefined ? otherwise : { type: 'stale', since: asOf };
  }

  get #limits() {
    const { askMs, staleMs } = this.#isVisible ? VISIBLE : HIDDEN;
    return { askMs, staleMs: this.#graceMs > 0 ? HIDDEN.staleMs : staleMs };
  }

  get #graceMs(): number {
    return this.#isVisible ? Math.max(0, this.#graceUntilMs - this.#options.clock.monotonic()) : 0;
  }

  #silenceMs(): number {
    const proven = this.#proven;
    return proven === undefined ? Number.POSITIVE_INFINITY : millisecondsSince(proven, this.#options.clock);
  }

  /** Asks for a sign of life before what is held counts as stale, and has it count so in time. */
  #arm(): void {
    this.#timer.clear();
    const { clock, host } = this.#options;
    if (!this.#isStarted || this.#owned.isDisposed || host.state.type !== 'open') {
      return;
    }
    const silenceMs = this.#silenceMs();
    const { askMs, staleMs } = this.#limits;
    const sinceAskedMs = clock.monotonic() - this.#askedAtMs;
    const waits = [
      this.#trouble === undefined
        ? Math.max(askMs - silenceMs, REPEAT_MS - sinceAskedMs)
        : repeatMs(this.#trouble.attempt) - sinceAskedMs,
    ];
    if (this.#status.state.type === 'live') {
      waits.push(staleMs - silenceMs);
      if (this.#graceMs > 0) {
        waits.push(this.#graceMs);
      }
    }
    const waitMs = Math.max(0, Math.ceil(Math.min(...waits)));
    this.#timer.add(
      clock.schedule(waitMs, () => {
        this.#show();
        const isDue = this.#trouble !== undefined || this.#silenceMs() >= askMs;
        if (isDue && clock.monotonic() - this.#askedAtMs >= repeatMs(this.#trouble?.attempt ?? 1)) {
          this.#askedAtMs = clock.monotonic();
          this.#ask();
        }
        this.#arm();
      }),
    );
  }
}

function repeatMs(attempt: number): number {
  return Math.min(MAX_REPEAT_MS, REPEAT_MS * 2 ** Math.min(attempt - 1, 10));
}
