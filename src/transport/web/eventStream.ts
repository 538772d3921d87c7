import type * as v from 'valibot';
import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { closeReason, closeReasonOf, type CloseReason } from '../../protocol/closeReason';
import { decode, PROTOCOL_VERSION } from '../../protocol/messages';
import { problemFromError } from '../../protocol/problemFromError';
import { NO_CURSOR, STREAM_MESSAGES, type StreamMessages } from '../../protocol/streamMessages';
import type { HttpAnswer } from './httpFetch';
import { HeartbeatWatch } from './heartbeatWatch';
import { HubHttpError, type HubHttp } from './hubHttp';
import { SseParser, SseTooLongError, type SseEvent } from './sseParser';

/** From asking to the stream's first word. */
const CONNECT_DEADLINE_MS = 20_000;
/** Silence is told in comments: two may be missed. */
const PATIENCE_IN_HEARTBEATS = 2.4;
/** Where one is due while the stream is doubted. */
const DOUBT_IN_HEARTBEATS = 1.2;
/** Whatever a server says of its heartbeats. */
const MIN_PATIENCE_MS = 5_000;
const MAX_PATIENCE_MS = 10 * 60_000;
/** An event of a hub has 64 KiB at most. */
const MAX_EVENT_CHARS = 1024 * 1024;
const MAX_RETRY_AFTER_MS = 10 * 60_000;

export interface EventStreamOptions {
  readonly http: HubHttp;
  /** Begins with a slash. */
  readonly path: string;
  /** To resume from; absent where nothing was told before. */
  readonly lastEventId?: string | undefined;
  readonly clock: Clock;
  readonly listener: EventStreamListener;
}

interface EventStreamListener {
  /** The hub serves the stream; told first. */
  greeted(hello: StreamMessages['hello']): void;
  /**
   * Events of the hub that came together, each as it was told with its cursor. Nothing more is read before what this gives has
   * resolved.
   */
  told(events: readonly unknown[]): void | Promise<void>;
  recovered(): void;
  gap(gap: StreamMessages['gap']): void;
  limits(limits: StreamMessages['limits']): void;
  /** Told last, once, and not at all where the stream was disposed. */
  ended(reason: CloseReason): void;
}

