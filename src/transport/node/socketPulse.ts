import type { WebSocket } from 'ws';
import type { Clock } from '../../base/clock';
import { toDisposable, DisposableStore, type Disposable } from '../../base/disposable';
import { MessageRate } from './messageRate';

const PING_MS = 54_000;
const PONG_PATIENCE_MS = 60_000;
/** Pings and pongs of the other side: nobody who means well sends one a second. */
const CONTROL_RATE = { perSecond: 10, burst: 100 };

export interface SocketPulseOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  /** No pong came for 60 s. Called once. */
  readonly onDead: () => void;
  /** More pings and pongs come than anybody needs. */
  readonly onFlood: () => void;
}

/**
 * Finds out whether the other side is still there: it is sent a ping every 54 s, and is gone 60 s after its last pong. Its own
 * pings and pongs are counted: they cost as much as messages, and those between the pieces of a message keep what was read with
 * each piece in memory.
 */
export class SocketPulse implements Disposable {
  readonly #options: SocketPulseOptions;
  readonly #owned = new DisposableStore();
  #ping: Disposable | undefined;
  #death: Disposable | undefined;

  constructor(options: SocketPulseOptions) {
    this.#options = options;
    const { socket } = options;
    const rate = new MessageRate(options.clock, CONTROL_RATE);
    const onPing = (): void => {
      if (!rate.take()) {
        options.onFlood();
      }
    };
    const onPong = (): void => {
      this.#alive();
      onPing();
    };
    socket.on('ping', onPing);
    socket.on('pong', onPong);
    this.#owned.add(
      toDisposable(() => {
        socket.off('ping', onPing);
        socket.off('pong', onPong);
      }),
    );
    this.#owned.add(
      toDisposable(() => {
        this.#ping?.dispose();
        this.#death?.dispose();
      }),
    );
    this.#pingLater();
    this.#alive();
  }

  /** Nothing is read from it meanwhile, so that no pong can be heard. */
  pause(): void {
    this.#death?.dispose();
    this.#death = undefined;
  }

  resume(): void {
    this.#alive();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #pingLater(): void {
    const { socket, clock } = this.#options;
    this.#ping?.dispose();
    this.#ping = clock.schedule(PING_MS, () => {
      socket.ping();
      this.#pingLater();
    });
  }

  #alive(): void {
    if (this.#owned.isDisposed) {
      return;
    }
    const { clock, onDead } = this.#options;
    this.#death?.dispose();
    this.#death = clock.schedule(PONG_PATIENCE_MS, () => {
      this.dispose();
      onDead();
    });
  }
}
