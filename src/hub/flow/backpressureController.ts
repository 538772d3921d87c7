import type { FlowSettings } from '../hubSettings';

/** What the rate is judged by; `undefined` is what nobody knows. */
export interface Pressure {
  /** Of the process, 0 to 1 since the last judgement. */
  readonly eventLoopUtilisation: number | undefined;
  /** Share of the heap's limit that is in use. */
  readonly heapFraction: number | undefined;
  /** Frames a second that the view reaches while it is seen and fed. */
  readonly fps: number | undefined;
}

/**
 * Why a rate is what it is.
 * - `initial`: it was never changed
 * - `eventLoop`, `heap`, `frameRate`: it was lowered, because this had too much
 * - `calm`: it was raised
 * - `settings`: the bounds are others
 */
export type RateReason = 'initial' | 'eventLoop' | 'heap' | 'frameRate' | 'calm' | 'settings';

type RateBounds = Pick<FlowSettings, 'minRate' | 'maxRate' | 'initialRate'>;

const SLOWER = 0.8;
const FASTER = 1.2;
const BUSY_LOOP = 0.8;
const CALM_LOOP = 0.5;
const FULL_HEAP = 0.85;
const CALM_HEAP = 0.6;
const JERKY_FPS = 30;
const SMOOTH_FPS = 50;

/**
 * Decides how many frames a second one subscriber is sent. One figure that is bad slows down; all must be good to speed up.
 * A figure that is unknown counts for neither: it is left out of the judgement, and where nothing is known the rate stays.
 * So a host that cannot measure its heap still follows the view, and a client without a screen the host.
 */
export class BackpressureController {
  #bounds: RateBounds;
  #rate: number;
  #reason: RateReason = 'initial';

  constructor(bounds: RateBounds) {
    this.#bounds = bounds;
    this.#rate = clamp(bounds.initialRate, bounds);
  }

  /** Frames a second. */
  get rate(): number {
    return this.#rate;
  }

  /** Why it last changed. */
  get reason(): RateReason {
    return this.#reason;
  }

  /** Judges once; to be called every 5 s while something is sent. */
  judge({ eventLoopUtilisation: loop, heapFraction: heap, fps }: Pressure): void {
    if (isAbove(loop, BUSY_LOOP)) {
      this.#set(this.#rate * SLOWER, 'eventLoop');
    } else if (isAbove(heap, FULL_HEAP)) {
      this.#set(this.#rate * SLOWER, 'heap');
    } else if (fps !== undefined && fps < JERKY_FPS) {
      this.#set(this.#rate * SLOWER, 'frameRate');
    } else if (
      (loop !== undefined || heap !== undefined || fps !== undefined) &&
      (loop === undefined || loop < CALM_LOOP) &&
      (heap === undefined || heap < CALM_HEAP) &&
      (fps === undefined || fps > SMOOTH_FPS)
    ) {
      this.#set(this.#rate * FASTER, 'calm');
    }
  }

  /** Other bounds, in effect at once; a rate that was never judged becomes the new initial one. */
  setBounds(bounds: RateBounds): void {
    this.#bounds = bounds;
    if (this.#reason === 'initial') {
      this.#rate = clamp(bounds.initialRate, bounds);
    } else {
      this.#set(this.#rate, 'settings');
    }
  }

  /** For a subscriber that starts anew. */
  reset(): void {
    this.#rate = clamp(this.#bounds.initialRate, this.#bounds);
    this.#reason = 'initial';
  }

  /** At a bound already, nothing changes and neither does the reason. */
  #set(rate: number, reason: RateReason): void {
    const next = clamp(rate, this.#bounds);
    if (next !== this.#rate) {
      this.#rate = next;
      this.#reason = reason;
    }
  }
}

function isAbove(figure: number | undefined, bound: number): boolean {
  return figure !== undefined && figure > bound;
}

function clamp(rate: number, { minRate, maxRate }: RateBounds): number {
  return Math.max(minRate, Math.min(rate, maxRate));
}
