import { FakeClock } from '../../support/fakeClock';
import { Emitter } from '../../../src/base/emitter';
import type { Channel } from '../../../src/protocol/channel';
import { PROTOCOL_VERSION, type ClientMessage, type View } from '../../../src/protocol/messages';
import { DEFAULT_REALTIME_LIMITS } from '../../../src/protocol/realtimeLimits';
import { HubClient } from '../../../src/client/hubClient';

const DETAIL_VIEW: View = { type: 'detail', source: 's', name: 'eu' };

export type SentRequest = Extract<ClientMessage, { type: 'request' }>;

function rethrow(error: unknown): never {
  throw error;
}

/** The other end of a view's channel, in the hands of a test. */
export class ScriptedHost implements Channel<ClientMessage> {
  readonly sent: ClientMessage[] = [];
  readonly #message = new Emitter<unknown>(rethrow);
  readonly #close = new Emitter<void>(rethrow);
  #isClosed = false;
  readonly onMessage = this.#message.event;
  readonly onClose = this.#close.event;

  send(message: ClientMessage): void {
    if (!this.#isClosed) {
      this.sent.push(message);
    }
  }

  deliver(message: unknown): void {
    this.#message.fire(message);
  }

  hello(version: number = PROTOCOL_VERSION): void {
    this.deliver({
      type: 'hello',
      version,
      view: DETAIL_VIEW,
      limits: DEFAULT_REALTIME_LIMITS,
      language: 'en',
      texts: {},
    });
  }

  respond(id: number, result: unknown): void {
    this.deliver({ type: 'response', id, result });
  }

  event(type: string, data: object): void {
    this.deliver({ type: 'events', events: [hubEvent(type, data)] });
  }

  ofType<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter(
      (message): message is Extract<ClientMessage, { type: T }> => message.type === type,
    );
  }

  requests(method?: string): SentRequest[] {
    return this.ofType('request').filter((request) => method === undefined || request.method === method);
  }

  /** The request sent last; fails where there is none. */
  lastRequest(method: string): SentRequest {
    const request = this.requests(method).at(-1);
    if (request === undefined) {
      throw new Error(`no ${method} was sent`);
    }
    return request;
  }

  dispose(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#close.fire();
    }
  }
}

export function hubEvent(type: string, data: object): object {
  return { type, topic: 't', cursor: 'c', at: 0, priority: 'normal', data };
}

/** A client whose handshake has not begun. */
export function makeClient(): { host: ScriptedHost; clock: FakeClock; client: HubClient } {
  const host = new ScriptedHost();
  const clock = new FakeClock();
  return { host, clock, client: new HubClient(host, clock, rethrow) };
}

/** A client through which messages flow. */
export function makeOpenClient(): { host: ScriptedHost; clock: FakeClock; client: HubClient } {
  const made = makeClient();
  made.client.connect();
  made.host.hello();
  return made;
}
