import assert from 'node:assert/strict';
import type { Disposable } from '../../../src/base/disposable';
import type { Channel } from '../../../src/protocol/channel';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import {
  decode,
  PROTOCOL_VERSION,
  serverMessageSchema,
  type ClientMessage,
  type ServerMessage,
} from '../../../src/protocol/messages';
import type { RequestMethod, RequestResult } from '../../../src/protocol/requests';
import { decodeResult } from './decodeResult';

/**
 * The client's end of a session, by hand; checks that every message it gets is one of the protocol's. It works off each
 * frame of events at once, unless a test gives credits back itself.
 */
export class RawClient implements Disposable {
  readonly #channel: Channel<ClientMessage>;
  readonly #received: ServerMessage[] = [];
  readonly #subscription: Disposable;
  #requests = 0;

  constructor(channel: Channel<ClientMessage>, { givesBack = true } = {}) {
    this.#channel = channel;
    this.#subscription = channel.onMessage((data) => {
      const decoded = decode(serverMessageSchema, data);
      assert.ok(decoded.ok, `not a message: ${JSON.stringify(data)}`);
      this.#received.push(decoded.value);
      if (givesBack && decoded.value.type === 'events') {
        channel.send({ type: 'flow', credits: 1 });
      }
    });
  }

  /** What is sent may be none of the protocol's messages. */
  send(message: unknown): void {
    const channel: { send(message: unknown): void } = this.#channel;
    channel.send(message);
  }

  ready(...patterns: readonly string[]): void {
    this.#channel.send({ type: 'ready', version: PROTOCOL_VERSION });
    if (patterns.length > 0) {
      this.#channel.send({ type: 'subscribe', id: 1, patterns: [...patterns] });
    }
  }

  /** Its id. */
  request(method: string, params: unknown = {}): number {
    this.#requests += 1;
    this.#channel.send({ type: 'request', id: this.#requests, method, params });
    return this.#requests;
  }

  cancel(id: number): void {
    this.#channel.send({ type: 'cancel', id });
  }

  /** What came since the last call. */
  take(): ServerMessage[] {
    return this.#received.splice(0);
  }

  /** The frames of events since the last call, whatever else came. */
  takeFrames(): HubEvent[][] {
    return this.take().flatMap((message) => (message.type === 'events' ? [message.events] : []));
  }

  /** The problem that answers a request. */
  problemOf(id: number): string {
    const answer = this.#answerTo(id);
    assert.ok(answer.type === 'error', `not an error: ${JSON.stringify(answer)}`);
    return answer.problem.code;
  }

  /** The answer to a request, which has to be what the protocol promises. */
  resultOf<M extends RequestMethod>(id: number, method: M): RequestResult<M> {
    const answer = this.#answerTo(id);
    assert.ok(answer.type === 'response', `not a result: ${JSON.stringify(answer)}`);
    return decodeResult(method, answer.result);
  }

  #answerTo(id: number): ServerMessage {
    const [answer, ...others] = this.#received.filter((message) => 'id' in message && message.id === id);
    assert.ok(answer !== undefined && others.length === 0, `${id} was not answered once`);
    return answer;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  close(): void {
    this.#channel.dispose();
  }
}
