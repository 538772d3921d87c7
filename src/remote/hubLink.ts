import type { Backoff } from '../base/backoff';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import { fnv1a } from '../base/fnv1a';
import { scopedLogger, type Logger } from '../base/logger';
import type { Random } from '../base/random';
import { HubClient } from '../client/hubClient';
import type { SourceDefinition } from '../hub/source';
import { closeReason } from '../protocol/closeReason';
import { ProblemError, type Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import type { RequestParams } from '../protocol/requests';
import type { SourceStatus } from '../protocol/sourceState';
import { ConnectionManager } from '../transport/connectionManager';
import { connectionBackoff, type ConnectionSettings } from '../transport/connectionSettings';
import type { ConnectionState } from '../transport/connectionState';
import type { Credentials } from '../transport/credentials';
import type { HttpFetch } from '../transport/web/httpFetch';
import { HubHttp } from '../transport/web/hubHttp';
import { pollingRoute } from '../transport/web/pollingChannel';
import type { OpenSocket } from '../transport/web/socket';
import { sseRoute } from '../transport/web/sseChannel';
import { webSocketRoute } from '../transport/web/webSocketChannel';
import { routeOf } from './connectionStates';
import { HubFeed, type HubFeedHost } from './hubFeed';
import type { HubFollower } from './hubFollower';
import { RelayedFetches } from './relayedFetch';

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
  /** What stands for the hub that follows this one, where others may follow it: what leads back to it is left out. */
  readonly self?: string;
}

/** Every source of a hub tells of itself, and every persona of those that are followed. */
const PATTERNS = ['cluster.*.*', 'connection.*'];
/** More rows than anybody reads; what a hub has beyond is left out, and logged. */
const MAX_SOURCES = 5_000;
/** Longer rows of hubs than anybody sets up. */
const MAX_HUBS = 16;
/** A hub that could not say what it has is asked again. */
const LIST_AGAIN_MS = 5_000;

/** Something that was not listed is listed no sooner than this after the last list: a hub may speak of what it never lists. */
const LISTS_APART_MS = 3_000;

/** A connection that is kept alive and on which nobody says `hello` is given up after this, beside the client's own patience. */
const SILENCE_MS = 30_000;

/** A source of the hub, as it was listed. */
interface Listed {
  readonly label: string;
  /** The hub, and those through which it follows the source. */
  readonly hubs: readonly string[];
}

