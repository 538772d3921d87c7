import type { Clock } from '../base/clock';
import type { KubeFetch } from '../base/kubeFetch';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import { ChildAbort } from './childAbort';
import { readClusterUid } from './clusterIdentity';
import { CredentialRefresh } from './credentialRefresh';
import type { Delivery } from './delivery';
import { faultFromError } from './fault';
import { ReopenWatch } from './freshness';
import type { InitialState } from './initialState';
import { listPages, type Listing } from './listPages';
import { Pause } from './pause';
import { probe } from './probe';
import type { RelistPacer } from './relistPacer';
import { StateMachine } from './stateMachine';
import type { Delta, Store } from './store';
import type { InformerStatus } from './informerStatus';
import { WatchLineError, type ObservedEvent } from './watchEvent';
import { watchList, WatchListUnsupportedError } from './watchList';
import { watchOnce } from './watchOnce';

export interface ReflectorOptions {
  readonly fetch: KubeFetch;
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** By default `list`. */
  readonly initialState?: InitialState;
  readonly refreshCredentials?: () => Promise<void>;
  readonly store: Store;
  readonly delivery: Delivery;
  readonly status: InformerStatus;
  readonly relists: RelistPacer;
}

/** The user asked for another attempt while one was hanging. */
class Restart extends Error {
  readonly code = 'restart';

  constructor() {
    super('another attempt was asked for');
    this.name = 'Restart';
  }
}

/** Nothing of this attempt is needed any more. */
class RoundOver extends Error {
  readonly code = 'roundOver';

  constructor() {
    super('the attempt is over');
    this.name = 'RoundOver';
  }
}

