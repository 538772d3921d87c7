import type { Clock } from '../base/clock';

/** Making credentials, or a TLS context, takes 1-2 ms: so many of them are well below what is noticed. */
const PER_TURN = 8;

/**
 * Spreads what it takes to connect over turns of the event loop: a thousand clusters that are connected at the same moment
 * would otherwise hold it up for over a second. A single connection never waits.
 */
export class ConnectPacer {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #left = PER_TURN;
  #isTurnScheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `connect` now or in one of the next turns, in the order in which it was asked. */
  begin(connect: () => void): void {
    if (this.#left === 0) {
      this.#waiting.push(connect);
      return;
    }
    this.#left -= 1;
    this.#scheduleTurn();
    connect();
  }

  /** Resolves now or in one of the next turns. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.begin(resolve));
  }

  #scheduleTurn(): void {
    if (this.#isTurnScheduled) {
      return;
    }
    this.#isTurnScheduled = true;
    this.#clock.schedule(0, () => {
      this.#isTurnScheduled = false;
      const connects = this.#waiting.splice(0, PER_TURN);
      this.#left = PER_TURN - connects.length;
      if (connects.length > 0) {
        this.#scheduleTurn();
      }
      for (const connect of connects) {
        connect();
      }
    });
  }
}

const pacers = new WeakMap<Clock, ConnectPacer>();

/** The one of everybody who goes by this clock: what is held up is the process they share. */
export function connectPacerOf(clock: Clock): ConnectPacer {
  let pacer = pacers.get(clock);
  if (pacer === undefined) {
    pacer = new ConnectPacer(clock);
    pacers.set(clock, pacer);
  }
  return pacer;
}
