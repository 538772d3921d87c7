import { Emitter } from '../../../src/base/emitter';
import type { Channel } from '../../../src/protocol/channel';

function rethrow(error: unknown): never {
  throw error;
}

/** One end of a channel in memory. Messages are copied, as the platform does, and arrive later than they were sent. */
class ChannelEnd<Out> implements Channel<Out> {
  readonly #message = new Emitter<unknown>(rethrow);
  readonly #close = new Emitter<void>(rethrow);
  readonly onMessage = this.#message.event;
  readonly onClose = this.#close.event;
  #peer: ChannelEnd<unknown> | undefined;

  connectTo(peer: ChannelEnd<never>): void {
    this.#peer = peer;
  }

  send(message: Out): void {
    const peer = this.#peer;
    if (peer !== undefined) {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => peer.#message.fire(copy));
    }
  }

  dispose(): void {
    const peer = this.#peer;
    if (peer !== undefined) {
      this.#peer = undefined;
      peer.dispose();
      this.#close.fire();
      this.#message.dispose();
      this.#close.dispose();
    }
  }
}

/** Two ends of one channel; when one is disposed, both are closed. */
export function channelPair<Here, There>(): { here: Channel<Here>; there: Channel<There> } {
  const here = new ChannelEnd<Here>();
  const there = new ChannelEnd<There>();
  here.connectTo(there);
  there.connectTo(here);
  return { here, there };
}
