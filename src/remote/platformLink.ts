import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import { fnv1a } from '../base/fnv1a';
import type { Instant } from '../base/instant';
import { scopedLogger, type Logger } from '../base/logger';
import type { SourceDefinition } from '../hub/source';
import type { ConnectionState } from '../transport/connectionState';
import { CompatClient } from '../transport/web/compatClient';
import type { CompatCluster } from '../transport/web/compatConnection';
import type { HubFollower } from './hubFollower';
import type { HubLinkOptions } from './hubLink';
import { PlatformFeed, type PlatformFeedHost } from './platformFeed';

/** Notifications may have been dropped where nobody noticed: everything is asked again this often while somebody looks. */
const VISIBLE_RESYNC_MS = 30_000;
const HIDDEN_RESYNC_MS = 300_000;
/** Beyond two and a half of these nothing was heard of a list that was due. */
const STALE_IN_RESYNCS = 2.5;

/** A platform that knows its own interface alone, as one source. */
export class PlatformLink implements HubFollower, PlatformFeedHost {
  readonly kind = 'platform';
  readonly #options: HubLinkOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #client: CompatClient;
  readonly #sourcesChanged: Emitter<readonly SourceDefinition[]>;
  readonly #listed: Emitter<number>;
  #feed: PlatformFeed | undefined;
  /** When the list was asked for that counted last, by the monotonic clock. */
  #listedAtMs = Number.NEGATIVE_INFINITY;
  #isVisible = false;

  constructor(options: HubLinkOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = scopedLogger(options.logger, options.label);
    const onListenerError = (error: unknown): void => this.#logger.error('A listener failed', error);
    this.#sourcesChanged = this.#owned.add(new Emitter(onListenerError));
    this.#listed = this.#owned.add(new Emitter(onListenerError));
    this.#client = this.#owned.add(
      new CompatClient({
        ...options,
        baseUrl: options.url,
        logger: this.#logger,
        resyncMs: () => this.#resyncMs,
        listener: {
          listed: (clusters, askedAt) => this.#has(clusters, askedAt),
          changed: (cluster) => this.#feed?.changed(cluster),
          deleted: (name) => this.#feed?.deleted(name),
        },
      }),
    );
  }

  get state(): ConnectionState {
    return this.#client.state;
  }

  get onStateChanged(): Event<ConnectionState> {
    return this.#client.onStateChanged;
  }

  get onSourcesChanged(): Event<readonly SourceDefinition[]> {
    return this.#sourcesChanged.event;
  }

  get onListed(): Event<number> {
    return this.#listed.event;
  }

  get staleMs(): number {
    const { state } = this;
    const isPolled = state.type === 'open' && state.route === 'polling';
    return STALE_IN_RESYNCS * (isPolled ? this.#options.settings.pollMs : this.#resyncMs);
  }

  get isVisible(): boolean {
    return this.#isVisible;
  }

  start(): void {
    this.#client.start();
    this.#sourcesChanged.fire([this.#definition()]);
  }

  retryNow(): void {
    this.#client.retryNow();
  }

  setVisible(isVisible: boolean): void {
    const wasVisible = this.#isVisible;
    this.#isVisible = isVisible;
    if (isVisible && !wasVisible) {
      // The next list is planned as if nobody looked, which would let what is held become stale before it.
      this.#client.listWithin(VISIBLE_RESYNC_MS);
    }
  }

  wasDifferent(): void {
    this.#client.wasDifferent();
  }

  left(feed: PlatformFeed): void {
    if (this.#feed === feed) {
      this.#feed = undefined;
      this.#isVisible = false;
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  get #resyncMs(): number {
    return this.#isVisible ? VISIBLE_RESYNC_MS : HIDDEN_RESYNC_MS;
  }

  #has(clusters: readonly CompatCluster[], askedAt: Instant): void {
    if (askedAt.monotonicMs < this.#listedAtMs) {
      // Of another connection, which was slower: what is held is true as of a later moment.
      return;
    }
    this.#listedAtMs = askedAt.monotonicMs;
    this.#feed?.listed(clusters, askedAt);
    this.#listed.fire(clusters.length);
  }

  #definition(): SourceDefinition {
    const { url, label } = this.#options;
    return {
      place: label,
      id: fnv1a(JSON.stringify([url])),
      kind: 'hub',
      // It has no name for what it tells of.
      label: 'platform',
      open: () =>
        Promise.resolve({
          feed: (logger: Logger) => {
            const feed = new PlatformFeed({ host: this, clock: this.#clock, logger });
            this.#feed = feed;
            // What was listed before is not kept.
            this.#client.listWithin(0);
            return feed;
          },
          dispose: () => {},
        }),
    };
  }
}
