import type { ServerResponse } from 'node:http';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import { CLOSE_CODES } from '../../protocol/closeCodes';
import { STREAM_HEARTBEAT_MS, type StreamMessages } from '../../protocol/streamMessages';
import type { Credential } from './credential';
import { sseText } from './sseText';
import { WriteDeadline } from './writeDeadline';

/** How long a client may take to read why it is sent away. */
const GRACE_MS = 5_000;

export interface SseResponseOptions {
  /** Of which nothing was sent yet. */
  readonly response: ServerResponse;
  /** Beside those of every stream. */
  readonly headers: Readonly<Record<string, number | string | string[] | undefined>>;
  readonly clock: Clock;
  readonly onListenerError: (error: unknown) => void;
  /** How long a client is to wait that lost the stream without a goodbye. */
  readonly retryMs: number;
  /** By which the client came in, and not disposed here; undefined where nobody is asked for one. */
  readonly credential: Credential | undefined;
}

/**
 * An answer that is a stream of server-sent events, from its first byte to its end. A comment every 15 s keeps those who stand
 * between from giving it up. It is ended with a goodbye when the credential is no longer good, and cut when there was no room for the
 * next piece for 10 s. What is written is not bounded here: whoever writes waits until it was taken.
 */
export class SseResponse implements Disposable {
  readonly #options: SseResponseOptions;
  readonly #owned = new DisposableStore();
  readonly #deadline: WriteDeadline;
  readonly #close: Emitter<void>;
  #bufferedBytes = 0;
  #isEnded = false;

  constructor(options: SseResponseOptions) {
    this.#options = options;
    const { response, headers, clock, retryMs, credential, onListenerError } = options;
    this.#close = new Emitter(onListenerError);
    this.#deadline = this.#owned.add(new WriteDeadline(clock, () => this.#cut()));
    response.on('close', () => this.#closed());
    // Told by its close too.
    response.on('error', () => undefined);
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) {
        response.setHeader(name, value);
      }
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      // For proxies that gather answers otherwise.
      'x-accel-buffering': 'no',
    });
    this.write(`retry: ${retryMs}\n\n`);
    this.#beatLater();
    if (credential !== undefined) {
      this.#owned.add(credential.onEnded((end) => this.end(end)));
    }
  }

  /** Fires once when it ends, by either side. */
  get onClose(): Event<void> {
    return this.#close.event;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** What was written and not taken by the network yet. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** Calls back once the network took it; never after the end. */
  write(text: string | Buffer, onTaken?: () => void): void {
    if (this.#isEnded) {
      return;
    }
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    this.#bufferedBytes += bytes.length;
    this.#deadline.begin();
    this.#options.response.write(bytes, (error) => {
      this.#bufferedBytes -= bytes.length;
      if (!this.#isEnded) {
        this.#deadline.end();
        if (error === null || error === undefined) {
          onTaken?.();
        }
      }
    });
  }

  /** Says why it ends, after everything that was written. */
  end(goodbye: StreamMessages['goodbye']): void {
    if (this.#isEnded) {
      return;
    }
    const { response, clock } = this.#options;
    const { retryAfterMs } = goodbye;
    const retry = retryAfterMs === undefined ? '' : `retry: ${retryAfterMs}\n`;
    this.#end();
    const cut = clock.schedule(GRACE_MS, () => {
      cut.dispose();
      response.destroy();
    });
    response.once('close', () => cut.dispose());
    response.end(retry + sseText('goodbye', JSON.stringify(goodbye)));
  }

  dispose(): void {
    this.end({ code: CLOSE_CODES.goingAway, reason: 'the stream has ended' });
  }

  #cut(): void {
    this.#options.response.destroy();
    this.#end();
  }

  #closed(): void {
    this.#end();
  }

  #beatLater(): void {
    const beat = this.#options.clock.schedule(STREAM_HEARTBEAT_MS, () => {
      this.#owned.delete(beat);
      // While something waits the client has enough to read.
      if (!this.#deadline.isWaiting) {
        this.write(':\n\n');
      }
      this.#beatLater();
    });
    this.#owned.add(beat);
  }

  #end(): void {
    if (!this.#isEnded) {
      this.#isEnded = true;
      this.#owned.dispose();
      this.#close.fire();
      this.#close.dispose();
    }
  }
}
