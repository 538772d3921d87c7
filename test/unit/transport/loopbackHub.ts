import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../src/base/clock';
import { DisposableStore, toDisposable } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { Hub } from '../../../src/hub/hub';
import { Session } from '../../../src/hub/session';
import { connectionTimers } from '../../../src/transport/node/connectionTimers';
import type { Checked, Credential, CredentialEnd } from '../../../src/transport/node/credential';
import { ReasonedWebSocket } from '../../../src/transport/node/reasonedWebSocket';
import { ServerWebSocketChannel } from '../../../src/transport/node/serverWebSocketChannel';
import { SharedFrame } from '../../../src/transport/node/sharedFrame';

/** A hub with one source, `s`, that serves clients over real WebSockets on loopback. */
export class LoopbackHub {
  readonly hub: Hub;
  readonly port: number;
  readonly channels = new Set<ServerWebSocketChannel>();
  readonly revoked = new Emitter<CredentialEnd>((error) => {
    throw error;
  });
  /** Nobody else is let in; without one nobody is asked. */
  token: string | undefined;
  readonly #owned = new DisposableStore();
  readonly #timers = this.#owned.add(connectionTimers(systemClock));
  readonly #close: () => Promise<void>;

  private constructor(hub: Hub, port: number, close: () => Promise<void>) {
    this.hub = this.#owned.add(hub);
    this.port = port;
    this.#close = close;
  }

  /** Listens once its source is live. `port` 0 is any that is free. */
  static async start(fetch: KubeFetch, port = 0): Promise<LoopbackHub> {
    const hub = new Hub({ clock: systemClock, random: systemRandom, logger: nullLogger });
    const open = () => Promise.resolve({ fetch, dispose: () => {} });
    const source = hub.addSource({ id: 's', kind: 'kubeconfig', label: 's', open });
    await new Promise<void>((resolve) => {
      const listening = source.onStateChanged(({ type }) => {
        if (type === 'live') {
          listening.dispose();
          resolve();
        }
      });
      source.connect();
    });
    const http = createServer();
    const upgrader = new WebSocketServer({ server: http, path: '/api/v1/ws', WebSocket: ReasonedWebSocket });
    http.listen(port, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address() as AddressInfo;
    const started = new LoopbackHub(hub, address.port, async () => {
      const gone = [...upgrader.clients].map(async (socket) => {
        socket.terminate();
        await once(socket, 'close');
      });
      await Promise.all(gone);
      upgrader.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    });
    upgrader.on('connection', (socket, request) => started.#serve(socket, request.socket));
    return started;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/api/v1/ws`;
  }

  /** The process is gone: nobody says goodbye. */
  async kill(): Promise<void> {
    await this.#close();
    this.#owned.dispose();
  }

  #serve(socket: ReasonedWebSocket, connection: Socket): void {
    const { token, revoked, hub } = this;
    const credential: Credential = { onEnded: revoked.event, dispose() {} };
    const channel = new ServerWebSocketChannel({
      socket,
      connection,
      clock: systemClock,
      timers: this.#timers,
      sharedFrame: new SharedFrame(),
      logger: nullLogger,
      features: [],
      ...(token === undefined
        ? {}
        : {
            checkCredential: (shown: string): Promise<Checked> =>
              Promise.resolve(
                shown === token
                  ? { ok: true, credential }
                  : { ok: false, end: { code: 4401, reason: 'the token is not known' } },
              ),
          }),
    });
    this.channels.add(channel);
    const served = this.#owned.add(new DisposableStore());
    served.add(channel);
    served.add(toDisposable(() => this.channels.delete(channel)));
    served.add(channel.onClose(() => this.#owned.delete(served)));
    served.add(
      channel.onOpened(() =>
        served.add(
          new Session({
            hub,
            channel,
            clock: systemClock,
            random: systemRandom,
            logger: nullLogger,
            hello: () => ({ language: 'en', texts: {} }),
            runCommand: () => Promise.resolve(),
            logTailLines: () => 20,
          }),
        ),
      ),
    );
    channel.start();
  }
}
