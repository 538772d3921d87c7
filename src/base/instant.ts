import type { Clock } from './clock';

/** A moment by both clocks. */
export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export function presentInstant(clock: Clock): Instant {
  return { wallMs: clock.now(), monotonicMs: clock.monotonic() };
}

/**
 * Milliseconds since then, by the clock that says more: sleep counts whether or not the platform's timers slept too, and a wall
 * clock that is set back makes nothing young again.
 */
export function millisecondsSince({ wallMs, monotonicMs }: Instant, clock: Clock): number {
  return Math.max(clock.now() - wallMs, clock.monotonic() - monotonicMs);
}

/** What it is by the wall clock now, and never in the future: where that was set back it is reckoned from the time since. */
export function wallTimeOf(instant: Instant, clock: Clock): number {
  const nowMs = clock.now();
  return instant.wallMs <= nowMs ? instant.wallMs : Math.floor(nowMs - millisecondsSince(instant, clock));
}
