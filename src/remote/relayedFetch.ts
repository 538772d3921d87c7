import type { Clock } from '../base/clock';
import { KubeTransportError, type KubeFetch, type KubeResponse } from '../base/kubeFetch';
import { ProblemError } from '../protocol/problem';
import type { RequestMethod, RequestParams, RequestResult } from '../protocol/requests';
import type { HubRouteKind } from '../transport/hubConnection';
import type { HubHttp } from '../transport/web/hubHttp';
import { ReadPacer } from './readPacer';
import { asOfFetch, overHttp } from './relayedOverHttp';

/** Asks the hub; rejects with a {@link ProblemError} at once where there is no connection, and as soon as it is lost. */
type AskHub = <M extends RequestMethod>(
  method: M,
  params: RequestParams<M>,
  signal: AbortSignal,
) => Promise<RequestResult<M>>;

/** A stream that says little at a time is read at most this often, in milliseconds: 20 frames a second. */
const FRAME_MS = 50;
/** Whoever had as much to say has more. In UTF-16 units. */
const FULL_PIECE_CHARS = 64 * 1024;

export interface RelayedFetchOptions {
  readonly clock: Clock;
  readonly ask: AskHub;
  /** For a hub that is reached by requests alone, whose answers are streams. */
  readonly http: HubHttp;
  /** How the hub is reached now; undefined while it is not. */
  readonly route: () => HubRouteKind | undefined;
}

/** The way to the clusters behind one hub, for as much as the hub hands on. */
export class RelayedFetches {
  readonly #options: RelayedFetchOptions;
  readonly #pacer: ReadPacer;
  readonly #encoder = new TextEncoder();
  #streams = 0;

  constructor(options: RelayedFetchOptions) {
    this.#options = options;
    this.#pacer = new ReadPacer(options.clock);
  }

  /**
   * As to the cluster of a source itself, by the hub's own id of it. What the hub refuses, or cannot do, rejects with a
   * {@link ProblemError}; a connection to it that is lost or missing is a {@link KubeTransportError}.
   */
  of(source: string): KubeFetch {
    return async (path, request = {}) => {
      const { method = 'GET', signal = new AbortController().signal } = request;
      if (method !== 'GET') {
        throw new ProblemError({ code: 'unsupported', detail: `a hub hands on no ${method}` });
      }
      const route = this.#options.route();
      if (route === undefined) {
        throw new KubeTransportError('unreachable', 'the hub is not connected');
      }
      return route === 'webSocket'
        ? this.#overConnection({ source, path }, signal)
        : overHttp(this.#options.http, { source, path }, signal);
    };
  }

  async #overConnection(
    target: { readonly source: string; readonly path: string },
    signal: AbortSignal,
  ): Promise<KubeResponse> {
    const { ask } = this.#options;
    const stream = this.#streams;
    this.#streams += 1;
    const close = (): void => void ask('kube.close', { stream }, NEVER).catch(() => undefined);
    signal.addEventListener('abort', close, { once: true });
    const end = (): void => signal.removeEventListener('abort', close);
    let first: RequestResult<'kube.open'>;
    try {
      first = await ask('kube.open', { ...target, stream }, signal);
    } catch (error) {
      end();
      throw signal.aborted ? signal.reason : asOfFetch(error);
    }
    const { status, retryAfter } = first;
    return {
      status,
      header: (name) => (name.toLowerCase() === 'retry-after' ? retryAfter : undefined),
      body: this.#body(stream, first, signal, { end, close }),
    };
  }

  async *#body(
    stream: number,
    first: RequestResult<'kube.read'>,
    signal: AbortSignal,
    { end, close }: { readonly end: () => void; readonly close: () => void },
  ): AsyncGenerator<Uint8Array, void, void> {
    let { text, isEnd } = first;
    let isOver = isEnd;
    try {
      for (;;) {
        signal.throwIfAborted();
        if (text !== '') {
          yield this.#encoder.encode(text);
        }
        if (isEnd) {
          return;
        }
        const isFull = text.length >= FULL_PIECE_CHARS;
        await this.#pacer.turn(isFull ? 0 : this.#options.clock.monotonic() + FRAME_MS, signal);
        ({ text, isEnd } = await this.#options.ask('kube.read', { stream }, signal));
        isOver = isEnd;
      }
    } catch (error) {
      if (signal.aborted) {
        throw signal.reason;
      }
      isOver = true;
      throw asOfFetch(error);
    } finally {
      end();
      if (!isOver && !signal.aborted) {
        close();
      }
    }
  }
}

const NEVER = new AbortController().signal;
