import type { Socket } from 'node:net';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';

/** Connections on which no request has come yet; Node lets them be silent for ever. */
export class SilentSockets {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #timers = new Map<Socket, Disposable>();

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Breaks the connection when it has been silent for too long. */
  add(socket: Socket): void {
    this.#timers.set(
      socket,
      this.#clock.schedule(this.#timeoutMs, () => socket.destroy()),
    );
    socket.once('close', () => this.delete(socket));
  }

  delete(socket: Socket): void {
    this.#timers.get(socket)?.dispose();
    this.#timers.delete(socket);
  }
}
