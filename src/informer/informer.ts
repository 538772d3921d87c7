import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { KubeFetch } from '../base/kubeFetch';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { Problem } from '../protocol/problem';
import type { ProofOfLife, SourceState } from '../protocol/sourceState';
import { Delivery, type InformerHandler } from './delivery';
import { InformerStatus, type InformerCounters } from './informerStatus';
import type { InitialState } from './initialState';
import { Reflector } from './reflector';
import { RelistPacer } from './relistPacer';
import { Store, type ReadonlyStore } from './store';

export interface InformerOptions {
  readonly fetch: KubeFetch;
  /** Of the collection, e.g. `/apis/dorgu.io/v1/clusterpersonas`; may carry a query. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** By default `list`. */
  readonly initialState?: InitialState;
  /** Called once on a 401 before giving up; resolves when fresh credentials are in place. */
  readonly refreshCredentials?: () => Promise<void>;
  /** Shared by all informers of a process, so that they do not all relist at once. Absent: one of its own. */
  readonly relists?: RelistPacer;
}

/**
 * Follows one collection of a cluster and tells what changes.
 *
 * - The Store holds the whole collection at one moment; it changes before the handlers are told, and keeps what it has
 *   while the cluster is out of reach. Only what the cluster no longer has leaves it.
 * - Handlers are told in the order of the changes, every handler of one change before any of the next; what one throws
 *   goes to the log. A handler is told of nothing that the Store already held when it was added: read the Store in the
 *   same turn, and from there on the notifications add up to it.
 * - An object whose resourceVersion is unchanged causes no notification, however often it is listed. An object of a new
 *   uid under a known name is a deletion and an addition.
 * - After a gap (`generation` grew) steps in between may be missing: what differs is then marked `inferred`.
 * - State `live` is claimed only with proof; see `setVisible` for its window. While a failed connection is tried
 *   again the state says so until there is proof, also while the attempt is under way.
 * - `failed` is what a retry cannot mend (credentials, consent); everything else is tried again by itself. An untrusted
 *   certificate is `reconnecting` with problem `tls`, tried again every 15 s or so.
 */
export class Informer implements Disposable {
  readonly #store = new Store();
  readonly #status: InformerStatus;
  readonly #delivery: Delivery;
  readonly #reflector: Reflector;
  #run: AbortController | undefined;
  #isDisposed = false;

  constructor(options: InformerOptions) {
    this.#status = new InformerStatus(options.logger);
    this.#delivery = new Delivery(options.clock, options.logger);
    this.#reflector = new Reflector({
      ...options,
      store: this.#store,
      delivery: this.#delivery,
      status: this.#status,
      relists: options.relists ?? new RelistPacer(options.clock),
    });
  }

  get store(): ReadonlyStore {
    return this.#store;
  }

  get state(): SourceState {
    return this.#status.state;
  }

  /** When the Store was last known to be true, in wall milliseconds. */
  get asOf(): number | undefined {
    return this.#status.asOf;
  }

  /** What showed that it was true then. */
  get proofOfLife(): ProofOfLife | undefined {
    return this.#status.proofOfLife;
  }

  /** Since when the watch is open, in wall milliseconds; undefined while none is. */
  get watchOpenedAt(): number | undefined {
    return this.#status.watchOpenedAt;
  }

  /** Complete lists so far. Within one generation no change was missed. */
  get generation(): number {
    return this.#status.generation;
  }

  /** Where the watch is; undefined while a list is due. Opaque. */
  get resourceVersion(): string | undefined {
    return this.#reflector.resourceVersion;
  }

  /**
   * Up to where the handlers were told of every change; behind `resourceVersion` while a list is being told. While one of
   * them is told of a change it is included, but for the first of two at one ResourceVersion. Opaque.
   */
  get toldVersion(): string | undefined {
    return this.#reflector.toldVersion;
  }

  /** The uid of the namespace kube-system, which stands for the cluster; undefined where it could not be read. */
  get clusterUid(): string | undefined {
    return this.#reflector.clusterUid;
  }

  get counters(): InformerCounters {
    return this.#status.counters;
  }

  get onStateChanged(): Event<SourceState> {
    return this.#status.stateChanged.event;
  }

  /** `asOf` advanced. */
  get onProof(): Event<void> {
    return this.#status.proof.event;
  }

  /** An attempt failed; the state is the one of after it, which may be the same as before. */
  get onAttemptFailed(): Event<Problem> {
    return this.#status.attemptFailed.event;
  }

  /** Something from the cluster was not understood, and was counted; it does not by itself change the state. */
  get onProblem(): Event<Problem> {
    return this.#status.problem.event;
  }

  addHandler(handler: InformerHandler): Disposable {
    return this.#delivery.add(handler);
  }

  /**
   * Begins to list and watch. After `stop` it begins again with a list, whose differences from what is still held are
   * told. Does nothing while it runs or after `dispose`.
   */
  start(): void {
    if (this.#isDisposed || this.#run !== undefined) {
      return;
    }
    const run = new AbortController();
    this.#run = run;
    this.#delivery.turnOn();
    void this.#reflector.run(run.signal);
  }

  /**
   * Ends every request and goes to `idle`, the last thing that is told: no handler is called after it, not even for what
   * was already queued. The Store keeps its content.
   */
  stop(): void {
    if (this.#run === undefined) {
      return;
    }
    const run = this.#run;
    this.#run = undefined;
    this.#delivery.turnOff();
    run.abort(new DOMException('the informer was stopped', 'AbortError'));
    this.#status.changeTo({ type: 'idle' });
  }

  /** Tries again at once, or where all seems well has it proven: the user asked, the machine woke, or came online. */
  retryNow(): void {
    if (this.#run !== undefined) {
      this.#reflector.retryNow();
    }
  }

  /**
   * Whether somebody looks. A visible source is shown as stale at the latest 20 s after it fell silent, a hidden one
   * after 90 s; before that it is asked for a sign of life.
   */
  setVisible(isVisible: boolean): void {
    this.#reflector.setVisible(isVisible);
  }

  /** Stops, and tells nobody anything any more. */
  dispose(): void {
    this.stop();
    this.#isDisposed = true;
    this.#status.dispose();
  }
}
