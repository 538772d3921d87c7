import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import { millisecondsSince, wallTimeOf, type Instant } from '../base/instant';
import type { KubeObject } from '../base/kubeObject';
import type { Logger } from '../base/logger';
import { isSameJson } from '../base/sameJson';
import type { PersonaFeed } from '../hub/personaFeed';
import { Delivery, type InformerHandler } from '../informer/delivery';
import { InformerStatus } from '../informer/informerStatus';
import { Store, type Delta, type ReadonlyStore } from '../informer/store';
import { TimeSlice } from '../informer/timeSlice';
import type { Problem } from '../protocol/problem';
import type { ProofOfLife, SourceRoute, SourceState } from '../protocol/sourceState';
import type { ConnectionState } from '../transport/connectionState';
import type { CompatCluster } from '../transport/web/compatConnection';
import { routeOf, stateOfConnection } from './connectionStates';

/** The connection to a platform, as its feed sees it. */
export interface PlatformFeedHost {
  readonly state: ConnectionState;
  readonly onStateChanged: Event<ConnectionState>;
  /** How old what was listed may be before it counts as stale, in milliseconds. */
  readonly staleMs: number;
  readonly isVisible: boolean;
  setVisible(isVisible: boolean): void;
  retryNow(): void;
  /** The last list had something else than was held. */
  wasDifferent(): void;
  left(feed: PlatformFeed): void;
}

export interface PlatformFeedOptions {
  readonly host: PlatformFeedHost;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is to be done, one after the other. */
type News =
  | { readonly type: 'listed'; readonly clusters: readonly CompatCluster[]; readonly askedAt: Instant }
  | { readonly type: 'changed'; readonly cluster: CompatCluster }
  | { readonly type: 'deleted'; readonly name: string };

/**
 * The clusters of a platform that knows no replay and drops notifications: what is held is true as of the last list, and a
 * notification only makes it younger in part. Its objects have neither uid nor ResourceVersion, so that they are compared.
 */
export class PlatformFeed implements PersonaFeed {
  readonly #options: PlatformFeedOptions;
  readonly #owned = new DisposableStore();
  readonly #timer = this.#owned.add(new DisposableStore());
  readonly #store = new Store();
  readonly #status: InformerStatus;
  readonly #delivery: Delivery;
  readonly #abort = new AbortController();
  #news: News[] = [];
  #isWorking = false;
  #isStarted = false;
  /** When the list that is held was asked for; undefined before the first. */
  #proven: Instant | undefined;
  /** Numbers the contents of objects, in place of ResourceVersions. */
  #version = 0;

  constructor(options: PlatformFeedOptions) {
    this.#options = options;
    this.#status = this.#owned.add(new InformerStatus(options.logger));
    this.#delivery = new Delivery(options.clock, options.logger);
    this.#owned.add({ dispose: () => this.#abort.abort(new Error('the source was disconnected')) });
    this.#owned.add({ dispose: () => options.host.left(this) });
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

  /** A platform tells of no versions. */
  get resourceVersion(): undefined {
    return undefined;
  }

  get toldVersion(): undefined {
    return undefined;
  }

  get clusterUid(): undefined {
    return undefined;
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
    this.#options.host.retryNow();
  }

  setVisible(isVisible: boolean): void {
    this.#options.host.setVisible(isVisible);
    this.#show();
  }

  /** All that the platform had at `askedAt`. */
  listed(clusters: readonly CompatCluster[], askedAt: Instant): void {
    this.#take({ type: 'listed', clusters, askedAt });
  }

  changed(cluster: CompatCluster): void {
    this.#take({ type: 'changed', cluster });
  }

  deleted(name: string): void {
    this.#take({ type: 'deleted', name });
  }

  dispose(): void {
    this.#delivery.turnOff();
    this.#owned.dispose();
  }

  #connectionChanged(state: ConnectionState): void {
    const { clock } = this.#options;
    if (state.type !== 'open') {
      this.#status.watching(undefined);
    } else if (state.route !== 'polling' && this.#status.watchOpenedAt === undefined) {
      this.#status.watching(clock.now());
    }
    this.#show();
    if ('problem' in state && state.type !== 'open') {
      this.#status.attemptFailed.fire(state.problem);
    }
  }

  #take(news: News): void {
    if (this.#owned.isDisposed) {
      return;
    }
    this.#news.push(news);
    if (!this.#isWorking) {
      void this.#work();
    }
  }

  async #work(): Promise<void> {
    const { signal } = this.#abort;
    this.#isWorking = true;
    try {
      for (let news = this.#news.shift(); news !== undefined; news = this.#news.shift()) {
        await this.#apply(news, signal);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#options.logger.error('What a platform told could not be taken over', error);
      }
    }
    this.#isWorking = false;
  }

  async #apply(news: News, signal: AbortSignal): Promise<void> {
    const deltas = await this.#deltas(news, signal);
    this.#delivery.enqueue(deltas);
    if (news.type === 'listed') {
      if (deltas.length > 0 && this.#status.generation > 0) {
        this.#options.host.wasDifferent();
      }
      this.#status.listed();
      this.#proven = news.askedAt;
      this.#status.provenAt(news.askedAt.wallMs, 'list');
    }
    await this.#delivery.drain(signal);
    signal.throwIfAborted();
    this.#show();
  }

  async #deltas(news: News, signal: AbortSignal): Promise<Delta[]> {
    switch (news.type) {
      case 'listed': {
        const slice = new TimeSlice(this.#options.clock);
        const objects: KubeObject[] = [];
        for (const cluster of news.clusters) {
          if (cluster.name !== '') {
            objects.push(this.#objectOf(cluster));
          }
          if (slice.isSpent) {
            await slice.yield(signal);
          }
        }
        return this.#store.replace(objects);
      }
      case 'changed':
        return news.cluster.name === '' ? [] : this.#store.put(this.#objectOf(news.cluster), 'observed');
      case 'deleted': {
        const last = this.#store.get(news.name);
        return last === undefined ? [] : this.#store.delete(last, 'observed');
      }
      default:
        return news satisfies never;
    }
  }

  /** The object that is held where it says the same: a platform announces everything again and again. */
  #objectOf({ name, spec, status }: CompatCluster): KubeObject {
    const held = this.#store.get(name);
    const isSame =
      held !== undefined &&
      isSameJson(held['spec'], spec ?? undefined) &&
      isSameJson(held['status'], status ?? undefined);
    if (isSame) {
      return held;
    }
    this.#version += 1;
    return {
      metadata: { name, resourceVersion: String(this.#version) },
      ...(spec === undefined || spec === null ? {} : { spec }),
      ...(status === undefined || status === null ? {} : { status }),
    };
  }

  /** And again when what is held becomes stale. */
  #show(): void {
    this.#timer.clear();
    if (!this.#isStarted || this.#owned.isDisposed) {
      return;
    }
    const { host, clock } = this.#options;
    const { asOf } = this;
    const { state } = host;
    if (state.type !== 'open') {
      this.#status.changeTo(stateOfConnection(state, asOf));
      return;
    }
    if (asOf === undefined || this.#proven === undefined) {
      this.#status.changeTo({ type: 'connecting' });
      return;
    }
    const leftMs = host.staleMs - millisecondsSince(this.#proven, clock);
    if (leftMs <= 0) {
      this.#status.changeTo({ type: 'stale', since: asOf });
    } else {
      this.#status.changeTo({ type: 'live' });
      this.#timer.add(clock.schedule(Math.ceil(leftMs), () => this.#show()));
    }
  }
}
