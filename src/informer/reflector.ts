import type { Clock } from '../base/clock';
import type { KubeFetch } from '../base/kubeFetch';
import type { Logger } from '../base/logger';
import { between, type Random } from '../base/random';
import type { SourceState } from '../protocol/sourceState';
import { ChildAbort } from './childAbort';
import { readClusterUid } from './clusterIdentity';
import { CredentialRefresh } from './credentialRefresh';
import type { Delivery } from './delivery';
import { faultFromError, ShortWatchError, type Fault } from './fault';
import { Freshness, ReopenWatch } from './freshness';
import { errorFromResponse } from './kubeStatusError';
import { listPages } from './listPages';
import { Pause } from './pause';
import { probe } from './probe';
import { RetryPolicy } from './retryPolicy';
import type { Store } from './store';
import type { InformerStatus } from './informerStatus';
import { timedRequest, withQuery } from './timedRequest';
import { TimeSlice } from './timeSlice';
import { readWatch } from './watchStream';
import { WatchLineError, type WatchEvent } from './watchEvent';

export interface ReflectorOptions {
  readonly fetch: KubeFetch;
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly refreshCredentials?: () => Promise<void>;
  readonly store: Store;
  readonly delivery: Delivery;
  readonly status: InformerStatus;
}

/** Longest wait for a watch's headers; the API server sends them before the first event. */
const WATCH_ANSWER_MS = 30_000;
/** The server ends a watch after this long, at random so that watches do not all end together (client-go's spread). */
const WATCH_FROM_S = 300;
const WATCH_TO_S = 600;
/** A watch that ends sooner and without an event counts as a failure. */
const SHORT_WATCH_MS = 1_000;

/**
 * A change of the CRD ends every watch, refuses the next one with 429 for a second, and then has forgotten its history:
 * 1 s + 0.8 s + 1.6 s of back-off at the most. What is mended within this time is not worth a change of state; what
 * takes longer shows as stale meanwhile.
 */
const HICCUP_MS = 5_000;
/** As many of them may follow each other. */
const MAX_HICCUPS = 3;

/** The user asked for another attempt while one was hanging. */
class Restart extends Error {
  readonly code = 'restart';

  constructor() {
    super('another attempt was asked for');
    this.name = 'Restart';
  }
}

