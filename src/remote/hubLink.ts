import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import { fnv1a } from '../base/fnv1a';
import { scopedLogger, type Logger } from '../base/logger';
import type { Random } from '../base/random';
import { HubClient } from '../client/hubClient';
import type { SourceDefinition } from '../hub/source';
import { ProblemError, type Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import type { SourceStatus } from '../protocol/sourceState';
import { ConnectionManager } from '../transport/connectionManager';
import type { ConnectionSettings } from '../transport/connectionSettings';
import type { ConnectionState } from '../transport/connectionState';
import type { Credentials } from '../transport/credentials';
import type { HttpFetch } from '../transport/web/httpFetch';
import { pollingRoute } from '../transport/web/pollingChannel';
import type { OpenSocket } from '../transport/web/socket';
import { sseRoute } from '../transport/web/sseChannel';
import { webSocketRoute } from '../transport/web/webSocketChannel';
import { HubFeed, type HubFeedHost } from './hubFeed';

export interface HubLinkOptions {
  /** As `parseHubUrl` has it. */
  readonly url: string;
  readonly label: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly settings: ConnectionSettings;
  readonly openSocket: OpenSocket;
  readonly fetch: HttpFetch;
  readonly credentials: Credentials;
  /** The machine woke, or a network came. */
  readonly onAwake: Event<void>;
}

/** Every source of a hub tells of itself, and every persona of those that are followed. */
const PATTERNS = ['cluster.*.*', 'connection.*'];
/** More rows than anybody reads; what a hub has beyond is left out, and logged. */
const MAX_SOURCES = 5_000;

/** One hub: a connection that all feeds of its sources share, and which sources it has. */
export class HubLink implements HubFeedHost, Disposable {
  readonly #options: HubLinkOptions;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #manager: ConnectionManager;
  readonly #client: HubClient;
  readonly #feeds = new Map<string, HubFeed>();
  readonly #asking = new Set<HubFeed>();
  readonly #stateChanged: Emitter<ConnectionState>;
  readonly #sourcesChanged: Emitter<readonly SourceDefinition[]>;
  readonly #listed: Emitter<number>;
  /** Of the connection that is open; aborted when it is lost. */
  #connection: AbortController | undefined;
  #incompatible: Problem | undefined;
  #known: ReadonlyMap<string, string> = new Map();
  #isPulling = false;
  #isListing = false;
  #isListWanted = false;

  constructor(options: HubLinkOptions) {
    this.#options = options;
    const { url, label, clock, openSocket, fetch, credentials, settings } = options;
    this.#logger = scopedLogger(options.logger, label);
    const logger = this.#logger;
    const onListenerError = (error: unknown): void => logger.error('A listener failed', error);
    this.#stateChanged = new Emitter(onListenerError);
    this.#sourcesChanged = new Emitter(onListenerError);
    this.#listed = new Emitter(onListenerError);
    const socketUrl = `${url.replace(/^http/, 'ws')}/api/v1/ws`;
    this.#manager = new ConnectionManager({
      ...options,
      logger,
      routes: [
        webSocketRoute({ url: socketUrl, openSocket, clock, logger, credentials }),
        sseRoute({ baseUrl: url, fetch, clock, logger, credentials }),
        pollingRoute({ baseUrl: url, fetch, clock, logger, credentials, pollMs: settings.pollMs }),
      ],
    });
    this.#client = this.#owned.add(new HubClient(this.#manager, clock, onListenerError));
    this.#owned.add({ dispose: () => this.#end() });
    this.#client.subscribe(PATTERNS);
    this.#owned.add(this.#client.onStateChange(() => this.#clientChanged()));
    this.#owned.add(this.#client.onRecovered(() => this.#allChanged()));
    this.#owned.add(
      this.#client.onEvents((events) => {
        for (const { data } of events) {
          if ('source' in data) {
            this.#sourceChanged(data.source);
          }
        }
      }),
    );
    this.#owned.add(this.#manager.onStateChanged(() => this.#stateChanged.fire(this.state)));
  }

  get url(): string {
    return this.#options.url;
  }

  get label(): string {
    return this.#options.label;
  }

  /** `open` once the hub answers in this version of the protocol. */
  get state(): ConnectionState {
    const { state } = this.#manager;
    if (state.type !== 'open' || this.#client.state.type === 'open') {
      return state;
    }
    return this.#incompatible === undefined
      ? { type: 'connecting' }
      : { type: 'failed', problem: this.#incompatible };
  }

  get onStateChanged(): Event<ConnectionState> {
    return this.#stateChanged.event;
  }

  /** All sources that the hub has now, whenever there are others; what it had before it was lost stays. */
  get onSourcesChanged(): Event<readonly SourceDefinition[]> {
    return this.#sourcesChanged.event;
  }

  /** The hub said how many sources it has. */
  get onListed(): Event<number> {
    return this.#listed.event;
  }

  /** Begins to keep a connection. */
  start(): void {
    this.#client.connect();
    this.#manager.start();
  }

  retryNow(): void {
    this.#manager.retryNow();
  }

  ask(feed: HubFeed): void {
    this.#asking.add(feed);
    void this.#pull();
  }

  missing(): void {
    void this.#list();
  }

  left(feed: HubFeed): void {
    this.#asking.delete(feed);
    if (this.#feeds.get(feed.source) === feed) {
      this.#feeds.delete(feed.source);
    }
  }

  dispose(): void {
    this.#owned.dispose();
    this.#stateChanged.dispose();
    this.#sourcesChanged.dispose();
    this.#listed.dispose();
  }

  #end(): void {
    this.#connection?.abort(new ProblemError({ code: 'closed', detail: 'the hub was removed' }));
    this.#connection = undefined;
    this.#asking.clear();
  }

  #clientChanged(): void {
    const { state } = this.#client;
    this.#connection?.abort(new ProblemError({ code: 'closed', detail: 'the connection was lost' }));
    this.#connection = undefined;
    this.#incompatible =
      state.type === 'incompatible'
        ? { code: 'unknownMessage', detail: `the hub speaks version ${state.version} of the protocol` }
        : undefined;
    if (state.type === 'open') {
      this.#connection = new AbortController();
      void this.#list();
    }
    this.#stateChanged.fire(this.state);
  }

  #allChanged(): void {
    void this.#list();
    for (const feed of this.#feeds.values()) {
      feed.changed(true);
    }
  }

  #sourceChanged(id: string): void {
    this.#feeds.get(id)?.changed(false);
    if (!this.#known.has(id)) {
      void this.#list();
    }
  }

  async #list(): Promise<void> {
    this.#isListWanted = true;
    if (this.#isListing) {
      return;
    }
    this.#isListing = true;
    while (this.#isListWanted && this.#connection !== undefined) {
      this.#isListWanted = false;
      const { signal } = this.#connection;
      try {
        const { sources } = await this.#client.request('sources.list', {}, signal);
        if (!signal.aborted) {
          this.#has(sources);
        }
      } catch (error) {
        if (!signal.aborted) {
          this.#logger.warn(`Its clusters could not be listed: ${problemFromError(error).detail}`);
        }
      }
    }
    this.#isListing = false;
  }

  #has(sources: readonly SourceStatus[]): void {
    if (sources.length > MAX_SOURCES) {
      this.#logger.warn(`It has ${sources.length} clusters, of which ${MAX_SOURCES} are shown`);
    }
    const known = new Map(sources.slice(0, MAX_SOURCES).map(({ source, label }) => [source, label]));
    this.#listed.fire(known.size);
    const isSame =
      known.size === this.#known.size && [...known].every(([id, label]) => this.#known.get(id) === label);
    this.#known = known;
    if (!isSame) {
      this.#sourcesChanged.fire([...known].map(([id, label]) => this.#definition(id, label)));
    }
  }

  #definition(source: string, label: string): SourceDefinition {
    return {
      id: fnv1a(JSON.stringify([this.#options.url, source])),
      kind: 'hub',
      label,
      place: this.#options.label,
      open: () =>
        Promise.resolve({
          feed: (logger: Logger) => {
            const feed = new HubFeed({ host: this, source, clock: this.#options.clock, logger });
            this.#feeds.set(source, feed);
            return feed;
          },
          dispose: () => {},
        }),
    };
  }

  /** One feed after the other: a thousand sources are not a thousand requests at once. */
  async #pull(): Promise<void> {
    if (this.#isPulling) {
      return;
    }
    this.#isPulling = true;
    for (;;) {
      const [feed] = this.#asking;
      const connection = this.#connection;
      if (feed === undefined || connection === undefined) {
        break;
      }
      this.#asking.delete(feed);
      const hasMore = await feed.pull(
        (params, signal) => this.#client.request('clusters.objects', params, signal),
        connection.signal,
      );
      if (hasMore) {
        this.#asking.add(feed);
      }
    }
    this.#isPulling = false;
  }
}
