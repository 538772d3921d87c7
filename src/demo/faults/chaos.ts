import type { Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/disposable';
import { between, type Random } from '../../base/random';
import type { DemoFaults } from './demoFaults';
import type { JumpingClock } from './jumpingClock';

export interface ChaosOptions {
  readonly faults: DemoFaults;
  /** Paces the faults; it does not jump itself. */
  readonly clock: Clock;
  readonly random: Random;
  /** The server's clock. Absent: time does not jump. */
  readonly serverClock?: JumpingClock;
  /** Told what happens, one line each. */
  readonly onEvent: (line: string) => void;
}

/** A fault on its way. */
interface Played {
  readonly text: string;
  /** For a fault that lasts: what ends it, and after how long. */
  readonly lasting?: { readonly end: Disposable; readonly lastsMs: number };
}

type Play = (options: ChaosOptions) => Played;

/** Between two faults: enough for a client to recover, and to be seen to. */
const MIN_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 20_000;

/** Of faults that last: some are over before anybody notices, some are not. */
const MIN_FAULT_MS = 2_000;
const MAX_FAULT_MS = 20_000;

const MAX_JUMP_MS = 60 * 60_000;
const MAX_REFUSALS = 8;
const RETRY_AFTER_SECONDS = 2;

/**
 * Plays faults at random, one at a time, with pauses between them; whatever lasts is ended again, at the latest when the
 * result is disposed. The same `random` gives the same faults at the same times.
 */
export function startChaos(options: ChaosOptions): Disposable {
  return new Chaos(options);
}

class Chaos implements Disposable {
  readonly #options: ChaosOptions;
  readonly #plays: readonly Play[];
  #timer: Disposable | undefined;
  #fault: Disposable | undefined;

  constructor(options: ChaosOptions) {
    this.#options = options;
    this.#plays = options.serverClock === undefined ? PLAYS : [...PLAYS, jump(options.serverClock)];
    this.#pause();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#fault?.dispose();
    this.#fault = undefined;
  }

  #pause(): void {
    this.#after(between(this.#options.random, MIN_PAUSE_MS, MAX_PAUSE_MS), () => this.#play());
  }

  #play(): void {
    const { random, onEvent } = this.#options;
    const play = this.#plays[Math.floor(between(random, 0, this.#plays.length))];
    const played = play?.(this.#options);
    if (played?.lasting === undefined) {
      onEvent(played?.text ?? 'nothing');
      this.#pause();
      return;
    }
    const { end, lastsMs } = played.lasting;
    this.#fault = end;
    onEvent(`${played.text}, for ${seconds(lastsMs)}`);
    this.#after(lastsMs, () => {
      end.dispose();
      this.#fault = undefined;
      onEvent('back to normal');
      this.#pause();
    });
  }

  #after(ms: number, callback: () => void): void {
    this.#timer = this.#options.clock.schedule(ms, () => {
      this.#timer?.dispose();
      callback();
    });
  }
}

const PLAYS: readonly Play[] = [
  (options) => {
    const maxMs = Math.round(between(options.random, 100, 3_000));
    return lasting(options, `answers take up to ${maxMs} ms`, (faults) =>
      faults.slowDown({ minMs: maxMs / 10, maxMs }),
    );
  },
  ({ faults }) => ({ text: `${watches(faults.cutWatches('end'))} ended` }),
  ({ faults }) => ({ text: `${watches(faults.cutWatches('break'))} broken off` }),
  ({ faults }) => ({ text: `${watches(faults.expireWatches())} told 410 in the stream` }),
  (options) =>
    refusing(options, '410 where they go on from a revision', (faults, count) => faults.expireNext(count)),
  (options) => refusing(options, '429', (faults, count) => faults.throttleNext(count, RETRY_AFTER_SECONDS)),
  (options) => refusing(options, '500', (faults, count) => faults.failNext(count)),
  ({ faults }) => ({ text: `a line of garbage in ${watches(faults.garble('line'))}` }),
  ({ faults }) => ({ text: `half a line of garbage in ${watches(faults.garble('halfLine'))}` }),
  (options) => lasting(options, 'silence', (faults) => faults.silence()),
  (options) => lasting(options, '403 for every new request', (faults) => faults.deny()),
  ({ faults }) => ({
    text: `${faults.compact() ? 'the history is dropped, and ' : ''}${watches(faults.cutWatches('end'))} ended`,
  }),
];

function jump(serverClock: JumpingClock): Play {
  return (options) => {
    const ms = Math.round(between(options.random, -MAX_JUMP_MS, MAX_JUMP_MS));
    const where = ms < 0 ? 'back' : 'ahead';
    return lasting(options, `the server's clock jumps ${seconds(Math.abs(ms))} ${where}`, () => {
      serverClock.jump(ms);
      return toDisposable(() => serverClock.jump(-ms));
    });
  };
}

function lasting(options: ChaosOptions, text: string, begin: (faults: DemoFaults) => Disposable): Played {
  const lastsMs = between(options.random, MIN_FAULT_MS, MAX_FAULT_MS);
  return { text, lasting: { end: begin(options.faults), lastsMs } };
}

/** It ends after a while even if fewer requests come. */
function refusing(
  options: ChaosOptions,
  text: string,
  begin: (faults: DemoFaults, count: number) => Disposable,
): Played {
  const count = 1 + Math.floor(between(options.random, 0, MAX_REFUSALS));
  return lasting(options, `the next ${count} requests get ${text}`, (faults) => begin(faults, count));
}

function watches(count: number): string {
  return count === 1 ? '1 watch' : `${count} watches`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
