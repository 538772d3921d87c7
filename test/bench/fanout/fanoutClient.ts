import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '../../../src/base/clock';
import { isRecord } from '../../../src/base/jsonRecord';
import { FrameCredits } from '../../../src/client/frameCredits';
import type { Speech } from './fanoutParams';
import { WebSocketReader } from './webSocketReader';

const PATHS: Readonly<Record<Speech, string>> = { compat: '/ws', own: '/api/v1/ws' };
/** What the editor's extension subscribes to of a hub. */
const PATTERNS = ['cluster.*.*', 'connection.*'];
const FINAL_TEXT = 0x81;
const FINAL_PONG = 0x8a;
const MASKED = 0x80;
const TWO_BYTES = 126;
const SUBSCRIBED = 1;

export interface FanoutClientOptions {
  readonly url: string;
  readonly speech: Speech;
  readonly onEvent: (client: FanoutClient, name: string) => void;
  readonly onEnd: () => void;
}

/** One client of a hub, as cheap as a client can be. */
export class FanoutClient {
  readonly #options: FanoutClientOptions;
  readonly #socket: Socket;
  readonly #reader: WebSocketReader;
  readonly #credits: FrameCredits | undefined;
  /** Told of everything from now on. */
  readonly opened: Promise<void>;
  #open: () => void = () => undefined;
  #isLeaving = false;

  constructor(options: FanoutClientOptions) {
    this.#options = options;
    const { url, speech } = options;
    const { hostname, port, protocol, host } = new URL(url);
    const isTls = protocol === 'https:';
    this.#socket = isTls
      ? connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false })
      : connect(Number(port), hostname);
    this.#credits =
      speech === 'own'
        ? new FrameCredits({
            clock: systemClock,
            nextFrame: undefined,
            send: (flow) => this.say({ type: 'flow', ...flow }),
          })
        : undefined;
    this.#reader = new WebSocketReader({
      onOpen: () => this.#greet(),
      onText: (text) => this.#take(JSON.parse(text)),
      onPing: (payload) => this.#send(FINAL_PONG, payload),
      onClose: () => this.#socket.end(),
    });
    this.opened = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#socket.once('error', reject);
      this.#socket.once('close', () => reject(new Error('the server closed the connection')));
    });
    this.#socket.setNoDelay();
    this.#socket.on('data', (chunk) => this.#reader.read(chunk));
    this.#socket.on('close', () => this.#end());
    this.#socket.once(isTls ? 'secureConnect' : 'connect', () => {
      this.#socket.write(
        `GET ${PATHS[speech]} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      );
    });
  }

  say(message: unknown): void {
    this.#send(FINAL_TEXT, Buffer.from(JSON.stringify(message)));
  }

  /** Reads nothing from now on. */
  stall(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#isLeaving = true;
    this.#credits?.dispose();
    this.#socket.destroy();
  }

  #greet(): void {
    if (this.#options.speech === 'compat') {
      this.#open();
    } else {
      this.say({ type: 'ready', version: 1 });
      this.say({ type: 'subscribe', id: SUBSCRIBED, patterns: PATTERNS });
      this.say({ type: 'request', id: SUBSCRIBED, method: 'sources.list', params: {} });
    }
  }

  #take(message: unknown): void {
    if (!isRecord(message)) {
      throw new TypeError('the server sent no object');
    }
    if (this.#options.speech === 'compat') {
      this.#tell(message.data);
      return;
    }
    switch (message.type) {
      case 'events':
        if (Array.isArray(message.events)) {
          for (const event of message.events) {
            this.#tell(isRecord(event) ? event.data : undefined);
          }
        }
        this.#credits?.workedOff();
        return;
      case 'response':
        this.#open();
        return;
      case 'error':
        throw new Error(`the hub answered ${JSON.stringify(message)}`);
      default:
    }
  }

  /** Events that name no persona are of the connection to the cluster. */
  #tell(data: unknown): void {
    if (isRecord(data) && typeof data.name === 'string') {
      this.#options.onEvent(this, data.name);
    }
  }

  #send(first: number, payload: Buffer): void {
    const header =
      payload.length < TWO_BYTES
        ? Buffer.from([first, MASKED | payload.length, 0, 0, 0, 0])
        : Buffer.from([first, MASKED | TWO_BYTES, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
    this.#socket.write(Buffer.concat([header, payload]));
  }

  #end(): void {
    this.#credits?.dispose();
    if (!this.#isLeaving) {
      this.#options.onEnd();
    }
  }
}
