import { DisposableStore, toDisposable } from '../../../src/base/disposable';
import { Emitter, type ListenerErrorHandler } from '../../../src/base/emitter';
import type { Channel } from '../../../src/protocol/channel';
import type { ClientMessage } from '../../../src/protocol/messages';
import type { VsCodeApi } from './vsCodeApi';

/** The part of `window` that delivers messages of the extension host. */
export interface MessageTarget {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/**
 * The channel to the extension host. VS Code keeps order and delivers while the view is visible; it tells nobody when
 * the other side goes away, so this channel closes by `dispose` alone.
 */
export class VsCodeChannel implements Channel<ClientMessage> {
  readonly #post: VsCodeApi['postMessage'];
  readonly #owned = new DisposableStore();
  readonly #message: Emitter<unknown>;
  readonly #close: Emitter<void>;

  constructor(
    api: Pick<VsCodeApi, 'postMessage'>,
    target: MessageTarget,
    onListenerError: ListenerErrorHandler,
  ) {
    this.#post = api.postMessage;
    this.#message = new Emitter(onListenerError);
    this.#close = new Emitter(onListenerError);
    const listener = (event: { readonly data: unknown }): void => this.#message.fire(event.data);
    target.addEventListener('message', listener);
    this.#owned.add(toDisposable(() => target.removeEventListener('message', listener)));
    this.#owned.add(this.#message);
  }

  get onMessage(): Emitter<unknown>['event'] {
    return this.#message.event;
  }

  get onClose(): Emitter<void>['event'] {
    return this.#close.event;
  }

  send(message: ClientMessage): void {
    if (!this.#owned.isDisposed) {
      this.#post(message);
    }
  }

  dispose(): void {
    if (this.#owned.isDisposed) {
      return;
    }
    this.#owned.dispose();
    this.#close.fire();
    this.#close.dispose();
  }
}
