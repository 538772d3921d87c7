import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { FrameRate } from './frameRate';
import type { NextFrame } from './nextFrame';

/** A page that nobody sees is not painted, and is fed no faster than this. */
export const PAINT_PATIENCE_MS = 1_000;
/** Who paints nothing gives back half of the eight that a host lets be under way, so that it never waits for them… */
const GATHERED = 4;
/** …or what there is after this long. */
const GATHER_MS = 200;

export interface FrameCreditsOptions {
  readonly clock: Clock;
  /** Absent where nothing is painted. */
  readonly nextFrame: NextFrame | undefined;
  readonly send: (flow: { readonly credits: number; readonly fps?: number }) => void;
}

/**
 * Gives the host back a credit for each `events` message once it is worked off and the browser painted what came of it, or
 * after {@link PAINT_PATIENCE_MS} where it does not paint; several at once where several wait for the same paint. So the
 * host sends as fast as the view can show. Also tells the frame rate that the view reaches meanwhile. Where nothing is painted
 * several are given back at once, since a hub with thousands of clients reads each such message.
 */
export class FrameCredits implements Disposable {
  readonly #options: FrameCreditsOptions;
  readonly #waiting = new DisposableStore();
  readonly #rate: FrameRate | undefined;
  #owed = 0;

  constructor(options: FrameCreditsOptions) {
    this.#options = options;
    const { clock, nextFrame, send } = options;
    if (nextFrame !== undefined) {
      this.#rate = new FrameRate(clock, nextFrame, (fps) => send({ credits: 0, fps }));
    }
  }

  /** All listeners were told of a message. */
  workedOff(): void {
    this.#owed += 1;
    this.#rate?.fed();
    const { clock, nextFrame } = this.#options;
    if (nextFrame === undefined && this.#owed >= GATHERED) {
      this.#giveBack();
      return;
    }
    if (this.#owed > 1) {
      return;
    }
    if (nextFrame === undefined) {
      this.#waiting.add(clock.schedule(GATHER_MS, () => this.#giveBack()));
      return;
    }
    // A frame begins before it is painted; the turn after it is the first that is behind the paint.
    const afterTurn = (): void => void this.#waiting.add(clock.schedule(0, () => this.#giveBack()));
    this.#waiting.add(nextFrame(afterTurn));
    this.#waiting.add(clock.schedule(PAINT_PATIENCE_MS, () => this.#giveBack()));
  }

  /** The host starts anew, and counts anew. */
  reset(): void {
    this.#owed = 0;
    this.#waiting.clear();
    this.#rate?.dispose();
  }

  dispose(): void {
    this.reset();
    this.#waiting.dispose();
  }

  #giveBack(): void {
    const credits = this.#owed;
    this.#owed = 0;
    this.#waiting.clear();
    this.#options.send({ credits });
  }
}
