import type { Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Random } from '../../base/random';
import { ConnectionManager } from '../connectionManager';
import type { ConnectionSettings } from '../connectionSettings';
import type { ConnectionState } from '../connectionState';
import type { HubRoute } from '../hubConnection';
import type { Logger } from '../../base/logger';
import { CompatConnection, type CompatListener } from './compatConnection';
import { HubHttp, type HubHttpOptions } from './hubHttp';
import type { OpenSocket } from './socket';

export interface CompatClientOptions extends HubHttpOptions {
  readonly openSocket: OpenSocket;
  readonly random: Random;
  readonly logger: Logger;
  readonly settings: ConnectionSettings;
  readonly onAwake: Event<void>;
  readonly listener: CompatListener;
  /** How often everything is asked again beside notifications: some may have been dropped where nobody noticed. */
  readonly resyncMs: () => number;
}

/**
 * Follows a platform that knows the compatible interface alone: `/api/clusters` and the notifications of `/ws`, and where these
 * do not get through `/api/clusters` now and then. Its connection is kept as that to a hub is. Credentials, where there are any,
 * go along with what is asked over HTTP.
 */
export class CompatClient implements Disposable {
  readonly #manager: ConnectionManager;
  readonly #listWanted: Emitter<number>;
  readonly #different: Emitter<void>;

  constructor(options: CompatClientOptions) {
    const { baseUrl, openSocket, settings, logger } = options;
    const onListenerError = (error: unknown): void => logger.error('A connection failed', error);
    this.#listWanted = new Emitter(onListenerError);
    this.#different = new Emitter(onListenerError);
    const shared = {
      ...options,
      http: new HubHttp(options),
      onListWanted: this.#listWanted.event,
      onDifferent: this.#different.event,
    };
    const url = `${baseUrl.replace(/^http/i, 'ws')}/ws`;
    const notified: HubRoute = {
      kind: 'webSocket',
      maxMessageBytes: 0,
      connect: () => new CompatConnection({ ...shared, openSocket: () => openSocket(url) }),
    };
    const polled: HubRoute = {
      kind: 'polling',
      maxMessageBytes: 0,
      connect: () => {
        const { openSocket: _, ...rest } = shared;
        return new CompatConnection({ ...rest, resyncMs: () => settings.pollMs });
      },
    };
    this.#manager = new ConnectionManager({ ...options, routes: [notified, polled] });
  }

  get state(): ConnectionState {
    return this.#manager.state;
  }

  get onStateChanged(): Event<ConnectionState> {
    return this.#manager.onStateChanged;
  }

  /** See {@link ConnectionManager.start}. */
  start(): void {
    this.#manager.start();
  }

  /** See {@link ConnectionManager.stop}. What was told last may be wrong from now on. */
  stop(): void {
    this.#manager.stop();
  }

  /** See {@link ConnectionManager.retryNow}. */
  retryNow(): void {
    this.#manager.retryNow();
  }

  /**
   * Has everything asked again once `ms` have passed since it was asked last, and never later than otherwise; at once where they
   * have passed already. Of one list alone: how far the next ones are apart is asked for each of them.
   */
  listWithin(ms: number): void {
    this.#listWanted.fire(ms);
  }

  /** The last list had something else than was held before: notifications that get through would have said so. */
  wasDifferent(): void {
    this.#different.fire();
  }

  dispose(): void {
    this.#manager.dispose();
    this.#listWanted.dispose();
    this.#different.dispose();
  }
}
