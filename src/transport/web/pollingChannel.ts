import { DisposableStore, toDisposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import { closeReason, type CloseReason } from '../../protocol/closeReason';
import { PROTOCOL_VERSION, type ClientMessage, type ServerMessage } from '../../protocol/messages';
import { problemFromError } from '../../protocol/problemFromError';
import { DEFAULT_REALTIME_LIMITS } from '../../protocol/realtimeLimits';
import { REQUESTS } from '../../protocol/requests';
import type { HubConnection, HubRoute } from '../hubConnection';
import { HttpRequests } from './httpRequests';
import { HubHttp, HubHttpError, type HubHttpOptions } from './hubHttp';

/** Nothing is sent but addresses. */
const MAX_MESSAGE_BYTES = 64 * 1024;

export interface PollingOptions extends HubHttpOptions {
  readonly logger: Logger;
  readonly pollMs: number;
}

/**
 * A hub reached by asking it now and then, where no connection gets through. It is open once the hub answered. Requests are put
 * to it over HTTP; no event is ever told, and instead, every `pollMs`, that everything has to be asked again. A poll that fails
 * ends it.
 */
export class PollingChannel implements HubConnection {
  readonly #options: PollingOptions;
  readonly #http: HubHttp;
  readonly #owned = new DisposableStore();
  readonly #timer = this.#owned.add(new DisposableStore());
  readonly #abort = new AbortController();
  readonly #message: Emitter<unknown>;
  readonly #open: Emitter<void>;
  readonly #accepted: Emitter<void>;
  readonly #close: Emitter<void>;
  readonly #requests: HttpRequests;
  #isOpen = false;
  #isEnded = false;
  #isPolling = false;
  #reason: CloseReason | undefined;

  constructor(options: PollingOptions) {
    this.#options = options;
    this.#http = new HubHttp(options);
    const onListenerError = (error: unknown): void =>
      options.logger.error('A listener of a connection failed', error);
    this.#message = new Emitter(onListenerError);
    this.#open = new Emitter(onListenerError);
    this.#accepted = new Emitter(onListenerError);
    this.#close = new Emitter(onListenerError);
    this.#requests = this.#owned.add(new HttpRequests(this.#http, (message) => this.#message.fire(message)));
    this.#owned.add(toDisposable(() => this.#abort.abort()));
    void this.#poll();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get closeReason(): CloseReason | undefined {
    return this.#reason;
  }

  get onMessage(): Event<unknown> {
    return this.#message.event;
  }

  get onOpen(): Event<void> {
    return this.#open.event;
  }

  get onAccepted(): Event<void> {
    return this.#accepted.event;
  }

  get onClose(): Event<void> {
    return this.#close.event;
  }

  send(message: ClientMessage): void {
    if (!this.#isOpen) {
      return;
    }
    switch (message.type) {
      case 'ready':
        this.#requests.withdrawAll();
        this.#tell({
          type: 'hello',
          version: PROTOCOL_VERSION,
          limits: DEFAULT_REALTIME_LIMITS,
          language: 'en',
          texts: {},
        });
        return;
      case 'request':
        this.#requests.ask(message);
        return;
      case 'cancel':
        this.#requests.cancel(message.id);
        return;
      case 'subscribe':
        if (message.cursors !== undefined) {
          this.#tell({ type: 'recovered', ok: false, reset: true });
        }
        return;
      case 'unsubscribe':
      case 'flow':
        return;
      default:
        message satisfies never;
    }
  }

  doubt(): void {
    void this.#poll();
  }

  dispose(): void {
    this.#end(undefined);
  }

  async #poll(): Promise<void> {
    if (this.#isPolling || this.#isEnded) {
      return;
    }
    this.#isPolling = true;
    this.#timer.clear();
    const { clock, pollMs } = this.#options;
    try {
      await this.#http.get('/api/v1/sources', REQUESTS['sources.list'].result, this.#abort.signal);
    } catch (error) {
      this.#end(
        error instanceof HubHttpError
          ? error.reason
          : closeReason('unreachable', problemFromError(error).detail),
      );
      return;
    } finally {
      this.#isPolling = false;
    }
    if (this.#isEnded) {
      return;
    }
    this.#timer.add(clock.schedule(pollMs, () => void this.#poll()));
    if (this.#isOpen) {
      this.#tell({ type: 'recovered', ok: false, reset: true });
    } else {
      this.#isOpen = true;
      this.#open.fire();
      this.#accept();
    }
  }

  #accept(): void {
    // Whoever was told of the opening may have ended it.
    if (!this.#isEnded) {
      this.#accepted.fire();
    }
  }

  /** As over a network: never while a message is being sent. */
  #tell(message: ServerMessage): void {
    queueMicrotask(() => this.#message.fire(message));
  }

  #end(reason: CloseReason | undefined): void {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    this.#isOpen = false;
    this.#reason = reason;
    this.#owned.dispose();
    this.#close.fire();
    this.#message.dispose();
    this.#open.dispose();
    this.#accepted.dispose();
    this.#close.dispose();
  }
}

/** The last resort of a connection to a hub. */
export function pollingRoute(options: PollingOptions): HubRoute {
  return {
    kind: 'polling',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    connect: () => new PollingChannel(options),
  };
}
