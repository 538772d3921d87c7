import type { Clock } from '../../../src/base/clock';
import { DisposableStore, type Disposable } from '../../../src/base/disposable';
import type { Event } from '../../../src/base/emitter';
import type { Logger } from '../../../src/base/logger';
import type { Random } from '../../../src/base/random';
import { HubClient } from '../../../src/client/hubClient';
import type { NextFrame } from '../../../src/client/nextFrame';
import type { Problem } from '../../../src/protocol/problem';
import type { SourceState } from '../../../src/protocol/sourceState';
import { ConnectionManager } from '../../../src/transport/connectionManager';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import type { ConnectionState } from '../../../src/transport/connectionState';
import type { Credentials } from '../../../src/transport/credentials';
import type { HttpFetch } from '../../../src/transport/web/httpFetch';
import type { OpenSocket } from '../../../src/transport/web/socket';
import { sseRoute } from '../../../src/transport/web/sseChannel';
import { webSocketRoute } from '../../../src/transport/web/webSocketChannel';
import type { Outage } from '../viewHost';

export interface HubSessionOptions {
  /** The hub's address, `http:` or `https:`, without a slash at its end. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** For WebSockets, and for requests. */
  readonly credentials: Credentials & { readonly forRequests: Credentials };
  readonly fetch: HttpFetch;
  readonly openSocket: OpenSocket;
  readonly nextFrame: NextFrame;
  /** The machine woke, a network came, or somebody looks again. */
  readonly onAwake: Event<void>;
}

const CLOSED: Problem = { code: 'closed', detail: 'the connection was lost' };

/** The way to the hub that a page came from: a client over a connection that is kept alive, and how that stands. */
export class HubSession implements Disposable {
  readonly client: HubClient;
  readonly #clock: Clock;
  readonly #owned = new DisposableStore();
  readonly #manager: ConnectionManager;
  readonly #listeners = new Set<() => void>();
  #state: ConnectionState = { type: 'idle' };
  #outage: Outage | undefined;
  #wasOpen = false;

  constructor(options: HubSessionOptions) {
    const { baseUrl, clock, logger, openSocket, fetch, credentials, nextFrame } = options;
    this.#clock = clock;
    const url = `${baseUrl.replace(/^http/, 'ws')}/api/v1/ws`;
    this.#manager = new ConnectionManager({
      ...options,
      settings: DEFAULT_CONNECTION_SETTINGS,
      routes: [
        webSocketRoute({ url, openSocket, clock, logger, credentials }),
        sseRoute({ baseUrl, fetch, clock, logger, credentials: credentials.forRequests }),
      ],
    });
    const onListenerError = (error: unknown): void => logger.error('A listener failed', error);
    // It owns the connection that it speaks over.
    this.client = this.#owned.add(new HubClient(this.#manager, clock, onListenerError, nextFrame));
    this.#owned.add(this.client.onStateChange(() => this.#update()));
    this.#owned.add(this.#manager.onStateChanged(() => this.#update()));
  }

  /** `open` once the hub speaks with this page. The same object until `subscribe` tells. */
  readonly state = (): ConnectionState => this.#state;

  /** While the hub cannot be reached after it could be. The same object until `subscribe` tells. */
  readonly outage = (): Outage | undefined => this.#outage;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.client.connect();
    this.#manager.start();
  }

  /** Ends the connection, until it is started again. */
  stop(): void {
    this.#manager.stop();
  }

  retryNow(): void {
    this.#manager.retryNow();
  }

  dispose(): void {
    this.#listeners.clear();
    this.#owned.dispose();
  }

  #update(): void {
    this.#state = this.#stateNow();
    const isOpen = this.#state.type === 'open';
    this.#wasOpen ||= isOpen;
    this.#outage =
      isOpen || !this.#wasOpen
        ? undefined
        : { since: this.#outage?.since ?? this.#clock.now(), state: this.#sourceState() };
    for (const listener of this.#listeners) {
      listener();
    }
  }

  #stateNow(): ConnectionState {
    const { state } = this.#manager;
    if (state.type !== 'open' || this.client.state.type === 'open') {
      return state;
    }
    if (this.client.state.type !== 'incompatible') {
      return { type: 'connecting' };
    }
    const detail = `the hub speaks version ${this.client.state.version} of the protocol`;
    return { type: 'failed', problem: { code: 'unknownMessage', detail } };
  }

  #sourceState(): SourceState {
    switch (this.#state.type) {
      case 'reconnecting':
        return this.#state;
      case 'unauthorized':
      case 'forbidden':
      case 'failed':
        return { type: 'failed', problem: this.#state.problem };
      case 'idle':
      case 'connecting':
      case 'open': {
        const before = this.#outage?.state;
        return before?.type === 'reconnecting'
          ? { ...before, retryAt: this.#clock.now() }
          : { type: 'reconnecting', attempt: 1, retryAt: this.#clock.now(), problem: CLOSED };
      }
      default:
        return this.#state satisfies never;
    }
  }
}
