import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { NextFrame } from './nextFrame';

/** Long enough for the figure to be worth something: 60 paints or so. */
const MEASURE_MS = 1_000;
/** From the beginning of one measurement to the next; the host judges as often. */
const EVERY_MS = 5_000;
/** A measurement that took longer says nothing: the page was hidden or its machine asleep meanwhile. */
const VOID_MS = 3_000;
/** Whoever is sent less than this while it is measured is not being fed, and its rate says nothing of what it can bear. */
const FED_AT_LEAST = 2;

/**
 * How often a second the page is painted while it is fed: for one second of every five at most, and not at all while nothing
 * comes, since asking for paints costs something itself.
 */
export class FrameRate implements Disposable {
  readonly #clock: Clock;
  readonly #nextFrame: NextFrame;
  readonly #onMeasured: (fps: number) => void;
  #beganAt = Number.NEGATIVE_INFINITY;
  #waiting: Disposable | undefined;
  #firstPaintAt: number | undefined;
  #paints = 0;
  #fed = 0;

  constructor(clock: Clock, nextFrame: NextFrame, onMeasured: (fps: number) => void) {
    this.#clock = clock;
    this.#nextFrame = nextFrame;
    this.#onMeasured = onMeasured;
  }

  /** To be told of everything that the view is fed. */
  fed(): void {
    this.#fed += 1;
    const now = this.#clock.monotonic();
    if (this.#waiting === undefined && now - this.#beganAt >= EVERY_MS) {
      this.#beganAt = now;
      this.#firstPaintAt = undefined;
      this.#paints = 0;
      this.#fed = 1;
      this.#await();
    }
  }

  dispose(): void {
    this.#waiting?.dispose();
    this.#waiting = undefined;
    this.#beganAt = Number.NEGATIVE_INFINITY;
  }

  #await(): void {
    this.#waiting = this.#nextFrame(() => this.#onFrame());
  }

  #onFrame(): void {
    this.#waiting?.dispose();
    this.#waiting = undefined;
    const now = this.#clock.monotonic();
    if (this.#firstPaintAt === undefined) {
      this.#firstPaintAt = now;
      this.#await();
      return;
    }
    this.#paints += 1;
    const tookMs = now - this.#firstPaintAt;
    if (tookMs < MEASURE_MS) {
      this.#await();
    } else if (tookMs < VOID_MS && this.#fed >= FED_AT_LEAST) {
      this.#onMeasured((1000 * this.#paints) / tookMs);
    }
  }
}