/**
 * One stream of server-sent events of a hub, read from its first byte to its end. What tells nothing for more than two
 * heartbeats is dead.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #parser = new SseParser(MAX_EVENT_CHARS);
  readonly #abort = new AbortController();
  readonly #deadline: Disposable;
  #watch: HeartbeatWatch | undefined;
  #patienceMs = 0;
  #isEnded = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#deadline = options.clock.schedule(CONNECT_DEADLINE_MS, () =>
      this.#end(closeReason('unreachable', 'no stream came in time')),
    );
    void this.#run();
  }

  /** Of the last event, or what it was to resume from; empty where there is neither. */
  get lastEventId(): string {
    const { lastEventId } = this.#parser;
    return lastEventId === '' ? (this.#options.lastEventId ?? '') : lastEventId;
  }

  /** It may be dead without anybody having noticed: proof that it is not is awaited for a shorter time. */
  doubt(): void {
    this.#watch?.doubt((this.#patienceMs * DOUBT_IN_HEARTBEATS) / PATIENCE_IN_HEARTBEATS);
  }

  dispose(): void {
    this.#isEnded = true;
    this.#deadline.dispose();
    this.#watch?.dispose();
    this.#abort.abort(new Error('the stream is not wanted any more'));
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    try {
      await this.#read(await this.#open());
      this.#end(closeReason('lost'));
    } catch (error) {
      this.#end(this.#reasonOf(error));
    }
  }

  async #open(): Promise<HttpAnswer> {
    const { http, path, lastEventId } = this.#options;
    const answer = await http.open(
      {
        method: 'GET',
        path,
        headers: {
          accept: 'text/event-stream',
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
      },
      this.#abort.signal,
    );
    if (!/^text\/event-stream\b/i.test(answer.headers.get('content-type') ?? '')) {
      this.#abort.abort();
      throw new HubHttpError(closeReason('notAHub', 'it answers with something else than a stream'));
    }
    return answer;
  }

  async #read({ body }: HttpAnswer): Promise<void> {
    const reader = body?.getReader();
    const { signal } = this.#abort;
    // Ends what is being read, also where the platform does not heed the signal.
    signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined), { once: true });
    while (!this.#isEnded) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done || value === undefined || this.#isEnded) {
        return;
      }
      this.#watch?.heard();
      await this.#take(this.#parser.take(value));
    }
  }

  async #take(events: readonly SseEvent[]): Promise<void> {
    let told: unknown[] = [];
    for (const event of events) {
      if (isStreamMessage(event.name)) {
        await this.#tell(told);
        told = [];
        if (this.#isEnded) {
          return;
        }
        this.#handle(event.name, parse(event.data));
      } else {
        const { lastEventId } = event;
        told.push({ ...recordOf(parse(event.data)), cursor: lastEventId === NO_CURSOR ? '' : lastEventId });
      }
    }
    await this.#tell(told);
  }

  async #tell(events: readonly unknown[]): Promise<void> {
    if (events.length === 0 || this.#isEnded) {
      return;
    }
    const worked = this.#options.listener.told(events);
    if (worked !== undefined) {
      // Nothing is heard while nothing is read.
      this.#watch?.dispose();
      this.#watch = undefined;
      await worked;
      this.#watchOver();
    }
  }

  #handle(name: keyof StreamMessages, data: unknown): void {
    const { listener } = this.#options;
    switch (name) {
      case 'hello': {
        const hello = read(STREAM_MESSAGES.hello, data);
        if (hello.version !== PROTOCOL_VERSION) {
          const detail = `the hub speaks version ${hello.version}, this side ${PROTOCOL_VERSION}`;
          throw new HubHttpError(closeReason('incompatible', detail));
        }
        this.#deadline.dispose();
        this.#patienceMs = clamp(
          hello.heartbeatMs * PATIENCE_IN_HEARTBEATS,
          MIN_PATIENCE_MS,
          MAX_PATIENCE_MS,
        );
        this.#watchOver();
        listener.greeted(hello);
        return;
      }
      case 'recovered':
        listener.recovered();
        return;
      case 'gap':
        listener.gap(read(STREAM_MESSAGES.gap, data));
        return;
      case 'limits':
        listener.limits(read(STREAM_MESSAGES.limits, data));
        return;
      case 'goodbye':
        this.#end(reasonOfGoodbye(read(STREAM_MESSAGES.goodbye, data)));
        return;
      default:
        name satisfies never;
    }
  }

  #watchOver(): void {
    if (!this.#isEnded) {
      this.#watch?.dispose();
      this.#watch = new HeartbeatWatch(this.#options.clock, this.#patienceMs, () =>
        this.#end(closeReason('silent', `nothing was heard for ${Math.round(this.#patienceMs / 1000)} s`)),
      );
    }
  }

  #reasonOf(error: unknown): CloseReason {
    if (error instanceof HubHttpError) {
      return error.reason;
    }
    if (error instanceof SseTooLongError) {
      return closeReason('notAHub', error.message);
    }
    return closeReason(this.#patienceMs === 0 ? 'unreachable' : 'lost', problemFromError(error).detail);
  }

  #end(reason: CloseReason): void {
    if (!this.#isEnded) {
      this.dispose();
      this.#options.listener.ended(reason);
    }
  }
}

function reasonOfGoodbye({ code, reason, retryAfterMs }: StreamMessages['goodbye']): CloseReason {
  const waitMs = retryAfterMs === undefined ? undefined : clamp(retryAfterMs, 0, MAX_RETRY_AFTER_MS);
  const known = closeReasonOf(code, reason, true, waitMs);
  // After a goodbye it is no loss, whatever the code says.
  return known.kind === 'lost' ? closeReason('goingAway', reason, waitMs) : known;
}

/** Throws {@link HubHttpError} for what no hub says. */
function read<const S extends v.GenericSchema>(schema: S, data: unknown): v.InferOutput<S> {
  const decoded = decode(schema, data);
  if (!decoded.ok) {
    throw new HubHttpError(closeReason('notAHub', decoded.problem.detail));
  }
  return decoded.value;
}

function isStreamMessage(name: string): name is keyof StreamMessages {
  return Object.hasOwn(STREAM_MESSAGES, name);
}

function recordOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
