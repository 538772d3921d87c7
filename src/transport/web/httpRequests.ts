import * as v from 'valibot';
import type { Disposable } from '../../base/disposable';
import type { ClientMessage, ServerMessage } from '../../protocol/messages';
import { problemFromError } from '../../protocol/problemFromError';
import type { HubHttp } from './hubHttp';

/** A hub answers as many at once over its own connection. */
const MAX_REQUESTS = 256;

type Request = Extract<ClientMessage, { type: 'request' }>;

/** Puts the requests of a client to a hub over HTTP, each by itself. */
export class HttpRequests implements Disposable {
  readonly #http: HubHttp;
  readonly #tell: (message: ServerMessage) => void;
  readonly #requests = new Map<number, AbortController>();

  /** `tell` is called with the answers, and never while something is asked. */
  constructor(http: HubHttp, tell: (message: ServerMessage) => void) {
    this.#http = http;
    this.#tell = tell;
  }

  ask(request: Request): void {
    void this.#ask(request);
  }

  cancel(id: number): void {
    this.#requests.get(id)?.abort();
  }

  /** Nobody waits for an answer any more. */
  withdrawAll(): void {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) {
      request.abort();
    }
  }

  dispose(): void {
    this.withdrawAll();
  }

  /** Never rejects. */
  async #ask({ id, method, params }: Request): Promise<void> {
    if (this.#requests.size >= MAX_REQUESTS) {
      const detail = `more than ${MAX_REQUESTS} requests are under way`;
      queueMicrotask(() => this.#tell({ type: 'error', id, problem: { code: 'throttled', detail } }));
      return;
    }
    const abort = new AbortController();
    this.#requests.set(id, abort);
    let message: ServerMessage;
    try {
      // Whoever asked decodes what comes back.
      const result = await this.#http.post(
        `/api/v1/requests/${encodeURIComponent(method)}`,
        params,
        v.unknown(),
        abort.signal,
      );
      message = { type: 'response', id, result };
    } catch (error) {
      message = { type: 'error', id, problem: problemFromError(error) };
    }
    if (this.#requests.get(id) === abort) {
      this.#requests.delete(id);
    }
    if (!abort.signal.aborted) {
      this.#tell(message);
    }
  }
}