/**
 * Keeps the Store equal to a collection of the cluster: lists it, watches from the list's ResourceVersion, and after
 * each end goes on where it was or, where that is not safe, lists anew. `run` is called again only after its signal was
 * aborted; a run that was aborted touches nothing any more.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #status: InformerStatus;
  readonly #retry: RetryPolicy;
  readonly #pause: Pause;
  readonly #credentials: CredentialRefresh;
  readonly #freshness: Freshness;
  #round: ChildAbort | undefined;
  /** Where the watch is; undefined when everything has to be listed. */
  #version: string | undefined;
  #clusterUid: string | undefined;
  /** After a failure the other end has to show that it is still the same cluster. */
  #isDoubtful = false;
  #isAwaitingAnswer = false;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#status = options.status;
    this.#retry = new RetryPolicy(options.clock, options.random);
    this.#pause = new Pause(options.clock);
    this.#credentials = new CredentialRefresh(options.clock, options.refreshCredentials);
    this.#freshness = new Freshness(options.clock, {
      watchVersion: () => this.#version,
      probe: (signal) => {
        this.#status.counted('probes');
        return probe(options, options.path, signal);
      },
      onProof: () => this.#proven(),
      onStale: () => this.#becomeStale(),
      onFault: (error) => this.#round?.abort(error),
    });
  }

  /** Where the Store is; undefined before the first list and whenever a new one is due. */
  get resourceVersion(): string | undefined {
    return this.#version;
  }

  setVisible(isVisible: boolean): void {
    this.#freshness.setVisible(isVisible);
  }

  /** Cuts waiting short and starts counting failures anew; where a watch is open, has it proven at once. */
  retryNow(): void {
    this.#retry.reset();
    this.#credentials.allow();
    if (this.#pause.isWaiting) {
      this.#pause.cut();
    } else if (this.#isAwaitingAnswer && !this.#freshness.isRunning) {
      this.#round?.abort(new Restart());
    } else {
      this.#freshness.probeNow();
    }
  }

  /** Resolves once the signal is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.#version = undefined;
    this.#isDoubtful = false;
    this.#retry.reset();
    this.#credentials.allow();
    this.#status.changeTo({ type: 'connecting' });
    const stopFreshness = (): void => this.#freshness.stop();
    signal.addEventListener('abort', stopFreshness, { once: true });
    while (!signal.aborted) {
      const round = new ChildAbort(signal);
      this.#round = round;
      try {
        await this.#listAndWatch(round.signal, signal);
      } catch (error) {
        if (!signal.aborted) {
          await this.#recover(error, signal);
        }
      } finally {
        round.dispose();
      }
    }
  }

  /** Resolves when the watch ended cleanly. Whatever else ends it rejects. */
  async #listAndWatch(round: AbortSignal, run: AbortSignal): Promise<void> {
    this.#isAwaitingAnswer = true;
    if (this.#version === undefined) {
      await this.#list(round, run);
    } else {
      const isSame = await this.#confirmCluster(await readClusterUid(this.#options, round), round, run);
      if (!isSame && (this.#isDoubtful || this.#version === undefined)) {
        this.#version = undefined;
        this.#freshness.demandProof(HICCUP_MS);
        await this.#list(round, run);
      }
    }
    await this.#watch(round, run);
  }

  async #list(round: AbortSignal, run: AbortSignal): Promise<void> {
    this.#status.counted('lists');
    const listing = listPages(this.#options, this.#options.path, round, (loaded, total) => {
      this.#isAwaitingAnswer = false;
      this.#showProgress(loaded, total);
    });
    // It runs beside the question who answers, and may fail first; it is awaited below in any case.
    listing.catch(() => {});
    await this.#confirmCluster(await readClusterUid(this.#options, round), round, run);
    const { objects, resourceVersion, malformedItems, asOfMs } = await listing;
    round.throwIfAborted();
    this.#credentials.allow();
    if (malformedItems > 0) {
      this.#status.counted('malformedItems', malformedItems);
      const detail = `${malformedItems} of the listed items have no name or malformed metadata`;
      this.#logger.warn(`${detail}; they are left out`);
      this.#status.report({ code: 'malformed', detail });
    }
    this.#options.delivery.enqueue(this.#options.store.replace(objects));
    this.#version = resourceVersion;
    this.#status.listed();
    this.#status.provenAt(asOfMs);
    this.#freshness.listed();
    this.#isDoubtful = false;
    this.#logger.info(`Listed ${objects.length} objects at resourceVersion ${resourceVersion}`);
    await this.#options.delivery.drain(run);
    round.throwIfAborted();
  }

  async #watch(round: AbortSignal, run: AbortSignal): Promise<void> {
    const { path, random, delivery } = this.#options;
    const timeoutSeconds = Math.floor(between(random, WATCH_FROM_S, WATCH_TO_S + 1));
    const watchPath = withQuery(path, {
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#version,
      timeoutSeconds: String(timeoutSeconds),
      pretty: 'false',
    });
    this.#isAwaitingAnswer = true;
    this.#status.counted('watches');
    let openedMs = 0;
    let hasEvents = false;
    await timedRequest(
      this.#options,
      watchPath,
      { signal: round, answerMs: WATCH_ANSWER_MS },
      async (response) => {
        if (response.status !== 200) {
          throw await errorFromResponse(response, round);
        }
        openedMs = this.#clock.monotonic();
        this.#watchOpened(run);
        const slice = new TimeSlice(this.#clock);
        for await (const events of readWatch(response.body)) {
          slice.restart();
          for (const event of events) {
            round.throwIfAborted();
            if (event.type === 'error') {
              throw event.error;
            }
            hasEvents ||= event.type !== 'bookmark';
            this.#apply(event);
            await delivery.drain(run);
            round.throwIfAborted();
            this.#freshness.watchSpoke();
            if (slice.isSpent) {
              await slice.yield(round);
            }
          }
        }
      },
    );
    if (!hasEvents && this.#clock.monotonic() - openedMs < SHORT_WATCH_MS) {
      throw new ShortWatchError();
    }
    this.#logger.debug('The watch ended; opening it again');
  }

  #apply(event: Exclude<WatchEvent, { type: 'error' }>): void {
    const { store, delivery } = this.#options;
    switch (event.type) {
      case 'added':
      case 'modified':
        delivery.enqueue(store.put(event.object, 'observed'));
        break;
      case 'deleted':
        delivery.enqueue(store.delete(event.object));
        break;
      case 'bookmark':
        break;
      default: {
        const unknown: never = event;
        throw new TypeError(`unknown event ${String(unknown)}`);
      }
    }
    this.#version = event.resourceVersion;
  }

  #watchOpened(run: AbortSignal): void {
    this.#isAwaitingAnswer = false;
    this.#credentials.allow();
    this.#freshness.watchOpened();
    const mustProve = this.#isDoubtful;
    this.#isDoubtful = false;
    if (!mustProve) {
      this.#becomeLive();
    }
    this.#freshness.start(run, { probeAtOnce: mustProve });
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
    this.#options.delivery.enqueueReplaced(this.#options.store.clear());
    this.#status.forgotten();
    this.#leaveLive({ type: 'connecting' });
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
        return;
      }
    }
    const waitMs = this.#retry.failed(fault);
    this.#logger.warn(
      `${fault.problem.code}: ${fault.problem.detail}; ${waitMs === undefined ? 'not tried again' : `next try in ${waitMs} ms`}`,
    );
    this.#showFault(fault, waitMs);
    await this.#pause.wait(waitMs, signal);
  }

  #count(error: unknown): void {
    this.#status.counted('failures');
    if (error instanceof WatchLineError) {
      this.#status.counted('badLines');
      this.#status.report({ code: 'malformed', detail: error.message });
    }
  }

  #showFault(fault: Fault, waitMs: number | undefined): void {
    const { problem } = fault;
    const attempt = this.#retry.attempt;
    if (waitMs === undefined) {
      this.#leaveLive({ type: 'failed', problem });
      return;
    }
    const retryAt = this.#clock.now() + waitMs;
    switch (problem.code) {
      case 'unauthorized':
      case 'forbidden':
      case 'notInstalled':
        this.#leaveLive({ type: problem.code, retryAt, problem });
        return;
      default:
        break;
    }
    if (this.#isHiccup(fault, waitMs)) {
      // What is held is shown as it is until it is proven or replaced, and soon as not up to date.
      this.#freshness.demandProof(HICCUP_MS);
      return;
    }
    this.#leaveLive({ type: 'reconnecting', attempt, retryAt, problem });
  }

  #isHiccup(fault: Fault, waitMs: number): boolean {
    const { type } = this.#status.state;
    return (
      fault.isBrief &&
      (type === 'live' || type === 'stale') &&
      waitMs <= HICCUP_MS &&
      this.#retry.attempt <= MAX_HICCUPS
    );
  }

  #showProgress(loaded: number, total: number | undefined): void {
    const { asOf, state } = this.#status;
    if (state.type === 'live') {
      return;
    }
    if (this.#options.store.size > 0 && asOf !== undefined) {
      this.#status.changeTo({ type: 'stale', since: asOf });
    } else {
      this.#status.changeTo({ type: 'syncing', loaded, ...(total === undefined ? {} : { total }) });
    }
  }

  #proven(): void {
    this.#status.provenAt(this.#clock.now());
    this.#becomeLive();
  }

  #becomeLive(): void {
    this.#retry.healthy();
    this.#status.changeTo({ type: 'live' });
  }

  #becomeStale(): void {
    const { state, asOf } = this.#status;
    if (state.type === 'live' && asOf !== undefined) {
      this.#status.changeTo({ type: 'stale', since: asOf });
    }
  }

  #leaveLive(state: SourceState): void {
    this.#freshness.stop();
    this.#status.changeTo(state);
  }
}
