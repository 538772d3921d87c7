import type { Clock } from '../base/clock';
import type { Instant } from '../informer/instant';
import type { SourceState } from '../protocol/sourceState';

/** A hub's wall clock beside this one, as one answer told it. */
export interface HubClocks {
  /** When the question was asked, by this clock: what is reckoned from it is rather too old than too young. */
  readonly askedAt: number;
  /** The same moment by this side's monotonic clock, which nobody sets. */
  readonly askedAtMs: number;
  /** When it was answered, by the hub's. */
  readonly answeredAt: number;
}

/** An instant of the hub's by this clock. What is past there is past here. */
export function pastHere(instant: number, { askedAt, answeredAt }: HubClocks): number {
  return askedAt - Math.max(0, answeredAt - instant);
}

/** A proof that the hub had at an instant of its own, by both clocks of this side. */
export function proofHere(instant: number, clocks: HubClocks): Instant {
  const ageMs = Math.max(0, clocks.answeredAt - instant);
  return { wallMs: clocks.askedAt - ageMs, monotonicMs: clocks.askedAtMs - ageMs };
}

/**
 * Time since then, the larger of wall and monotonic time: sleep counts whether or not the platform's timers slept too, and a
 * wall clock that is set back makes nothing young again.
 */
export function silenceSince({ wallMs, monotonicMs }: Instant, clock: Clock): number {
  return Math.max(0, clock.now() - wallMs, clock.monotonic() - monotonicMs);
}

/** What it is by the wall clock, and never in the future: where that was set back it is reckoned from the time since. */
export function wallTimeOf(instant: Instant, clock: Clock): number {
  const nowMs = clock.now();
  return instant.wallMs <= nowMs ? instant.wallMs : Math.floor(nowMs - silenceSince(instant, clock));
}

/** A state with its instants by this clock. */
export function stateHere(state: SourceState, clocks: HubClocks): SourceState {
  const { askedAt, answeredAt } = clocks;
  const here =
    'retryAt' in state && state.retryAt !== undefined
      ? { ...state, retryAt: state.retryAt - answeredAt + askedAt }
      : state;
  return here.type === 'stale' ? { ...here, since: pastHere(here.since, clocks) } : here;
}
