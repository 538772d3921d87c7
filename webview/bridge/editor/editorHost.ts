import type { HubClient } from '../../../src/client/hubClient';
import type { ViewHost } from '../viewHost';

/**
 * The editor around a webview: it does every command, and is there for as long as the webview is. What goes wrong with a command
 * is the editor's to tell, in a notification: here it is only kept from being an unhandled rejection.
 */
export function editorHost(client: Pick<HubClient, 'request'>): ViewHost {
  return {
    offers: () => true,
    run: (command) => {
      client.request('command.run', { command }).catch(() => undefined);
    },
    hrefOf: () => undefined,
    seen: (status) => status,
    outage: () => undefined,
    onOutageChanged: () => () => undefined,
  };
}
