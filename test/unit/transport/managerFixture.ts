import assert from 'node:assert/strict';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import type { Logger } from '../../../src/base/logger';
import type { CloseReason } from '../../../src/protocol/closeReason';
import { ConnectionManager } from '../../../src/transport/connectionManager';
import type { ConnectionState } from '../../../src/transport/connectionState';
import {
  DEFAULT_CONNECTION_SETTINGS,
  type ConnectionSettings,
} from '../../../src/transport/connectionSettings';
import type { HubConnection, HubRoute } from '../../../src/transport/hubConnection';
import { webSocketRoute } from '../../../src/transport/web/webSocketChannel';
import { FakeClock } from '../../support/fakeClock';
import type { ScriptedCredentials } from './scriptedCredentials';
import { ScriptedSockets } from './scriptedSocket';

function rethrow(error: unknown): never {
  throw error;
}

const quiet: Logger = { debug() {}, info() {}, warn() {}, error: (_, cause) => rethrow(cause) };

/** A connection that a test opens and ends. */
class ScriptedConnection implements HubConnection {
  readonly #events = {
    message: new Emitter<unknown>(rethrow),
    open: new Emitter<void>(rethrow),
    accepted: new Emitter<void>(rethrow),
    close: new Emitter<void>(rethrow),
  };
  readonly onMessage = this.#events.message.event;
  readonly onOpen = this.#events.open.event;
  readonly onAccepted = this.#events.accepted.event;
  readonly onClose = this.#events.close.event;
  isOpen = false;
  isDisposed = false;
  closeReason: CloseReason | undefined;

  send(): void {}

  doubt(): void {}

  open(): void {
    this.isOpen = true;
    this.#events.open.fire();
    this.#events.accepted.fire();
  }

  end(reason: CloseReason): void {
    this.closeReason = reason;
    this.#events.close.fire();
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

/** A worse route, in the hands of a test. */
export class ScriptedRoute implements HubRoute {
  readonly kind: HubRoute['kind'];
  readonly maxMessageBytes = 1000;
  readonly all: ScriptedConnection[] = [];

  constructor(kind: HubRoute['kind'] = 'polling') {
    this.kind = kind;
  }

  connect(): ScriptedConnection {
    const connection = new ScriptedConnection();
    this.all.push(connection);
    return connection;
  }

  get last(): ScriptedConnection {
    const last = this.all.at(-1);
    assert.ok(last, 'the fallback was not tried');
    return last;
  }
}

/** A manager whose sockets, clock and chance are in the hands of a test. */
export class ManagerFixture {
  readonly clock = new FakeClock();
  readonly sockets = new ScriptedSockets();
  readonly awake = new Emitter<void>(rethrow);
  readonly states: ConnectionState[] = [];
  readonly openings: boolean[] = [];
  readonly listening = new DisposableStore();
  readonly manager: ConnectionManager;
  chance = 0.5;

  constructor(
    options: {
      credentials?: ScriptedCredentials;
      fallbacks?: readonly HubRoute[];
      settings?: Partial<ConnectionSettings>;
    } = {},
  ) {
    const { credentials, fallbacks = [], settings } = options;
    const shown = credentials === undefined ? {} : { credentials };
    const socketRoute = webSocketRoute({
      url: 'wss://hub.example/api/v1/ws',
      openSocket: this.sockets.open,
      clock: this.clock,
      logger: quiet,
      ...shown,
    });
    this.manager = new ConnectionManager({
      clock: this.clock,
      random: { next: () => this.chance },
      logger: quiet,
      settings: { ...DEFAULT_CONNECTION_SETTINGS, ...settings },
      routes: [socketRoute, ...fallbacks],
      onAwake: this.awake.event,
      ...shown,
    });
    this.listening.add(this.manager.onStateChanged((state) => this.states.push(state)));
    this.listening.add(this.manager.onOpenChanged((isOpen) => this.openings.push(isOpen)));
  }

  get state(): ConnectionState['type'] {
    return this.manager.state.type;
  }

  async start(): Promise<void> {
    this.manager.start();
    await this.clock.settle();
  }

  async open(): Promise<void> {
    await this.start();
    this.sockets.last.greet();
    assert.equal(this.state, 'open');
  }

  /** Milliseconds until the next attempt. */
  get waitMs(): number {
    const { state } = this.manager;
    assert.equal(state.type, 'reconnecting');
    return state.retryAt - this.clock.now();
  }

  finish(): void {
    this.listening.dispose();
    this.manager.dispose();
    assert.equal(this.sockets.openCount, 0, 'a socket is left');
    assert.equal(this.clock.pendingTimers, 0, 'a timer is left');
  }
}

/** The body of a test that is given a manager, whose end leaves nothing behind. */
export function withManager(
  body: (fixture: ManagerFixture) => Promise<void>,
  options?: ConstructorParameters<typeof ManagerFixture>[0],
): () => Promise<void> {
  return async () => {
    const fixture = new ManagerFixture(options);
    try {
      await body(fixture);
    } catch (error) {
      fixture.listening.dispose();
      fixture.manager.dispose();
      throw error;
    }
    fixture.finish();
  };
}
