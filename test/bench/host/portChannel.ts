import type { MessagePort } from 'node:worker_threads';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import type { Channel } from '../../../src/protocol/channel';

/** A channel over a MessagePort. Messages cross it as JSON, as VS Code has them between host and webview. */
export class PortChannel<Out> implements Channel<Out> {
  readonly #port: MessagePort;
  readonly #owned = new DisposableStore();
  readonly #message: Emitter<unknown>;
  readonly #close: Emitter<void>;

  constructor(port: MessagePort, onListenerError: (error: unknown) => void) {
    this.#port = port;
    this.#message = this.#owned.add(new Emitter<unknown>(onListenerError));
    this.#close = new Emitter<void>(onListenerError);
    port.on('message', (data: string) => this.#message.fire(JSON.parse(data)));
    port.on('close', () => this.dispose());
  }

  get onMessage() {
    return this.#message.event;
  }

  get onClose() {
    return this.#close.event;
  }

  send(message: Out): void {
    if (!this.#owned.isDisposed) {
      this.#port.postMessage(JSON.stringify(message));
    }
  }

  dispose(): void {
    if (this.#owned.isDisposed) {
      return;
    }
    this.#owned.dispose();
    this.#port.close();
    this.#close.fire();
    this.#close.dispose();
  }
}
