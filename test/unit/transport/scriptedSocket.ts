import assert from 'node:assert/strict';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import { DEFAULT_REALTIME_LIMITS } from '../../../src/protocol/realtimeLimits';
import { OPEN, type OpenSocket, type Socket } from '../../../src/transport/web/socket';

const CLOSING = 2;

interface Listeners {
  readonly message: ((event: { readonly data: unknown }) => void)[];
  readonly close: ((event: { readonly code: number; readonly reason: string }) => void)[];
  readonly open: (() => void)[];
  readonly error: (() => void)[];
}

/** A WebSocket whose other side is in the hands of a test. */
export class ScriptedSocket implements Socket {
  readonly url: string;
  readonly sent: unknown[] = [];
  readonly #listeners: Listeners = { message: [], close: [], open: [], error: [] };
  bufferedAmount = 0;
  /** The code with which this side closed it. */
  closedWith: number | undefined;
  /** Neither side has closed it. */
  isOpen = true;
  sendError: Error | undefined;

  constructor(url: string) {
    this.url = url;
  }

  get readyState(): number {
    return this.isOpen ? OPEN : CLOSING;
  }

  addEventListener<T extends keyof Listeners>(type: T, listener: Listeners[T][number]): void {
    const listeners: Listeners[T][number][] = this.#listeners[type];
    listeners.push(listener);
  }

  send(text: string): void {
    if (this.sendError !== undefined) {
      throw this.sendError;
    }
    const message: unknown = JSON.parse(text);
    this.sent.push(message);
  }

  close(code?: number): void {
    assert.ok(
      code === undefined || code === 1000 || (code >= 3000 && code < 5000),
      `a browser does not close with ${code}`,
    );
    this.closedWith = code;
    this.isOpen = false;
  }

  /** The connection came about. */
  connect(): void {
    for (const listener of this.#listeners.open) {
      listener();
    }
  }

  /** The greeting of a hub. */
  greet(greeting: object = {}): void {
    const usual = { version: PROTOCOL_VERSION, features: [], heartbeatMs: 25_000, auth: 'none' };
    this.say({ type: 'greeting', ...usual, ...greeting });
  }

  /** A hub's first answer, after which it serves. */
  hello(): void {
    this.say({
      type: 'hello',
      version: PROTOCOL_VERSION,
      limits: DEFAULT_REALTIME_LIMITS,
      language: 'en',
      texts: {},
    });
  }

  say(message: unknown): void {
    this.sayRaw(JSON.stringify(message));
  }

  sayRaw(data: unknown): void {
    for (const listener of this.#listeners.message) {
      listener({ data });
    }
  }

  /** The other side closes, or the network does. */
  end(code = 1006, reason = ''): void {
    this.isOpen = false;
    for (const listener of this.#listeners.error) {
      listener();
    }
    for (const listener of this.#listeners.close) {
      listener({ code, reason });
    }
  }
}

/** Every socket that was opened. */
export class ScriptedSockets {
  readonly all: ScriptedSocket[] = [];

  readonly open: OpenSocket = (url) => {
    const socket = new ScriptedSocket(url);
    this.all.push(socket);
    return socket;
  };

  /** The one opened last; fails where there is none. */
  get last(): ScriptedSocket {
    const socket = this.all.at(-1);
    assert.ok(socket, 'no socket was opened');
    return socket;
  }

  get openCount(): number {
    return this.all.filter(({ isOpen }) => isOpen).length;
  }
}
