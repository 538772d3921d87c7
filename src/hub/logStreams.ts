import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { HubEvent } from '../protocol/hubEvent';
import { ProblemError, type Problem } from '../protocol/problem';
import type { RequestParams, RequestResult } from '../protocol/requests';
import type { SourceState } from '../protocol/sourceState';
import { connectionTopic, logTopic } from '../protocol/topics';
import { EVERYBODY, logsOf, type Guest } from './guest';
import type { Hub } from './hub';
import { PodLogStream } from './podLogStream';

/** Each held stream is a connection and some memory; one client needs few. */
const MAX_STREAMS = 32;

export interface LogStreamsOptions {
  readonly hub: Hub;
  /** Whom they are for, if that makes a difference. */
  readonly guest?: Guest;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly tailLines: () => number;
  readonly onAppended: (event: HubEvent) => void;
}

/** Of the guest to a log. */
interface Right {
  /** Why they may not have it any more. */
  lost: Problem | undefined;
}

interface OpenStream {
  readonly source: string;
  readonly stream: PodLogStream;
  readonly owned: DisposableStore;
  /** The source's state when last told of; undefined while there was none. */
  before: SourceState['type'] | undefined;
  readonly right: Right;
}

/**
 * The logs that one client follows; they end with it. A source whose server does not surely answer, or that goes away
 * altogether, interrupts its logs; they go on as soon as it is back. A silent log's own connection cannot be told from a
 * dead one, so the source's proof of life stands for it.
 */
export class LogStreams implements Disposable {
  readonly #options: LogStreamsOptions;
  readonly #streams = new Map<string, OpenStream>();
  readonly #subscriptions = new DisposableStore();
  #opened = 0;

  constructor(options: LogStreamsOptions) {
    this.#options = options;
    this.#subscriptions.add(
      options.hub.onSourceRetried((source) => {
        for (const { before, stream } of this.#streamsOf(source)) {
          // The others go on as soon as their source answers.
          if (isAnswering(before)) {
            stream.reopen();
          }
        }
      }),
    );
  }

  /** That the guest may have it is to be required before; when they no longer may it fails for good. */
  open({ source, namespace, pod, container }: RequestParams<'logs.open'>): string {
    if (this.#streams.size >= MAX_STREAMS) {
      throw new ProblemError({ code: 'badRequest', detail: `more than ${MAX_STREAMS} logs are open` });
    }
    const { hub, guest = EVERYBODY, clock, random, logger, tailLines } = this.#options;
    this.#opened += 1;
    const id = String(this.#opened);
    const owned = new DisposableStore();
    const right: Right = { lost: undefined };
    const stream = owned.add(
      new PodLogStream({
        // Looked up for each request: the source may have gone, come back or been connected anew since.
        fetch: async (path, request) => {
          if (right.lost !== undefined) {
            throw new ProblemError(right.lost);
          }
          return hub.requireSource(source).fetch()(path, request);
        },
        target: { source, namespace, pod, ...(container === undefined ? {} : { container }) },
        clock,
        random,
        logger,
        tailLines: tailLines(),
      }),
    );
    const entry: OpenStream = { source, stream, owned, right, before: this.#stateOf(source)?.type };
    this.#streams.set(id, entry);
    owned.add(
      guest.hold(source, logsOf({ namespace, pod }), (problem) => {
        right.lost = problem;
        stream.interrupt(problem);
      }),
    );
    owned.add(hub.subscribe([connectionTopic(source)], () => this.#sourceChanged(entry)));
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

  /** Tells of each stream what can be read of it: for somebody who may have missed that. */
  announceAll(): void {
    for (const [id, { source, stream }] of this.#streams) {
      this.#announce(source, id, stream);
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.closeAll();
  }

  #sourceChanged(entry: OpenStream): void {
    const { source, before, stream } = entry;
    const state = this.#stateOf(source);
    if (before === state?.type) {
      return;
    }
    entry.before = state?.type;
    if (!isAnswering(state?.type)) {
      stream.interrupt(problemOf(state));
    } else if (!isAnswering(before)) {
      stream.reopen();
    }
  }

  #streamsOf(source: string): OpenStream[] {
    return [...this.#streams.values()].filter((entry) => entry.source === source);
  }

  #stateOf(source: string): SourceState | undefined {
    return this.#options.hub.source(source)?.status().state;
  }

  #require(id: string): PodLogStream {
    const entry = this.#streams.get(id);
    if (entry === undefined) {
      throw new ProblemError({ code: 'closed', detail: `log ${id.slice(0, 20)} is not open` });
    }
    if (entry.right.lost !== undefined) {
      throw new ProblemError(entry.right.lost);
    }
    return entry.stream;
  }

  #announce(source: string, id: string, stream: PodLogStream): void {
    const { first, next } = stream.range;
    this.#options.onAppended({
      type: 'log.appended',
      topic: logTopic(source, id),
      data: { source, stream: id, first, next },
      cursor: this.#options.hub.cursor(source),
      at: this.#options.clock.now(),
      priority: 'low',
    });
  }
}

/** Whether the server answers, be it with a refusal: logs need other permissions than personas do. */
export function isAnswering(type: SourceState['type'] | undefined): boolean {
  switch (type) {
    case 'syncing':
    case 'live':
    case 'forbidden':
    case 'notInstalled':
      return true;
    case undefined:
    case 'idle':
    case 'connecting':
    case 'stale':
    case 'reconnecting':
    case 'unauthorized':
    case 'failed':
    case 'paused':
      return false;
    default:
      return type satisfies never;
  }
}

/** What keeps the logs of a source in this state from being followed. */
export function problemOf(state: SourceState | undefined): Problem {
  if (state !== undefined && 'problem' in state) {
    return state.problem;
  }
  switch (state?.type) {
    case 'stale':
    case 'connecting':
      return { code: 'unreachable', detail: 'the cluster gives no sign of life' };
    default:
      return { code: 'closed', detail: 'the cluster is not connected' };
  }
}
