import * as vscode from 'vscode';
import type { Logger } from '../base/logger';

/** The one channel that everything worth knowing goes to; its level is the user's choice. */
export function createLog(): { readonly channel: vscode.LogOutputChannel; readonly logger: Logger } {
  const channel = vscode.window.createOutputChannel('ClusterPersona', { log: true });
  return {
    channel,
    logger: {
      debug: (message) => channel.debug(message),
      info: (message) => channel.info(message),
      warn: (message) => channel.warn(message),
      error: (message, cause) =>
        channel.error(cause instanceof Error ? `${message}: ${cause.stack ?? cause.message}` : message),
    },
  };
}
