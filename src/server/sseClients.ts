import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import { between, type Random } from '../base/random';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { ProblemError } from '../protocol/problem';
import { SseResponse } from '../transport/node/sseResponse';
import { goodbyeDelayMs } from './goodbyeDelay';

export interface SseClientsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Whether nobody new is let in. */
  readonly isStopping: () => boolean;
}

/** After a loss that nobody announced: clients do not come again all at once. */
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 5_000;

/** Every stream of server-sent events that is open. */
export class SseClients implements Disposable {
  readonly #options: SseClientsOptions;
  readonly #responses = new Set<SseResponse>();

  constructor(options: SseClientsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#responses.size;
  }

  /** What waits in connections to be sent, in bytes. */
  get bufferedBytes(): number {
    let bytes = 0;
    for (const response of this.#responses) {
      bytes += response.bufferedBytes;
    }
    return bytes;
  }

  /** Throws `closed` for a stream that is not worth beginning. */
  requireOpen(): void {
    if (this.#options.isStopping()) {
      throw new ProblemError({ code: 'closed', detail: 'the hub is shutting down' });
    }
  }

  /**
   * Begins the answer to a request; the framework has nothing to do with it any more. Throws `closed` where the client went
   * meanwhile: nobody would be told of its end any more.
   */
  open(request: FastifyRequest, reply: FastifyReply): SseResponse {
    const { clock, random, logger } = this.#options;
    if (reply.raw.destroyed) {
      throw new ProblemError({ code: 'closed', detail: 'the client is gone' });
    }
    reply.hijack();
    const response = new SseResponse({
      response: reply.raw,
      headers: reply.getHeaders(),
      clock,
      onListenerError: (error) => logger.error('The end of a stream failed', error),
      retryMs: Math.round(between(random, MIN_RETRY_MS, MAX_RETRY_MS)),
      credential: request.visit.credential,
    });
    this.#responses.add(response);
    const closed = response.onClose(() => {
      closed.dispose();
      this.#responses.delete(response);
    });
    return response;
  }

  /** Asks every client to come again later, and ends its stream. */
  sayGoodbye(reason: string): void {
    const { size } = this.#responses;
    for (const response of this.#responses) {
      const retryAfterMs = goodbyeDelayMs(this.#options.random, size);
      response.end({ code: CLOSE_CODES.serviceRestart, reason, retryAfterMs });
    }
  }

  dispose(): void {
    for (const response of this.#responses) {
      response.dispose();
    }
  }
}
