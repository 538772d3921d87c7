import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { KubeFetch } from '../base/kubeFetch';
import type { KubeObject } from '../base/kubeObject';
import { scopedLogger, type Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { InitialState } from '../informer/initialState';
import type { RelistPacer } from '../informer/relistPacer';
import type { ClusterPersona } from '../persona/clusterPersona';
import { CLUSTER_PERSONA } from '../protocol/clusterPersonaResource';
import { ProblemError, type Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import type { SourceKind, SourceState, SourceStatus } from '../protocol/sourceState';
import type { SummaryRow } from '../protocol/summaryRow';
import type { PersonaFeed } from './personaFeed';
import { AwayChanges } from './awayChanges';
import { ConnectedSession } from './connectedSession';
import type { StatePosition } from './cursor';
import { PersonaViews } from './personaViews';
import { SourceHistory, type StateSince } from './sourceHistory';
import { ToldPersonas } from './toldPersonas';

/** An opened way to a cluster, or to a hub that follows it; its owner disposes it. */
export type SourceConnection = ClusterConnection | FeedConnection;

interface FeedConnection extends Disposable {
  /** What is followed; called once. */
  feed(logger: Logger): PersonaFeed;
  /** What the hub hands on beside; absent where that is nothing. */
  readonly fetch?: KubeFetch;
}

interface ClusterConnection extends Disposable {
  readonly fetch: KubeFetch;
  /** How its informer begins; `list` if absent. */
  readonly initialState?: InitialState;
  /** Called once on a 401 before it is believed. */
  refreshCredentials?(): Promise<void>;
}

/** A cluster that can be connected to. */
export interface SourceDefinition {
  /** Short and stable across sessions. */
  readonly id: string;
  readonly kind: SourceKind;
  readonly label: string;
  /** Of a source that several places have: which of them, as a text to show. */
  readonly place?: string;
  /** Of a source that is followed through hubs: what stands for each of them now, the nearest first. */
  readonly through?: () => readonly string[];
  /** Opens the way. Rejects with {@link ProblemError} for what no retry can mend. */
  open(signal: AbortSignal): Promise<SourceConnection>;
}

export interface SourceOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly relists: RelistPacer;
  /** Stands for clusters that do not say which they are. */
  readonly epoch: string;
}

/**
 * `forgotten`: no longer held, since the source was disconnected or another cluster answers in its place; whether the
 * cluster still has it is not known.
 */
type PersonaChangeType = 'added' | 'updated' | 'deleted' | 'forgotten';

export interface PersonaChange {
  readonly type: PersonaChangeType;
  readonly name: string;
  /** Of the first list that was read of this cluster: it was so before, and is no news. */
  readonly isInitial?: true;
}

/** One cluster with the personas it holds. Connecting and disconnecting can be repeated for ever. */
export class Source implements Disposable {
  readonly definition: SourceDefinition;
  readonly #options: SourceOptions;
  readonly #logger: Logger;
  readonly #views: PersonaViews;
  readonly #told = new ToldPersonas();
  readonly #history = new SourceHistory();
  readonly #stateChanged: Emitter<SourceState>;
  readonly #proof: Emitter<void>;
  readonly #personaChanged: Emitter<PersonaChange>;
  readonly #retried: Emitter<void>;
  readonly #awayChanged: Emitter<string>;
  readonly #attemptFailed: Emitter<Problem>;
  readonly #away: AwayChanges;
  #state: SourceState = { type: 'idle' };
  #session: ConnectedSession | undefined;
  #visible = 0;
  /** Of before the last disconnect: what views kept from then is that old. */
  #lastAsOf: number | undefined;

  constructor(definition: SourceDefinition, options: SourceOptions) {
    this.definition = definition;
    this.#options = options;
    this.#logger = scopedLogger(options.logger, definition.label);
    this.#views = new PersonaViews(definition.id);
    const onListenerError = (error: unknown): void => this.#logger.error('A listener failed', error);
    this.#stateChanged = new Emitter(onListenerError);
    this.#proof = new Emitter(onListenerError);
    this.#personaChanged = new Emitter(onListenerError);
    this.#retried = new Emitter(onListenerError);
    this.#awayChanged = new Emitter(onListenerError);
    this.#attemptFailed = new Emitter(onListenerError);
    this.#away = new AwayChanges(options.clock, (name) => this.#awayChanged.fire(name));
  }

  get id(): string {
    return this.definition.id;
  }

  get onStateChanged() {
    return this.#stateChanged.event;
  }

  /** The data was shown to be true once more. */
  get onProof() {
    return this.#proof.event;
  }

  /** Tells every change of a persona, in order; the change is already in effect. */
  get onPersonaChanged() {
    return this.#personaChanged.event;
  }

  /** Open connections are doubted (`retryNow`): whoever has one to this cluster had better open it anew. */
  get onRetried() {
    return this.#retried.event;
  }

  /** An attempt to reach the cluster failed; the state is the one of after it, which may be the same as before. */
  get onAttemptFailed() {
    return this.#attemptFailed.event;
  }

  /** What is known of what happened to a persona while nobody could watch is something else now; tells its name. */
  get onAwayChanged() {
    return this.#awayChanged.event;
  }

  /** What happened while nobody could watch. */
  get away(): Pick<AwayChanges, 'get' | 'unseen' | 'unseenCount' | 'markSeen' | 'dismiss'> {
    return this.#away;
  }

  status(): SourceStatus {
    const informer = this.#session?.informer;
    const asOf = informer?.asOf ?? this.#lastAsOf;
    const { proofOfLife, resourceVersion, watchOpenedAt, route } = informer ?? {};
    const hubs = this.definition.through?.() ?? [];
    return {
      source: this.id,
      kind: this.definition.kind,
      label: this.definition.label,
      state: this.#state,
      ...(asOf === undefined ? {} : { asOf }),
      ...(proofOfLife === undefined ? {} : { proof: proofOfLife }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(watchOpenedAt === undefined ? {} : { watchOpenedAt }),
      ...(route === undefined ? {} : { route }),
      ...(hubs.length === 0 ? {} : { hubs: [...hubs] }),
      count: informer?.store.size ?? 0,
    };
  }

  /** Personas that somebody should look at, among those that were told; costs nothing to ask. */
  get unhealthyCount(): number {
    return this.#told.unhealthyCount;
  }

  /** Whether a list was read since the source was connected: only then is what it does not hold known not to exist. */
  get hasBeenRead(): boolean {
    return this.#session?.informer?.asOf !== undefined;
  }

  /** Up to where everything was told that happened to personas; undefined before the first list was told. */
  get position(): StatePosition | undefined {
    const informer = this.#session?.informer;
    const version = informer?.toldVersion;
    return version === undefined
      ? undefined
      : {
          epoch: informer?.clusterUid ?? this.#options.epoch,
          provenAt: Math.floor(informer?.asOf ?? 0),
          version,
        };
  }

  /** The personas that changed or went after a position that this or another hub told of. */
  since(position: StatePosition): StateSince {
    const store = this.#session?.informer?.store;
    return store === undefined ? { type: 'unknown' } : this.#history.since(position, this.position, store);
  }

  get isConnected(): boolean {
    return this.#session !== undefined;
  }

  /** Whether its cluster can be asked for what is no persona, once it is connected; of one behind a hub that is known only then. */
  get hasFetch(): boolean {
    return this.definition.kind !== 'hub' || this.#session?.fetch !== undefined;
  }

  /** The way to the cluster, through its hub where it has one; throws while there is none, and `unsupported` where there never is. */
  fetch(): KubeFetch {
    const { fetch, informer } = this.#session ?? {};
    if (fetch !== undefined) {
      return fetch;
    }
    throw new ProblemError(
      informer === undefined
        ? { code: 'closed', detail: `${this.definition.label} is not connected` }
        : { code: 'unsupported', detail: 'it hands on ClusterPersonas and nothing else' },
    );
  }

  /** Stands for the cluster that is followed; undefined where it is not known. */
  get clusterUid(): string | undefined {
    return this.#session?.informer?.clusterUid;
  }

  object(name: string): KubeObject | undefined {
    return this.#session?.informer?.store.get(name);
  }

  /** All that it holds, as the cluster has it. */
  objects(): KubeObject[] {
    return [...(this.#session?.informer?.store.values() ?? [])];
  }

  persona(name: string): ClusterPersona | undefined {
    const object = this.object(name);
    return object === undefined ? undefined : this.#views.persona(object);
  }

  row(name: string): SummaryRow | undefined {
    const object = this.object(name);
    return object === undefined ? undefined : this.#views.row(object);
  }

  *rows(): Generator<SummaryRow> {
    for (const object of this.#session?.informer?.store.values() ?? []) {
      yield this.#views.row(object);
    }
  }

  /** All that it holds, by their names. */
  *personas(): Generator<readonly [name: string, ClusterPersona]> {
    for (const object of this.#session?.informer?.store.values() ?? []) {
      yield [object.metadata.name, this.#views.persona(object)];
    }
  }

  /** Starts following the cluster; does nothing while connected. Trouble shows in the state, never as a rejection. */
  connect(): void {
    if (this.#session !== undefined) {
      return;
    }
    const session = new ConnectedSession();
    this.#session = session;
    this.#setState({ type: 'connecting' });
    void this.#open(session);
  }

  /**
   * Stops following and forgets what was held. Each persona is told as `forgotten`, after the state: nothing was deleted
   * in the cluster, but what is deleted from now on will not be told either.
   */
  disconnect(): void {
    const session = this.#session;
    if (session === undefined) {
      return;
    }
    const names = new Set(this.#told.names());
    for (const { metadata } of session.informer?.store.values() ?? []) {
      names.add(metadata.name);
    }
    this.#lastAsOf = session.informer?.asOf ?? this.#lastAsOf;
    this.#session = undefined;
    this.#told.clear();
    this.#history.ended(session.informer?.toldVersion);
    this.#away.clear();
    session.dispose();
    this.#setState({ type: 'idle' });
    this.#tellForgotten(names);
  }

  /** Tries again at once: the user asked, the machine woke, the network came back. */
  retryNow(): void {
    const session = this.#session;
    if (session?.informer !== undefined) {
      session.informer.retryNow();
      this.#retried.fire();
    } else if (this.#state.type === 'failed') {
      this.disconnect();
      this.connect();
    }
  }

  /** Has what is held proven, where the cluster is followed; no connection is doubted. */
  proveNow(): void {
    this.#session?.informer?.retryNow();
  }

  /** While somebody looks, proof of life is sought more often. The result ends the looking. */
  look(): Disposable {
    this.#visible += 1;
    this.#session?.informer?.setVisible(true);
    let isLooking = true;
    return {
      dispose: () => {
        if (isLooking) {
          isLooking = false;
          this.#visible -= 1;
          this.#session?.informer?.setVisible(this.#visible > 0);
        }
      },
    };
  }

  dispose(): void {
    this.disconnect();
    this.#stateChanged.dispose();
    this.#proof.dispose();
    this.#personaChanged.dispose();
    this.#retried.dispose();
    this.#awayChanged.dispose();
    this.#attemptFailed.dispose();
    this.#away.dispose();
  }

  async #open(session: ConnectedSession): Promise<void> {
    let informer: PersonaFeed;
    try {
      const connection = await this.definition.open(session.signal);
      session.adopt(connection, connection.fetch);
      if (session.signal.aborted) {
        return;
      }
      informer = await this.#follow(connection, session.signal);
    } catch (error) {
      this.#fail(session, problemFromError(error));
      return;
    }
    let firstList = 1;
    session.start(informer, [
      informer.addHandler({
        added: (object, how) => {
          this.#away.note(object.metadata.name, undefined, object, how);
          this.#tell('added', object, how === 'inferred' && informer.generation <= firstList);
        },
        updated: (before, after, how) => {
          this.#away.note(after.metadata.name, before, after, how);
          this.#tell('updated', after);
        },
        deleted: (last, how) => {
          const { name } = last.metadata;
          this.#away.note(name, last, undefined, how);
          this.#told.delete(name);
          this.#history.deleted(name, informer.resourceVersion);
          this.#personaChanged.fire({ type: 'deleted', name });
        },
        replaced: () => {
          firstList = informer.generation + 1;
          const names = [...this.#told.names()];
          this.#told.clear();
          this.#history.ended(undefined);
          this.#away.clear();
          this.#tellForgotten(names);
        },
      }),
      informer.onStateChanged((state) => this.#setState(state)),
      informer.onAttemptFailed((problem) => this.#attemptFailed.fire(problem)),
      informer.onProof(() => {
        const { resourceVersion } = informer;
        if (informer.proofOfLife === 'list' && resourceVersion !== undefined) {
          this.#history.listed(resourceVersion, informer.toldVersion, this.#options.clock.now());
        }
        this.#away.proven(informer.asOf ?? 0, informer.proofOfLife === 'list');
        this.#proof.fire();
      }),
    ]);
    informer.setVisible(this.#visible > 0);
    informer.start();
  }

  /** Rejects with the signal's reason once it is aborted. */
  async #follow(connection: SourceConnection, signal: AbortSignal): Promise<PersonaFeed> {
    if ('feed' in connection) {
      return connection.feed(this.#logger);
    }
    // An editor that only follows hubs, or nothing yet, does without.
    const { Informer } = await import('../informer/informer');
    signal.throwIfAborted();
    const { clock, random, relists } = this.#options;
    const { initialState } = connection;
    const refresh = connection.refreshCredentials?.bind(connection);
    return new Informer({
      fetch: connection.fetch,
      path: CLUSTER_PERSONA.path,
      clock,
      random,
      relists,
      logger: this.#logger,
      ...(initialState === undefined ? {} : { initialState }),
      ...(refresh === undefined ? {} : { refreshCredentials: refresh }),
    });
  }

  /** Decoding here, one by one, a long list is decoded in the slices in which it is told. */
  #tell(type: 'added' | 'updated', object: KubeObject, isInitial = false): void {
    const { name } = object.metadata;
    this.#told.set(name, this.#views.isUnhealthy(object));
    this.#personaChanged.fire({ type, name, ...(isInitial ? { isInitial } : {}) });
  }

  #tellForgotten(names: Iterable<string>): void {
    for (const name of names) {
      this.#personaChanged.fire({ type: 'forgotten', name });
    }
  }

  #fail(session: ConnectedSession, problem: Problem): void {
    if (this.#session === session) {
      this.#setState({ type: 'failed', problem });
      this.#attemptFailed.fire(problem);
    }
  }

  #setState(state: SourceState): void {
    // Progress and counted attempts are the same state going on.
    if (state.type !== this.#state.type) {
      const problem = 'problem' in state ? ` (${state.problem.code}: ${state.problem.detail})` : '';
      this.#logger.info(`${this.#state.type} → ${state.type}${problem}`);
    }
    this.#state = state;
    this.#away.setLive(state.type === 'live');
    this.#stateChanged.fire(state);
  }
}
