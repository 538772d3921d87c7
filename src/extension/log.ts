import * as vscode from 'vscode';
import type { Logger } from '../base/logger';

export interface Log extends vscode.Disposable {
  readonly channel: vscode.LogOutputChannel;
  readonly logger: Logger;
}

/** The one channel that everything worth knowing goes to; its level is the user's choice. */
export function createLog(): Log {
  const channel = vscode.window.createOutputChannel('ClusterPersona', { log: true });
  let isOpen = true;
  // A closed channel throws, and whoever ends late must not fail for having something to say.
  const whileOpen = (write: (message: string) => void) => (message: string) => {
    if (isOpen) {
      write(message);
    }
  };
  const error = whileOpen((message) => channel.error(message));
  return {
    channel,
    logger: {
      debug: whileOpen((message) => channel.debug(message)),
      info: whileOpen((message) => channel.info(message)),
      warn: whileOpen((message) => channel.warn(message)),
      error: (message, cause) =>
        error(cause instanceof Error ? `${message}: ${cause.stack ?? cause.message}` : message),
    },
    dispose: () => {
      isOpen = false;
      channel.dispose();
    },
  };
}
