import type { Logger } from '../../base/logger';
import { Emitter, type Event } from '../../base/emitter';
import { between, type Random } from '../../base/random';
import type { Channel } from '../../protocol/channel';
import { CLOSE_CODES } from '../../protocol/closeCodes';
import type { Priority } from '../../protocol/hubEvent';
import { PROTOCOL_VERSION, type ClientMessage, type ServerMessage } from '../../protocol/messages';
import { STREAM_HEARTBEAT_MS, type StreamMessages } from '../../protocol/streamMessages';
import type { SharedSseFrame } from './sharedSseFrame';
import type { SseResponse } from './sseResponse';
import { sseText } from './sseText';

/** Clients that dropped something at the same moment do not all ask at once. */
const MAX_RETRY_MS = 250;
/** The one subscription of a stream. */
const SUBSCRIPTION = 1;

export interface ServerSseChannelOptions {
  readonly response: SseResponse;
  /** The same for all channels of a server. */
  readonly frames: SharedSseFrame;
  readonly random: Random;
  readonly logger: Logger;
  readonly patterns: readonly string[];
  readonly priority: Priority | undefined;
  /** To resume from; undefined where the client wants only what comes. */
  readonly cursors: readonly string[] | undefined;
  /** Of this moment. */
  readonly cursor: () => string;
}

/**
 * The server's end of a channel whose client listens and says nothing: what it asked for in its request is said in its name, and
 * it works a frame off by having room for it. So it is served by the same rules as a client over a WebSocket.
 */
export class ServerSseChannel implements Channel<ServerMessage> {
  readonly #options: ServerSseChannelOptions;
  readonly #message: Emitter<unknown>;
  /** As the client was told last. */
  #dropped = 0;

  constructor(options: ServerSseChannelOptions) {
    this.#options = options;
    this.#message = new Emitter((error) => options.logger.error('Serving a stream failed', error));
  }

  get onMessage(): Event<unknown> {
    return this.#message.event;
  }

  get onClose(): Event<void> {
    return this.#options.response.onClose;
  }

  /** To be called once, when everything that is said is listened to. */
  start(): void {
    const { patterns, priority, cursors } = this.#options;
    this.#say({ type: 'ready', version: PROTOCOL_VERSION });
    this.#say({
      type: 'subscribe',
      id: SUBSCRIPTION,
      patterns: [...patterns],
      ...(priority === undefined ? {} : { priority }),
      ...(cursors === undefined ? {} : { cursors: [...cursors] }),
    });
  }

  send(message: ServerMessage): void {
    const { response, frames, cursors, cursor } = this.#options;
    switch (message.type) {
      case 'hello': {
        const { version, limits } = message;
        const hello = { version, heartbeatMs: STREAM_HEARTBEAT_MS, limits };
        // Where the client is that resumes is said when that is known.
        this.#tell(
          'hello',
          cursors === undefined ? hello : { ...hello, resuming: true },
          cursors === undefined ? cursor() : undefined,
        );
        return;
      }
      case 'events':
        response.write(frames.of(message), () => this.#say({ type: 'flow', credits: 1 }));
        return;
      case 'recovered':
        if (message.ok) {
          this.#tell('recovered', {});
        } else {
          const { retryAfterMs } = message;
          this.#gap({ reason: 'missed', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
        }
        return;
      case 'flow':
        this.#flow(message.dropped);
        return;
      case 'limits':
        this.#tell('limits', message.limits);
        return;
      case 'error':
        response.end({
          code: CLOSE_CODES.badMessage,
          reason: message.problem.detail,
          problem: message.problem,
        });
        return;
      case 'response':
      case 'progress':
      case 'visibility':
        return;
      default:
        message satisfies never;
    }
  }

  dispose(): void {
    this.#options.response.dispose();
    this.#message.dispose();
  }

  #flow(dropped: number): void {
    if (dropped > this.#dropped) {
      const retryAfterMs = Math.round(between(this.#options.random, 0, MAX_RETRY_MS));
      this.#gap({ reason: 'dropped', dropped: dropped - this.#dropped, retryAfterMs });
    }
    this.#dropped = dropped;
  }

  /** Whoever asks for everything after this needs nothing of before. */
  #gap(gap: StreamMessages['gap']): void {
    this.#tell('gap', gap, this.#options.cursor());
  }

  #tell<N extends keyof StreamMessages>(name: N, data: StreamMessages[N], id?: string): void {
    this.#options.response.write(sseText(name, JSON.stringify(data), id));
  }

  #say(message: ClientMessage): void {
    this.#message.fire(message);
  }
}
