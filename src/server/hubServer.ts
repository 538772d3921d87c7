import type { Server } from 'node:http';
import { delay, type Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { LoadMeter } from '../base/loadMeter';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import { Hub } from '../hub/hub';
import type { HubLogPorts } from '../hub/logs/hubLogs';
import { fixedSettings } from '../hub/hubSettings';
import type { SourceDefinition } from '../hub/source';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { connectionTimers } from '../transport/node/connectionTimers';
import { openDoor } from './auth/openDoor';
import { Tickets } from './auth/tickets';
import { CompatFace } from './compatFace';
import { ConnectionLimits } from './connectionLimits';
import { addHealthRoutes } from './healthRoutes';
import { HubCommands } from './hubCommands';
import { createHttpFace } from './httpFace';
import { openListener } from './listener';
import { OwnFace } from './ownFace';
import type { BuiltPage } from './page/builtPage';
import { addPageRoutes } from './page/pageRoutes';
import { addOpenApiRoute } from './openApiRoute';
import { ReadinessProbe, type Readiness } from './readiness';
import { RequestGuard } from './requestGuard';
import { RequestRates } from './requestRates';
import { addRestRoutes } from './restFace';
import { addLogRoute } from './logFace';
import { isLoopback, type ServerArguments } from './serverArguments';
import { ServerMetrics } from './serverMetrics';
import { SERVER_SETTINGS } from './serverSettings';
import { compatSourceOf } from './serverSources';
import { SseClients } from './sseClients';
import { StartError } from './startError';
import { addStreamRoute } from './streamFace';
import { addTicketRoute } from './ticketRoute';
import { Upgrades } from './upgrades';

export interface HubServerOptions extends HubLogPorts {
  readonly arguments: Omit<ServerArguments, 'sources' | 'hubs' | 'logFormat'>;
  readonly sources: readonly SourceDefinition[];
  /** Adds the clusters of other hubs, from the start on and whenever there are others. The result ends it. */
  readonly followHubs?: (hub: Hub) => Disposable;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly loadMeter: LoadMeter;
  /** The page for browsers; absent where none is served. */
  readonly page?: BuiltPage;
}

/** How long clients may take to go. */
const DRAIN_MS = 10_000;
const DRAIN_LOOK_MS = 50;
const GOODBYE = 'the hub is shutting down';

/** A hub that serves whoever connects: its own face, the compatible one, and what tells how it is doing. */
export class HubServer {
  readonly #options: HubServerOptions;
  readonly #owned = new DisposableStore();
  readonly #limits: ConnectionLimits;
  readonly #hub: Hub;
  readonly #own: OwnFace;
  readonly #compat: CompatFace;
  readonly #streams: SseClients;
  readonly #server: Server;
  #isStopping = false;

  private constructor(options: HubServerOptions, parts: Parts) {
    this.#options = options;
    this.#owned.add(parts.owned);
    this.#limits = parts.limits;
    this.#hub = parts.hub;
    this.#own = parts.own;
    this.#compat = parts.compat;
    this.#streams = parts.streams;
    this.#server = parts.server;
  }

  /** Resolves when it listens. Rejects with {@link StartError} where it cannot. */
  static async start(options: HubServerOptions): Promise<HubServer> {
    const owned = new DisposableStore();
    try {
      return await HubServer.#start(options, owned);
    } catch (error) {
      owned.dispose();
      throw error;
    }
  }

  static async #start(options: HubServerOptions, owned: DisposableStore): Promise<HubServer> {
    const { clock, random, logger, sources } = options;
    const { listen, tls, auth, allowedOrigins, compatSource, logSpill } = options.arguments;
    const { maxConnections, maxConnectionsPerPeer, maxRequestsPerPeer } = options.arguments;
    const settings = fixedSettings({
      ...SERVER_SETTINGS,
      logs: { ...SERVER_SETTINGS.logs, diskBytes: logSpill?.maxBytes ?? 0 },
    });
    const hub = owned.add(new Hub({ ...options, settings }));
    for (const source of sources) {
      hub.addSource(source);
    }
    const compatId = compatSourceOf(hub, compatSource);
    const listener = owned.add(await openListener({ tls, clock, logger }));
    const tickets = new Tickets(clock);
    const { doorkeeper, home, reviews, obstacle } = await openDoor({
      auth,
      hub,
      tickets,
      onClientCaChanged: listener.onClientCaChanged,
      isOutdated: listener.isOutdated,
      clock,
      random,
      logger,
      owned,
    });
    const guard = new RequestGuard({ isLoopback: isLoopback(listen.host), allowedOrigins });
    const limits = new ConnectionLimits({ total: maxConnections, perPeer: maxConnectionsPerPeer });
    const rates = new RequestRates(clock, maxRequestsPerPeer);
    const timers = owned.add(connectionTimers(clock));
    const commands = owned.add(new HubCommands({ hub, clock, logger }));
    const own = owned.add(new OwnFace({ hub, clock, timers, random, logger, doorkeeper, commands }));
    const compat = owned.add(
      new CompatFace({
        source: compatId === undefined ? undefined : hub.source(compatId),
        clock,
        timers,
        logger,
      }),
    );
    let made: HubServer | undefined;
    const isStopping = (): boolean => made?.isStopping === true;
    const streams = owned.add(new SseClients({ clock, random, logger, isStopping }));
    const metrics = owned.add(new ServerMetrics({ hub, own, compat, streams, limits, rates, reviews }));
    const { app, server, described } = createHttpFace({
      listener,
      guard,
      limits,
      rates,
      doorkeeper,
      logger,
    });
    const readiness = new ReadinessProbe(hub, obstacle);
    const look = (): Readiness => (isStopping() ? { isReady: false, reason: GOODBYE } : readiness.look());
    addHealthRoutes(app, { metrics, look, home });
    addOpenApiRoute(app, described, doorkeeper);
    if (doorkeeper.takesTokens) {
      addTicketRoute(app, tickets);
    }
    addRestRoutes(app, { hub, commands, clock });
    addStreamRoute(app, { hub, commands, clients: streams, clock, random, logger });
    addLogRoute(app, { hub, clients: streams, clock });
    if (options.page !== undefined) {
      addPageRoutes(app, options.page);
    }
    compat.addRoutes(app);
    limits.watch(server);
    new Upgrades({ guard, limits, rates, own, compat, doorkeeper, clock, logger, isStopping }).watch(server);
    for (const source of hub.sources()) {
      source.connect();
    }
    if (options.followHubs !== undefined) {
      owned.add(options.followHubs(hub));
    }
    await app.listen(listen).catch((error: unknown) => {
      throw new StartError(
        `cannot listen on ${listen.host}:${listen.port}: ${error instanceof Error ? error.message : ''}`,
      );
    });
    owned.add({ dispose: () => void app.close().catch(() => undefined) });
    made = new HubServer(options, { owned, limits, hub, own, compat, streams, server });
    return made;
  }

  /** Where it listens, e.g. `http://127.0.0.1:8787`. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('the server does not listen');
    }
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `${this.#options.arguments.tls === undefined ? 'http' : 'https'}://${host}:${address.port}`;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /**
   * Lets nobody new in, says goodbye to the clients and waits for them to go, for 10 s at most. Afterwards nothing of it is
   * left. May be called again.
   */
  async stop(): Promise<void> {
    if (this.#isStopping) {
      return;
    }
    this.#isStopping = true;
    const { clock, logger } = this.#options;
    const endAt = clock.monotonic() + DRAIN_MS;
    const clients = this.#own.clientCount + this.#compat.clientCount + this.#streams.count;
    logger.info(`Shutting down: ${clients} clients`);
    this.#own.sayGoodbye(GOODBYE);
    this.#streams.sayGoodbye(GOODBYE);
    this.#compat.closeAll(CLOSE_CODES.goingAway, GOODBYE);
    while (this.#limits.total > 0 && clock.monotonic() < endAt) {
      this.#server.closeIdleConnections();
      await delay(clock, DRAIN_LOOK_MS);
    }
    if (this.#limits.total > 0) {
      logger.warn(`${this.#limits.total} connections are cut off`);
    }
    this.#limits.cutAll();
    this.#owned.dispose();
    this.#hub.dispose();
  }
}

interface Parts {
  readonly owned: DisposableStore;
  readonly limits: ConnectionLimits;
  readonly hub: Hub;
  readonly own: OwnFace;
  readonly compat: CompatFace;
  readonly streams: SseClients;
  readonly server: Server;
}
