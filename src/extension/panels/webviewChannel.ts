import type * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { Channel } from '../../protocol/channel';
import type { ServerMessage } from '../../protocol/messages';

/**
 * A channel over VS Code's message API. What is sent to a view that is hidden arrives only where VS Code keeps hidden views;
 * the session sends nothing then but that it is hidden.
 */
export class WebviewChannel implements Channel<ServerMessage> {
  readonly #webview: vscode.Webview;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #message: Emitter<unknown>;
  readonly #close: Emitter<void>;

  constructor(panel: vscode.WebviewPanel, logger: Logger) {
    this.#webview = panel.webview;
    this.#logger = logger;
    const onListenerError = (error: unknown): void => logger.error('Handling a message failed', error);
    this.#message = new Emitter(onListenerError);
    this.#close = new Emitter(onListenerError);
    this.#owned.add(panel.webview.onDidReceiveMessage((data: unknown) => this.#message.fire(data)));
    this.#owned.add(panel.onDidDispose(() => this.dispose()));
  }

  get onMessage() {
    return this.#message.event;
  }

  get onClose() {
    return this.#close.event;
  }

  send(message: ServerMessage): void {
    if (!this.#owned.isDisposed) {
      this.#webview
        .postMessage(message)
        .then(undefined, (error: unknown) => this.#logger.error('A message could not be posted', error));
    }
  }

  dispose(): void {
    if (this.#owned.isDisposed) {
      return;
    }
    this.#owned.dispose();
    this.#close.fire();
    this.#close.dispose();
    this.#message.dispose();
  }
}
