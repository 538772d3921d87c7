import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { logsOf } from '../hub/guest';
import { GuestHub } from '../hub/guestHub';
import type { Hub } from '../hub/hub';
import {
  decodeLogCursor,
  encodeLogCursor,
  LogCursor,
  type LogPosition,
  type LogSource,
} from '../hub/logCursor';
import { isAnswering, problemOf } from '../hub/logs/logStreams';
import { followPodLog, type PodLogBatch } from '../kube/followPodLog';
import { PodLogRefusedError } from '../kube/openPodLog';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { PROTOCOL_VERSION } from '../protocol/messages';
import { ProblemError, type Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import { NO_CURSOR, STREAM_HEARTBEAT_MS, type StreamMessages } from '../protocol/streamMessages';
import { connectionTopic } from '../protocol/topics';
import type { SseResponse } from '../transport/node/sseResponse';
import { sseText } from '../transport/node/sseText';
import { apiRoute, NO_BODY, NO_PARAMETERS } from './apiRoute';
import type { SseClients } from './sseClients';
import { lastEventIdOf } from './streamFace';

export interface LogFaceOptions {
  readonly hub: Hub;
  readonly clients: SseClients;
  readonly clock: Clock;
}

/** Each is a connection to an API server. */
const MAX_LOGS = 256;
const DEFAULT_TAIL_LINES = 500;
const MAX_TAIL_LINES = 5_000;
/** A log that is refused is refused with a status; one that has no line yet may not be answered before it has. */
const REFUSAL_MS = 2_000;
const NOT_FOUND = 404;
/** Of a cluster that is reached in a way which has no logs. */
const UNSUPPORTED = 501;
/** What the cluster behind the hub did, or did not. */
const UPSTREAM = 502;
const CLIENT_GONE: Problem = { code: 'closed', detail: 'the client is gone' };
/** What is written at once. */
const PIECE_LINES = 500;
/** A container that stopped may be started again, and an API server that stopped ends its logs the same way. */
const RETRY_MS = 1_000;

const logQuery = v.object({
  source: v.string(),
  namespace: v.string(),
  pod: v.string(),
  container: v.exactOptional(v.string()),
  tail: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/),
      v.description(`so many of its last lines first, ${MAX_TAIL_LINES} at most`),
      v.transform(Number),
      v.maxValue(MAX_TAIL_LINES),
    ),
  ),
});

/**
 * The log of a container as a stream of server-sent events, each with one line or several as its data. Nothing is kept of it:
 * it is read from the cluster as fast as the client reads, and the id of an event says all that is needed to go on.
 */
export function addLogRoute(app: FastifyInstance, { hub, clients, clock }: LogFaceOptions): void {
  let logs = 0;
  const route = apiRoute(
    {
      id: 'streamLog',
      summary: 'The log of a container, as server-sent events',
      path: NO_PARAMETERS,
      query: logQuery,
      body: NO_BODY,
      headers: { 'Last-Event-ID': 'the last id that was told: it goes on behind it' },
      answer: { description: 'Lines, as long as they are written', type: 'text/event-stream' },
      problems: [NOT_FOUND, UNSUPPORTED, UPSTREAM],
    },
    async ({ query: { tail = DEFAULT_TAIL_LINES, ...target }, request, reply }) => {
      clients.requireOpen();
      // A source that there never was is not one that may come back.
      hub.status(target.source);
      const { guest } = request.visit;
      const abort = new AbortController();
      reply.raw.once('close', () => abort.abort(new ProblemError(CLIENT_GONE)));
      await new GuestHub(hub, guest).requireLogs(target);
      abort.signal.throwIfAborted();
      const fetch = hub.requireSource(target.source).fetch();
      if (logs >= MAX_LOGS) {
        throw new ProblemError({ code: 'throttled', detail: `more than ${MAX_LOGS} logs are followed` });
      }
      const lastEventId = lastEventIdOf(request.headers);
      const position = lastEventId === undefined ? undefined : decodeLogCursor(target, lastEventId);
      logs += 1;
      reply.raw.once('close', () => (logs -= 1));
      const { source, ...pod } = target;
      const where = position === undefined ? { tailLines: tail } : { sinceTime: position.time };
      const batches = followPodLog(fetch, { ...pod, ...where }, abort.signal);
      const first = batches.next();
      await settledWithin(first, clock, REFUSAL_MS);
      const response = clients.open(request, reply);
      const closed = response.onClose(() => {
        closed.dispose();
        abort.abort(new ProblemError({ code: 'closed', detail: 'the stream has ended' }));
      });
      const watching = new DisposableStore();
      watching.add(endWithSource(hub, source, abort));
      watching.add(guest.hold(source, logsOf(target), (problem) => abort.abort(new ProblemError(problem))));
      const log = new LogStream(response, target, position);
      log.begin(lastEventId !== undefined);
      void log.tell(first, batches, abort).finally(() => watching.dispose());
    },
  );
  app.get('/api/v1/logs', route);
}

