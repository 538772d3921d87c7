import type { Instant } from '../base/instant';
import type { SourceState } from '../protocol/sourceState';

/** A hub's wall clock beside this one, as one answer told it. */
export interface HubClocks {
  /** When the question was asked, by the clocks of this side: what is reckoned from it is rather too old than too young. */
  readonly askedAt: Instant;
  /** When it was answered, by the hub's. */
  readonly answeredAt: number;
}

/** An instant of the hub's by this clock. What is past there is past here. */
export function pastHere(instant: number, { askedAt, answeredAt }: HubClocks): number {
  return askedAt.wallMs - Math.max(0, answeredAt - instant);
}

/** A proof that the hub had at an instant of its own, by both clocks of this side. */
export function proofHere(instant: number, { askedAt, answeredAt }: HubClocks): Instant {
  const ageMs = Math.max(0, answeredAt - instant);
  return { wallMs: askedAt.wallMs - ageMs, monotonicMs: askedAt.monotonicMs - ageMs };
}

/** A state with its instants by this clock. */
export function stateHere(state: SourceState, clocks: HubClocks): SourceState {
  const { askedAt, answeredAt } = clocks;
  const here =
    'retryAt' in state && state.retryAt !== undefined
      ? { ...state, retryAt: state.retryAt - answeredAt + askedAt.wallMs }
      : state;
  return here.type === 'stale' ? { ...here, since: pastHere(here.since, clocks) } : here;
}
