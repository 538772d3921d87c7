import type * as v from 'valibot';
import { DisposableStore, toDisposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import { closeReason, type CloseReason } from '../../protocol/closeReason';
import { decode, PROTOCOL_VERSION, type ClientMessage, type ServerMessage } from '../../protocol/messages';
import type { Problem } from '../../protocol/problem';
import { problemFromError } from '../../protocol/problemFromError';
import { DEFAULT_REALTIME_LIMITS } from '../../protocol/realtimeLimits';
import { REQUESTS } from '../../protocol/requests';
import type { HubConnection, HubRoute } from '../hubConnection';
import { HubHttp, HubHttpError, pathSegment, type HubHttpOptions } from './hubHttp';

/** Nothing is sent but addresses. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A hub answers as many at once over its own connection. */
const MAX_REQUESTS = 256;

export interface PollingOptions extends HubHttpOptions {
  readonly logger: Logger;
  readonly pollMs: number;
}

/** Where a request goes, with what its answer has to be. */
interface RestRequest {
  readonly path: string;
  readonly schema: v.GenericSchema;
}

/**
 * A hub reached by asking it now and then, where no connection gets through. It is open once the hub answered. Requests that a
 * hub answers over HTTP are put to it, all others are answered here with `closed`; no event is ever told, and instead, every
 * `pollMs`, that everything has to be asked again. A poll that fails ends it.
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
  readonly #requests = new Map<number, AbortController>();
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
        this.#withdrawAll();
        this.#tell({
          type: 'hello',
          version: PROTOCOL_VERSION,
          limits: DEFAULT_REALTIME_LIMITS,
          language: 'en',
          texts: {},
        });
        return;
      case 'request':
        void this.#answer(message);
        return;
      case 'cancel':
        this.#requests.get(message.id)?.abort();
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

  async #answer({ id, method, params }: Extract<ClientMessage, { type: 'request' }>): Promise<void> {
    const rest = restRequest(method, params);
    if (rest === undefined || this.#requests.size >= MAX_REQUESTS) {
      const problem: Problem =
        rest === undefined
          ? { code: 'closed', detail: `${method} needs a connection that does not get through` }
          : { code: 'throttled', detail: `more than ${MAX_REQUESTS} requests are under way` };
      this.#tell({ type: 'error', id, problem });
      return;
    }
    const abort = new AbortController();
    this.#requests.set(id, abort);
    let message: ServerMessage;
    try {
      message = {
        type: 'response',
        id,
        result: await this.#http.get(rest.path, rest.schema, abort.signal),
      };
    } catch (error) {
      message = { type: 'error', id, problem: problemFromError(error) };
    }
    if (this.#requests.get(id) === abort) {
      this.#requests.delete(id);
      if (!abort.signal.aborted) {
        this.#tell(message);
      }
    }
  }

  #withdrawAll(): void {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) {
      request.abort();
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
    this.#withdrawAll();
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

/** Undefined for what a hub answers over its own connection alone, and for parameters that no address can hold. */
function restRequest(method: string, params: unknown): RestRequest | undefined {
  switch (method) {
    case 'sources.list':
      return { path: '/api/v1/sources', schema: REQUESTS[method].result };
    case 'clusters.list': {
      const decoded = decode(REQUESTS[method].params, params);
      if (!decoded.ok) {
        return undefined;
      }
      const query = new URLSearchParams(decoded.value).toString();
      return {
        path: `/api/v1/clusters${query === '' ? '' : `?${query}`}`,
        schema: REQUESTS[method].result,
      };
    }
    case 'clusters.get': {
      const decoded = decode(REQUESTS[method].params, params);
      if (!decoded.ok) {
        return undefined;
      }
      const source = pathSegment(decoded.value.source);
      const name = pathSegment(decoded.value.name);
      return source === undefined || name === undefined
        ? undefined
        : { path: `/api/v1/clusters/${source}/${name}`, schema: REQUESTS[method].result };
    }
    default:
      return undefined;
  }
}