/**
 * Keeps the Store equal to a collection of the cluster: lists it, watches from the list's ResourceVersion, and after
 * each end goes on where it was or, where that is not safe, lists anew. `run` is called again only after its signal was
 * aborted; a run that was aborted touches nothing any more.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #logger: Logger;
  readonly #status: InformerStatus;
  readonly #pause: Pause;
  readonly #credentials: CredentialRefresh;
  readonly #state: StateMachine;
  #round: ChildAbort | undefined;
  /** Where the watch is; undefined when everything has to be listed. */
  #version: string | undefined;
  /** Up to where the handlers were told of everything. */
  #told: string | undefined;
  #clusterUid: string | undefined;
  /** After a failure the other end has to show that it is still the same cluster. */
  #isDoubtful = false;
  #isAwaitingAnswer = false;
  /** Whether a relist waits for its turn, and whether the user waits for it. */
  #isQueued = false;
  #isUrgent = false;
  #initialState: InitialState = 'list';

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#logger = options.logger;
    this.#status = options.status;
    this.#pause = new Pause(options.clock);
    this.#credentials = new CredentialRefresh(options.clock, options.refreshCredentials);
    this.#state = new StateMachine({
      ...options,
      watchVersion: () => this.#version,
      probe: (signal) => {
        this.#status.counted('probes');
        return probe(options, options.path, signal);
      },
      onFault: (error) => this.#round?.abort(error),
    });
  }

  /** Where the Store is; undefined before the first list and whenever a new one is due. */
  get resourceVersion(): string | undefined {
    return this.#version;
  }

  /**
   * Up to where the handlers were told of every change, the one included that they are being told of unless there is
   * another one at the same ResourceVersion; undefined before the first list was told.
   */
  get toldVersion(): string | undefined {
    return this.#told;
  }

  /** Who answers; undefined while that is not known. */
  get clusterUid(): string | undefined {
    return this.#clusterUid;
  }

  setVisible(isVisible: boolean): void {
    this.#state.setVisible(isVisible);
  }

  /** Cuts waiting short and starts counting failures anew; where a watch is open, has it proven at once. */
  retryNow(): void {
    const isHanging = this.#isAwaitingAnswer && !this.#state.seeksProof;
    this.#credentials.allow();
    this.#state.startAnew();
    const wasUrgent = this.#isUrgent;
    this.#isUrgent = true;
    if (this.#pause.isWaiting) {
      this.#pause.cut();
    } else if (isHanging || (this.#isQueued && !wasUrgent)) {
      this.#round?.abort(new Restart());
    }
  }

  /** Resolves once the signal is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.#version = undefined;
    this.#isDoubtful = false;
    this.#initialState = this.#options.initialState ?? 'list';
    this.#credentials.allow();
    this.#state.begin(signal);
    while (!signal.aborted) {
      const failure = await this.#attempt(signal);
      if (failure !== undefined && !signal.aborted) {
        await this.#recover(failure.error, signal);
      }
    }
  }

  /** Lists and watches until that ends; with what it ended, unless cleanly. Nothing of it goes on afterwards. */
  async #attempt(signal: AbortSignal): Promise<{ readonly error: unknown } | undefined> {
    const round = new ChildAbort(signal);
    this.#round = round;
    try {
      await this.#listAndWatch(round.signal, signal);
      return undefined;
    } catch (error) {
      return { error };
    } finally {
      // One of two requests may have failed while the other goes on.
      round.abort(new RoundOver());
      round.dispose();
    }
  }

  /** Resolves when the watch ended cleanly. Whatever else ends it rejects. */
  async #listAndWatch(round: AbortSignal, run: AbortSignal): Promise<void> {
    this.#isAwaitingAnswer = true;
    let version = this.#version;
    if (version !== undefined) {
      const isSame = await this.#confirmCluster(await readClusterUid(this.#options, round), round, run);
      if (!isSame && (this.#isDoubtful || this.#version === undefined)) {
        version = undefined;
        this.#version = undefined;
        this.#state.relisting();
      }
    }
    if (version === undefined && this.#status.generation > 0) {
      await this.#relistTurn(round);
    }
    if (version === undefined && this.#initialState === 'watchList') {
      try {
        await this.#watchList(round, run);
        return;
      } catch (error) {
        if (!(error instanceof WatchListUnsupportedError)) {
          throw error;
        }
        this.#initialState = 'list';
        this.#logger.info(`The initial state is listed, since it could not be watched: ${error.message}`);
      }
    }
    await this.#watch(version ?? (await this.#list(round, run)), round, run);
  }

  async #relistTurn(round: AbortSignal): Promise<void> {
    this.#isAwaitingAnswer = false;
    this.#isQueued = true;
    try {
      await this.#options.relists.turn(round, this.#isUrgent);
    } finally {
      this.#isQueued = false;
    }
    this.#isAwaitingAnswer = true;
  }

  /** The ResourceVersion of what is held now. */
  async #list(round: AbortSignal, run: AbortSignal): Promise<string> {
    this.#isAwaitingAnswer = true;
    // Asked before anything else, not beside it: a source then needs one connection until its watch is open.
    await this.#confirmCluster(await readClusterUid(this.#options, round), round, run);
    this.#status.counted('lists');
    const listing = await listPages(this.#options, this.#options.path, round, (loaded, total) => {
      if (!round.aborted) {
        this.#listing(loaded, total);
      }
    });
    return this.#hold(listing, round, run);
  }

  /** Lists and watches in one. */
  async #watchList(round: AbortSignal, run: AbortSignal): Promise<void> {
    this.#status.counted('lists');
    this.#status.counted('watches');
    // Not beside it, as with a list: what was told is to be held at once, and is proof of that moment alone.
    await this.#confirmCluster(await readClusterUid(this.#options, round), round, run);
    try {
      await watchList(this.#options, round, {
        progress: (loaded) => this.#listing(loaded, undefined),
        listed: async (listing) => {
          const { length } = listing.objects;
          this.#listing(length, length);
          await this.#hold(listing, round, run);
          round.throwIfAborted();
          this.#watchOpened(run);
        },
        event: (event) => this.#observe(event, round, run),
      });
    } finally {
      this.#state.watchEnded();
    }
    this.#logger.debug('The watch ended; opening it again');
  }

  /** So many objects came of a collection that is being read anew; `total` is absent while it is not known. */
  #listing(loaded: number, total: number | undefined): void {
    this.#isAwaitingAnswer = false;
    this.#state.listing(loaded, total, this.#options.store.size > 0);
  }

  /** Puts a whole collection in place of what is held. Its ResourceVersion. */
  async #hold(listing: Listing, round: AbortSignal, run: AbortSignal): Promise<string> {
    round.throwIfAborted();
    const { objects, resourceVersion, malformedItems, asOf } = listing;
    this.#credentials.allow();
    if (malformedItems > 0) {
      this.#status.counted('malformedItems', malformedItems);
      const detail = `${malformedItems} of the listed items have no name or malformed metadata`;
      this.#logger.warn(`${detail}; they are left out`);
      this.#status.report({ code: 'malformed', detail });
    }
    this.#options.delivery.enqueue(this.#options.store.replace(objects));
    this.#version = resourceVersion;
    this.#isDoubtful = false;
    this.#state.listed(asOf);
    this.#logger.info(`Listed ${objects.length} objects at resourceVersion ${resourceVersion}`);
    await this.#options.delivery.drain(run);
    this.#told = resourceVersion;
    round.throwIfAborted();
    return resourceVersion;
  }

  async #watch(resourceVersion: string, round: AbortSignal, run: AbortSignal): Promise<void> {
    this.#isAwaitingAnswer = true;
    this.#status.counted('watches');
    try {
      await watchOnce(this.#options, { resourceVersion }, round, {
        opened: () => this.#watchOpened(run),
        event: (event) => this.#observe(event, round, run),
      });
    } finally {
      this.#state.watchEnded();
    }
    this.#logger.debug('The watch ended; opening it again');
  }

  #watchOpened(run: AbortSignal): void {
    this.#isAwaitingAnswer = false;
    this.#isUrgent = false;
    this.#isDoubtful = false;
    this.#credentials.allow();
    this.#state.watchOpened(run);
  }

  async #observe(event: ObservedEvent, round: AbortSignal, run: AbortSignal): Promise<void> {
    const changes = this.#apply(event);
    if (changes < 2) {
      this.#told = event.resourceVersion;
    }
    await this.#options.delivery.drain(run);
    this.#told = event.resourceVersion;
    round.throwIfAborted();
    this.#state.watchSpoke(event.type === 'bookmark' ? 'bookmark' : 'event');
  }

  /** How many changes the handlers will be told of. */
  #apply(event: ObservedEvent): number {
    const deltas = this.#deltasOf(event);
    this.#options.delivery.enqueue(deltas);
    this.#version = event.resourceVersion;
    return deltas.length;
  }

  #deltasOf(event: ObservedEvent): readonly Delta[] {
    const { store } = this.#options;
    switch (event.type) {
      case 'added':
      case 'modified':
        return store.put(event.object, 'observed');
      case 'deleted':
        return store.delete(event.object);
      case 'bookmark':
        return [];
      default: {
        const unknown: never = event;
        throw new TypeError(`unknown event ${String(unknown)}`);
      }
    }
  }

  /**
   * Compares who answers now with who answered before, and drops everything when it is somebody else. Whether it is
   * surely the same.
   */
  async #confirmCluster(uid: string | undefined, round: AbortSignal, run: AbortSignal): Promise<boolean> {
    round.throwIfAborted();
    const before = this.#clusterUid;
    if (uid === undefined) {
      return false;
    }
    this.#clusterUid = uid;
    if (before === undefined || before === uid) {
      return before === uid;
    }
    this.#logger.warn('Another cluster answers at this address: everything held is dropped');
    this.#version = undefined;
    this.#told = undefined;
    this.#options.delivery.enqueueReplaced(this.#options.store.clear());
    this.#state.replaced();
    await this.#options.delivery.drain(run);
    round.throwIfAborted();
    return false;
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    if (error instanceof Restart || error instanceof ReopenWatch) {
      this.#logger.debug(error.message);
      return;
    }
    let fault = faultFromError(error);
    if (fault.problem.code === 'unauthorized') {
      try {
        if (await this.#credentials.run(signal)) {
          this.#logger.info('The credentials were renewed');
          return;
        }
      } catch (refreshError) {
        fault = faultFromError(refreshError);
      }
      if (signal.aborted) {
        return;
      }
    }
    if (fault.problem.code === 'internal') {
      this.#logger.error('The informer failed', error);
    }
    this.#count(error);
    this.#isDoubtful = true;
    if (!fault.canResume) {
      this.#version = undefined;
    }
    if (fault.problem.code === 'notInstalled') {
      this.#options.delivery.enqueue(this.#options.store.replace([]));
      try {
        await this.#options.delivery.drain(signal);
      } catch {
        // It was stopped meanwhile, which is looked at below: a handler may stop it without this throwing.
      }
      if (signal.aborted) {
        return;
      }
    }
    const waitMs = this.#state.failed(fault);
    this.#logger.warn(
      `${fault.problem.code}: ${fault.problem.detail}; ${waitMs === undefined ? 'not tried again' : `next try in ${waitMs} ms`}`,
    );
    await this.#pause.wait(waitMs, signal);
  }

  #count(error: unknown): void {
    this.#status.counted('failures');
    if (error instanceof WatchLineError) {
      this.#status.counted('badLines');
      this.#status.report({ code: 'malformed', detail: error.message });
    }
  }
}
