import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import type { HttpAnswer } from '../../../src/transport/web/httpFetch';

type Chunk = { readonly done: boolean; readonly value?: Uint8Array };

/** An answer that comes as a test has it come. */
export class ScriptedStream {
  readonly answer: HttpAnswer;
  readonly #chunks: (Chunk | Error)[] = [];
  #read: { readonly resolve: (chunk: Chunk) => void; readonly reject: (error: Error) => void } | undefined;
  isCancelled = false;
  /** Pieces that somebody asked for. */
  reads = 0;

  constructor(contentType = 'text/event-stream') {
    const read = (): Promise<Chunk> =>
      new Promise((resolve, reject) => {
        this.reads += 1;
        this.#read = { resolve, reject };
        this.#pass();
      });
    const cancel = (): Promise<void> => {
      this.isCancelled = true;
      this.#put({ done: true });
      return Promise.resolve();
    };
    this.answer = {
      status: 200,
      headers: { get: (name) => (name === 'content-type' ? contentType : null) },
      body: { getReader: () => ({ read, cancel }) },
    };
  }

  say(text: string): void {
    this.#put({ done: false, value: new TextEncoder().encode(text) });
  }

  tell(name: string, data: unknown, id?: string): void {
    this.say(`${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  greet(id?: string): void {
    this.tell('hello', { version: PROTOCOL_VERSION, heartbeatMs: 15_000 }, id);
  }

  end(): void {
    this.#put({ done: true });
  }

  fail(): void {
    this.#put(new Error('the network is gone'));
  }

  #put(chunk: Chunk | Error): void {
    this.#chunks.push(chunk);
    this.#pass();
  }

  #pass(): void {
    const read = this.#read;
    const chunk = read === undefined ? undefined : this.#chunks.shift();
    if (read === undefined || chunk === undefined) {
      return;
    }
    this.#read = undefined;
    if (chunk instanceof Error) {
      read.reject(chunk);
    } else {
      read.resolve(chunk);
    }
  }
}
