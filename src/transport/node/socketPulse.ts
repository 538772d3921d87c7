import type { WebSocket } from 'ws';
import type { Clock } from '../../base/clock';
import { DEADLINE, type Deadlines } from './deadlines';
import { MessageRate } from './messageRate';

const PING_MS = 54_000;
const PONG_PATIENCE_MS = 60_000;
/** Pings and pongs of the other side: nobody who means well sends one a second. */
const CONTROL_RATE = { perSecond: 10, burst: 100 };

/**
 * Finds out whether the other side is still there: it is sent a ping every 54 s, and is gone 60 s after its last pong. Its own
 * pings and pongs are counted: they cost as much as messages, and those between the pieces of a message keep what was read with
 * each piece in memory. Whoever has the deadlines hands on `ping`, and takes `pong` for the end.
 */
export class SocketPulse {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  /** Made when first needed. */
  #rate: MessageRate | undefined;

  constructor(socket: WebSocket, clock: Clock, deadlines: Deadlines) {
    this.#socket = socket;
    this.#clock = clock;
    this.#deadlines = deadlines;
    deadlines.set(DEADLINE.ping, PING_MS);
    this.resume();
  }

  /** It is time for a ping. */
  ping(): void {
    this.#socket.ping();
    this.#deadlines.set(DEADLINE.ping, PING_MS);
  }

  /** A ping or pong came; false where it is more than anybody needs. */
  hear(isPong: boolean): boolean {
    if (isPong) {
      this.resume();
    }
    this.#rate ??= new MessageRate(this.#clock, CONTROL_RATE);
    return this.#rate.take();
  }

  /** Nothing is read from it meanwhile, so that no pong can be heard. */
  pause(): void {
    this.#deadlines.clear(DEADLINE.pong);
  }

  resume(): void {
    this.#deadlines.set(DEADLINE.pong, PONG_PATIENCE_MS);
  }
}
