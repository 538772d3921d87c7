import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { ProblemError } from '../../protocol/problem';
import type { RequestParams, RequestResult } from '../../protocol/requests';
import type { GuestHub } from '../guestHub';
import { ofCluster, openRelayed } from './openRelayed';
import { RelayedAnswer } from './relayedAnswer';

/** Each is a connection to a cluster at the most. */
const MAX_STREAMS = 128;
/** Nothing waits for longer than a proxy on the way bears. */
const READ_WAIT_MS = 20_000;
/** An answer that ends by itself comes whole, if it comes soon. */
const WHOLE_WAIT_MS = 10_000;

interface Stream {
  readonly abort: AbortController;
  answer: RelayedAnswer | undefined;
  isBeingRead: boolean;
}

export interface KubeRelayOptions {
  readonly hub: GuestHub;
  readonly clock: Clock;
}

/**
 * What is read of clusters for one client over its connection: it ends with that.
 */
export class KubeRelay implements Disposable {
  readonly #options: KubeRelayOptions;
  readonly #streams = new Map<number, Stream>();

  constructor(options: KubeRelayOptions) {
    this.#options = options;
  }

  async open(
    { source, path, stream: id }: RequestParams<'kube.open'>,
    signal: AbortSignal,
  ): Promise<RequestResult<'kube.open'>> {
    if (this.#streams.has(id)) {
      throw new ProblemError({ code: 'badRequest', detail: `stream ${id} is open` });
    }
    if (this.#streams.size >= MAX_STREAMS) {
      throw new ProblemError({ code: 'throttled', detail: `more than ${MAX_STREAMS} streams are open` });
    }
    const stream: Stream = { abort: new AbortController(), answer: undefined, isBeingRead: false };
    this.#streams.set(id, stream);
    const onAbort = (): void => this.close(id);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.#open(id, stream, { source, path });
    } catch (error) {
      this.close(id);
      throw ofCluster(error);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async read(id: number, signal: AbortSignal): Promise<RequestResult<'kube.read'>> {
    const stream = this.#streams.get(id);
    if (stream?.answer === undefined) {
      throw new ProblemError({ code: 'closed', detail: `stream ${id} is not open` });
    }
    if (stream.isBeingRead) {
      throw new ProblemError({ code: 'badRequest', detail: `stream ${id} is being read` });
    }
    stream.isBeingRead = true;
    try {
      const piece = await stream.answer.take(
        READ_WAIT_MS,
        false,
        AbortSignal.any([signal, stream.abort.signal]),
      );
      if (piece.isEnd) {
        this.close(id);
      }
      return piece;
    } catch (error) {
      if (!signal.aborted) {
        this.close(id);
      }
      throw ofCluster(error);
    } finally {
      stream.isBeingRead = false;
    }
  }

  close(id: number): void {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    stream?.abort.abort(new ProblemError({ code: 'closed', detail: 'the stream was closed' }));
  }

  closeAll(): void {
    for (const id of this.#streams.keys()) {
      this.close(id);
    }
  }

  dispose(): void {
    this.closeAll();
  }

  async #open(
    id: number,
    stream: Stream,
    target: { readonly source: string; readonly path: string },
  ): Promise<RequestResult<'kube.open'>> {
    const { hub, clock } = this.#options;
    const { signal } = stream.abort;
    const { status, retryAfter, isEndless, texts } = await openRelayed(hub, target, signal);
    stream.answer = new RelayedAnswer(clock, texts);
    const piece = await stream.answer.take(isEndless ? 0 : WHOLE_WAIT_MS, !isEndless, signal);
    if (piece.isEnd) {
      this.close(id);
    }
    return { status, ...(retryAfter === undefined ? {} : { retryAfter }), ...piece };
  }
}
