import type { Clock } from '../../../src/base/clock';

/** Without proof for longer than this a source may not be called live, in milliseconds; timers are due at whole ones. */
const VISIBLE_LIMIT_MS = 20_001;
const HIDDEN_LIMIT_MS = 90_001;
/** A visible source looks at the wall clock this often; a hidden one only when a timer of it is due. */
const VISIBLE_TICK_MS = 5_000;
/** Proof may be an answer that was held up on its way for as long as a page of a list may take. */
const HELD_UP_MS = 30_000;

interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * Knows by other means than the informer's own how long a source may be called live: since something last came through
 * to it, and since what it holds was last right.
 */
export class FreshnessOracle {
  readonly #clock: Clock;
  #isVisible = false;
  #heard: Instant;
  #rightMs: number;
  /** When the wall clock last jumped, or somebody began or ceased to look. */
  #unsettledMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#heard = { wallMs: clock.now(), monotonicMs: clock.monotonic() };
    this.#rightMs = clock.monotonic();
    this.#unsettledMs = clock.monotonic();
  }

  heard(): void {
    this.#heard = { wallMs: this.#clock.now(), monotonicMs: this.#clock.monotonic() };
  }

  jumped(): void {
    this.#unsettledMs = this.#clock.monotonic();
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#unsettledMs = this.#clock.monotonic();
  }

  /** To be asked often. What is wrong about calling the source live or not; undefined when nothing is. */
  judge(isLive: boolean, isRight: boolean): string | undefined {
    const nowMs = this.#clock.monotonic();
    if (isRight || !isLive) {
      this.#rightMs = nowMs;
    }
    if (!isLive) {
      return undefined;
    }
    const limitMs = this.#isVisible ? VISIBLE_LIMIT_MS : HIDDEN_LIMIT_MS;
    const silenceMs = nowMs - this.#heard.monotonicMs;
    if (silenceMs > limitMs) {
      return `it was called live after ${silenceMs} ms of silence`;
    }
    const wallSilenceMs = this.#clock.now() - this.#heard.wallMs;
    const hasNoticedMs = this.#isVisible ? VISIBLE_TICK_MS : HIDDEN_LIMIT_MS;
    if (wallSilenceMs > limitMs && nowMs - this.#unsettledMs > hasNoticedMs) {
      return `it was called live after ${wallSilenceMs} ms of silence by the wall clock`;
    }
    const wrongMs = nowMs - this.#rightMs;
    return wrongMs > limitMs + HELD_UP_MS
      ? `it was called live though it was wrong for ${wrongMs} ms`
      : undefined;
  }
}
