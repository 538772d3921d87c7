import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { HubEvent } from '../protocol/hubEvent';
import { ProblemError } from '../protocol/problem';
import type { RequestParams, RequestResult } from '../protocol/requests';
import { logTopic } from '../protocol/topics';
import type { Hub } from './hub';
import { PodLogStream } from './podLogStream';

/** Each held stream is a connection and some memory; one client needs few. */
const MAX_STREAMS = 32;

export interface LogStreamsOptions {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly tailLines: () => number;
  readonly onAppended: (event: HubEvent) => void;
}

/** The logs that one client follows; they end with it. */
export class LogStreams implements Disposable {
  readonly #options: LogStreamsOptions;
  readonly #streams = new Map<string, { readonly stream: PodLogStream; readonly owned: DisposableStore }>();
  #opened = 0;

  constructor(options: LogStreamsOptions) {
    this.#options = options;
  }

  open({ source, namespace, pod, container }: RequestParams<'logs.open'>): string {
    if (this.#streams.size >= MAX_STREAMS) {
      throw new ProblemError({ code: 'badRequest', detail: `more than ${MAX_STREAMS} logs are open` });
    }
    const { hub, clock, random, logger, tailLines } = this.#options;
    this.#opened += 1;
    const id = String(this.#opened);
    const owned = new DisposableStore();
    const stream = owned.add(
      new PodLogStream({
        // Looked up for each request: the source may have been connected anew since.
        fetch: async (path, request) => hub.requireSource(source).fetch()(path, request),
        target: { source, namespace, pod, ...(container === undefined ? {} : { container }) },
        clock,
        random,
        logger,
        tailLines: tailLines(),
      }),
    );
    this.#streams.set(id, { stream, owned });
    owned.add(stream.onChanged(() => this.#announce(source, id, stream)));
    return id;
  }

  read(id: string, from: number, limit: number): RequestResult<'logs.read'> {
    return this.#require(id).read(from, limit);
  }

  close(id: string): void {
    this.#streams.get(id)?.owned.dispose();
    this.#streams.delete(id);
  }

  closeAll(): void {
    for (const { owned } of this.#streams.values()) {
      owned.dispose();
    }
    this.#streams.clear();
  }

  dispose(): void {
    this.closeAll();
  }

  #require(id: string): PodLogStream {
    const entry = this.#streams.get(id);
    if (entry === undefined) {
      throw new ProblemError({ code: 'closed', detail: `log ${id.slice(0, 20)} is not open` });
    }
    return entry.stream;
  }

  #announce(source: string, id: string, stream: PodLogStream): void {
    const { first, next } = stream.range;
    this.#options.onAppended({
      type: 'log.appended',
      topic: logTopic(source, id),
      data: { source, stream: id, first, next },
      cursor: `${id}.${next}`,
      at: this.#options.clock.now(),
      priority: 'low',
    });
  }
}