/** One hub: a connection that all feeds of its sources share, and which sources it has. */
export class HubLink implements HubFollower, HubFeedHost {
  readonly kind = 'hub';
  readonly #options: HubLinkOptions;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #listAgain = this.#owned.add(new DisposableStore());
  readonly #silence = this.#owned.add(new DisposableStore());
  readonly #retry = this.#owned.add(new DisposableStore());
  readonly #backoff: Backoff;
  readonly #manager: ConnectionManager;
  readonly #client: HubClient;
  readonly #fetches: RelayedFetches;
  readonly #feeds = new Map<string, HubFeed>();
  readonly #asking = new Set<HubFeed>();
  readonly #stateChanged: Emitter<ConnectionState>;
  readonly #sourcesChanged: Emitter<readonly SourceDefinition[]>;
  readonly #listed: Emitter<number>;
  /** Of the connection that is open; aborted when it is lost. */
  #connection: AbortController | undefined;
  /** Why it is not followed though it answers. */
  #refused: Problem | undefined;
  /** It said no `hello`, and is tried again after a while, or at this moment; undefined once it does, or the user asks. */
  #waiting: Extract<ConnectionState, { readonly type: 'reconnecting' }> | undefined;
  #known: ReadonlyMap<string, Listed> = new Map();
  /** Everything that the hub listed, also what is left out: another list would say no more of it. */
  #listedIds: ReadonlySet<string> = new Set();
  /** When it was asked last what it has, by the monotonic clock. */
  #askedToListMs = Number.NEGATIVE_INFINITY;
  /** Sources that were left out when it was said last. */
  #leftOut = 0;
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
    this.#backoff = connectionBackoff(settings, options.random);
    const socketUrl = `${url.replace(/^http/, 'ws')}/api/v1/ws`;
    this.#manager = new ConnectionManager({
      ...options,
      logger,
      routes: [
        webSocketRoute({ url: socketUrl, openSocket, clock, logger, credentials, settings }),
        sseRoute({ baseUrl: url, fetch, clock, logger, credentials }),
        pollingRoute({
          ...options,
          baseUrl: url,
          logger,
          get pollMs() {
            return settings.pollMs;
          },
        }),
      ],
    });
    this.#client = this.#owned.add(new HubClient(this.#manager, clock, onListenerError));
    this.#fetches = new RelayedFetches({
      clock,
      http: new HubHttp({ ...options, baseUrl: url }),
      route: () => routeOf(this.state)?.type,
      ask: (method, params, signal) => {
        const connection = this.#connection;
        return connection === undefined
          ? Promise.reject(new ProblemError({ code: 'unreachable', detail: 'the hub is not connected' }))
          : this.#client.request(method, params, AbortSignal.any([connection.signal, signal]));
      },
    });
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
    this.#owned.add(options.onAwake(() => this.#tryAnew()));
  }

  /** `open` once the hub answers in this version of the protocol. */
  get state(): ConnectionState {
    const { state } = this.#manager;
    if (this.#refused !== undefined && (state.type === 'idle' || state.type === 'open')) {
      return { type: 'failed', problem: this.#refused };
    }
    switch (state.type) {
      case 'idle':
      case 'connecting':
        return this.#waiting ?? state;
      case 'open':
        return this.#client.state.type === 'open' ? state : (this.#waiting ?? { type: 'connecting' });
      case 'reconnecting':
      case 'unauthorized':
      case 'forbidden':
      case 'failed':
        return state;
      default:
        return state satisfies never;
    }
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
    if (this.#waiting !== undefined) {
      this.#tryAnew();
      this.#waiting = undefined;
      this.#stateChanged.fire(this.state);
    }
    if (this.state.type === 'failed' && this.#manager.state.type === 'idle') {
      this.#manager.start();
    }
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
    this.#refused =
      state.type === 'incompatible'
        ? { code: 'unknownMessage', detail: `the hub speaks version ${state.version} of the protocol` }
        : undefined;
    this.#silence.clear();
    if (state.type === 'silent') {
      this.#silence.add(this.#options.clock.schedule(SILENCE_MS, () => this.#giveUp()));
    }
    if (state.type === 'open') {
      this.#backoff.reset();
      this.#waiting = undefined;
      this.#connection = new AbortController();
      void this.#list();
    }
    this.#stateChanged.fire(this.state);
  }

  /** The connection is alive, so that nobody else ends it; what it leads to may be stuck, and another one may lead elsewhere. */
  #giveUp(): void {
    const { clock } = this.#options;
    const { problem } = closeReason('silent', 'it keeps the connection, and answers nothing');
    this.#logger.warn(`It is connected anew after a while: ${problem.detail}`);
    const waitMs = this.#backoff.nextMs();
    const retryAt = clock.now() + waitMs;
    this.#retry.add(clock.schedule(waitMs, () => this.#tryAnew()));
    this.#waiting = { type: 'reconnecting', attempt: this.#backoff.attempt, retryAt, problem };
    this.#manager.stop();
  }

  #tryAnew(): void {
    if (this.#waiting !== undefined && this.#manager.state.type === 'idle') {
      this.#retry.clear();
      this.#manager.start();
    }
  }

  #allChanged(): void {
    void this.#list();
    for (const feed of this.#feeds.values()) {
      feed.changed(true);
    }
  }

  #sourceChanged(id: string): void {
    this.#feeds.get(id)?.changed(false);
    if (!this.#listedIds.has(id)) {
      this.#listSoon();
    }
  }

  /** However often it is called, and never without a list afterwards. */
  #listSoon(): void {
    const { clock } = this.#options;
    const waitMs = this.#askedToListMs + LISTS_APART_MS - clock.monotonic();
    if (waitMs <= 0) {
      void this.#list();
    } else {
      this.#listAgain.clear();
      this.#listAgain.add(clock.schedule(waitMs, () => void this.#list()));
    }
  }

  async #list(): Promise<void> {
    this.#isListWanted = true;
    if (this.#isListing) {
      return;
    }
    this.#isListing = true;
    this.#listAgain.clear();
    while (this.#isListWanted && this.#connection !== undefined) {
      this.#isListWanted = false;
      this.#askedToListMs = this.#options.clock.monotonic();
      const { signal } = this.#connection;
      try {
        const { sources, hub } = await this.#client.request('sources.list', {}, signal);
        if (!signal.aborted) {
          this.#has(sources, hub);
        }
      } catch (error) {
        if (!signal.aborted) {
          this.#logger.warn(`Its clusters could not be listed: ${problemFromError(error).detail}`);
          this.#listAgain.clear();
          this.#listAgain.add(this.#options.clock.schedule(LIST_AGAIN_MS, () => void this.#list()));
        }
      }
    }
    this.#isListing = false;
  }

  #has(sources: readonly SourceStatus[], hub: string | undefined): void {
    const { self } = this.#options;
    if (self !== undefined && hub === self) {
      this.#refuseItself();
      return;
    }
    const listed = sources.map(({ source, label, hubs = [] }) => ({
      source,
      label,
      hubs: [...(hub === undefined ? [] : [hub]), ...hubs],
    }));
    const straight = listed.filter(
      ({ hubs }) => hubs.length <= MAX_HUBS && (self === undefined || !hubs.includes(self)),
    );
    this.#warnOfLoops(listed.length - straight.length);
    if (straight.length > MAX_SOURCES) {
      this.#logger.warn(`It has ${straight.length} clusters, of which ${MAX_SOURCES} are shown`);
    }
    const known = new Map(straight.slice(0, MAX_SOURCES).map(({ source, ...rest }) => [source, rest]));
    const before = this.#known;
    this.#known = known;
    this.#listedIds = new Set(sources.map(({ source }) => source));
    this.#listed.fire(known.size);
    const isSame =
      known.size === before.size && [...known].every(([id, { label }]) => before.get(id)?.label === label);
    if (!isSame) {
      this.#sourcesChanged.fire([...known].map(([id, { label }]) => this.#definition(id, label)));
    }
  }

  #refuseItself(): void {
    this.#logger.error('It is this hub itself, and is not followed');
    this.#manager.stop();
    this.#refused = { code: 'badRequest', detail: 'it is this hub itself: a hub cannot follow itself' };
    this.#stateChanged.fire(this.state);
  }

  /** Said once for as long as it is the same number. */
  #warnOfLoops(count: number): void {
    if (count !== this.#leftOut && count > 0) {
      this.#logger.warn(
        `${count} of its clusters are left out: they come from this hub itself, or through too many others`,
      );
    }
    this.#leftOut = count;
  }

  #definition(source: string, label: string): SourceDefinition {
    return {
      // Whoever runs a hub can find ids that have the hash of another source. Browsers have no better hash without a wait, and all
      // that comes of it is that the later one of the two is left out: no source takes the place of another.
      id: fnv1a(JSON.stringify([this.#options.url, source])),
      kind: 'hub',
      label,
      place: this.#options.label,
      through: () => this.#known.get(source)?.hubs ?? [],
      open: () =>
        Promise.resolve({
          feed: (logger: Logger) => {
            const feed = new HubFeed({ host: this, source, clock: this.#options.clock, logger });
            this.#feeds.set(source, feed);
            return feed;
          },
          fetch: this.#fetches.of(source),
          dispose: () => {},
        }),
    };
  }

  async #objects(params: RequestParams<'clusters.objects'>, signal: AbortSignal) {
    const answer = await this.#client.request('clusters.objects', params, signal);
    const { self } = this.#options;
    if (self !== undefined && answer.status.hubs?.includes(self) === true) {
      // It was no loop when it was listed.
      this.#listSoon();
    }
    return answer;
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
      const hasMore = await feed.pull((params, signal) => this.#objects(params, signal), connection.signal);
      if (hasMore) {
        this.#asking.add(feed);
      }
    }
    this.#isPulling = false;
  }
}
