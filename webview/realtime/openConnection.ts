import { systemClock } from '../../src/base/clock';
import { HubClient } from '../../src/client/hubClient';
import { browserNextFrame } from '../bridge/browserNextFrame';
import { documentVisibility } from '../bridge/documentVisibility';
import { vsCodeApi } from '../bridge/editor/vsCodeApi';
import { VsCodeChannel } from '../bridge/editor/vsCodeChannel';
import { createConnection, type Connection } from './connection';

/** The connection of the webview this runs in, its handshake under way. It ends with the page. */
export function openConnection(): Connection {
  // Rethrown outside of the listener's turn: it lands in the webview's console, and the other listeners are served.
  const report = (error: unknown): void => queueMicrotask(() => reportError(error));
  const channel = new VsCodeChannel(vsCodeApi(), window, report);
  const client = new HubClient(channel, systemClock, report, browserNextFrame);
  const connection = createConnection(client, systemClock, documentVisibility);
  window.addEventListener('pagehide', () => connection.dispose(), { once: true });
  client.connect();
  return connection;
}