/** One log on its way to one client. */
class LogStream {
  readonly #response: SseResponse;
  readonly #target: LogSource;
  readonly #cursor: LogCursor;
  readonly #isResumed: boolean;

  constructor(response: SseResponse, target: LogSource, position: LogPosition | undefined) {
    this.#response = response;
    this.#target = target;
    this.#cursor = new LogCursor(position);
    this.#isResumed = position !== undefined;
  }

  begin(isAsked: boolean): void {
    const hello: StreamMessages['hello'] = { version: PROTOCOL_VERSION, heartbeatMs: STREAM_HEARTBEAT_MS };
    this.#response.write(sseText('hello', JSON.stringify(hello)));
    if (isAsked && !this.#isResumed) {
      this.#gap({ reason: 'missed' });
    }
  }

  /** Tells all of it, and says why it ended. Never rejects. */
  async tell(
    first: Promise<IteratorResult<PodLogBatch, void>>,
    rest: AsyncIterator<PodLogBatch, void>,
    abort: AbortController,
  ): Promise<void> {
    try {
      for (let next = await first; next.done !== true; next = await rest.next()) {
        await this.#write(next.value);
        abort.signal.throwIfAborted();
      }
      this.#response.end({
        code: CLOSE_CODES.goingAway,
        reason: 'the log has ended',
        retryAfterMs: RETRY_MS,
      });
    } catch (error) {
      const problem = problemFromError(abort.signal.aborted ? abort.signal.reason : error);
      const wished = error instanceof PodLogRefusedError ? (error.retryAfterMs ?? 0) : 0;
      this.#response.end({
        code: endCodeOf(problem, abort.signal.aborted),
        reason: problem.detail,
        retryAfterMs: Math.max(RETRY_MS, wished),
        problem,
      });
    } finally {
      abort.abort();
    }
  }

  async #write({ lines, isUnterminated }: PodLogBatch): Promise<void> {
    if (isUnterminated) {
      // It may come again, longer: nobody is behind it yet.
      await this.#lines(lines.map((line) => JSON.stringify({ ...line, isUnterminated })));
      return;
    }
    let piece: string[] = [];
    for (const line of lines) {
      const since = this.#cursor.position?.time;
      const sort = this.#cursor.take(line);
      if (sort === 'gap') {
        this.#gap({
          reason: 'missed',
          ...(since === undefined ? {} : { since }),
          ...(line.time === undefined ? {} : { until: line.time }),
        });
      }
      if (sort !== 'held') {
        piece.push(JSON.stringify(line));
      }
      if (piece.length === PIECE_LINES) {
        await this.#lines(piece, this.#id);
        piece = [];
      }
    }
    await this.#lines(piece, this.#id);
  }

  get #id(): string {
    const { position } = this.#cursor;
    return position === undefined ? NO_CURSOR : encodeLogCursor(this.#target, position);
  }

  #gap(gap: StreamMessages['gap']): void {
    this.#response.write(sseText('gap', JSON.stringify(gap)));
  }

  /** Resolves when the network took them, or the stream ended. */
  #lines(lines: readonly string[], id?: string): Promise<void> {
    return new Promise((resolve) => {
      if (lines.length === 0 || this.#response.isEnded) {
        resolve();
        return;
      }
      const closed = this.#response.onClose(() => {
        closed.dispose();
        resolve();
      });
      this.#response.write(sseText('lines', lines.join('\n'), id), () => {
        closed.dispose();
        resolve();
      });
    });
  }
}

/** `isOurs`: it was ended here, and not by the cluster, which may refuse the hub what it allows the client. */
function endCodeOf({ code }: Problem, isOurs: boolean): number {
  if (code === 'internal') {
    return CLOSE_CODES.internalError;
  }
  return isOurs && code === 'forbidden' ? CLOSE_CODES.forbidden : CLOSE_CODES.goingAway;
}

/** The connection of a silent log cannot be told from a dead one: the proof of life of its source stands for it. */
function endWithSource(hub: Hub, id: string, abort: AbortController): Disposable {
  return hub.subscribe([connectionTopic(id)], () => {
    const state = hub.source(id)?.status().state;
    if (!isAnswering(state?.type)) {
      abort.abort(new ProblemError(problemOf(state)));
    }
  });
}

/** Resolves when the promise does, and after so long in any case; rejects where it does so before. */
function settledWithin(promise: Promise<unknown>, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.schedule(ms, resolve);
    promise.then(() => resolve(), reject).finally(() => timer.dispose());
  });
}
