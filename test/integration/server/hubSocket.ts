import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

const PATIENCE_MS = 15_000;

/** A client of the hub's own face, by hand: it says what a test has it say and nothing else. */
export class HubSocket {
  readonly socket: WebSocket;
  readonly closing: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #opened: Promise<number>;
  readonly #received: Message[] = [];
  #wake: () => void = () => undefined;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    this.#opened = new Promise((resolve) => {
      this.socket.once('open', () => resolve(101));
      this.socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode ?? 0);
      });
    });
    this.socket.on('message', (data) => {
      assert.ok(Buffer.isBuffer(data));
      this.#received.push(JSON.parse(data.toString()));
      this.#wake();
    });
    // What kept it from opening is told by `opened`, and what ended it by its close.
    this.socket.on('error', () => undefined);
    this.closing = once(this.socket, 'close').then(([code, reason]) => {
      this.#wake();
      return { code: Number(code), reason: String(reason) };
    });
  }

  /** The HTTP status with which the connection was refused; 101 where it opened. */
  opened(): Promise<number> {
    return this.#opened;
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Takes the next message of this type, whatever others came before it. */
  next(type: string): Promise<Message> {
    return this.#take(type, (message) => message.type === type);
  }

  /** Takes what answers a request, be it a result or a problem. */
  answerTo(id: number): Promise<Message> {
    return this.#take(
      `answer to ${id}`,
      (message) => (message.type === 'response' || message.type === 'error') && message.id === id,
    );
  }

  async #take(what: string, isIt: (message: Message) => boolean): Promise<Message> {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const index = this.#received.findIndex(isIt);
      const [found] = index < 0 ? [] : this.#received.splice(index, 1);
      if (found !== undefined) {
        return found;
      }
      assert.ok(this.socket.readyState <= WebSocket.OPEN, `closed before ${what} came`);
      assert.ok(performance.now() < endMs, `no ${what} came`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Messages of this type that have come and were not taken. */
  count(type: string): number {
    return this.#received.filter((message) => message.type === type).length;
  }

  /** Starts the hub's protocol. */
  async greet(): Promise<Message> {
    if (this.socket.readyState === WebSocket.CONNECTING) {
      await once(this.socket, 'open');
    }
    this.say({ type: 'ready', version: 1 });
    return this.next('hello');
  }

  /** Asks, and answers with the result. */
  async ask(id: number, method: string, params: unknown = {}): Promise<unknown> {
    this.say({ type: 'request', id, method, params });
    for (;;) {
      const response = await this.next('response');
      if (response.id === id) {
        return response.result;
      }
    }
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
