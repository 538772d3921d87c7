import type { SourceState } from '../protocol/sourceState';

/** A hub's wall clock beside this one, as one answer told it. */
export interface HubClocks {
  /** When the question was asked, by this clock: what is reckoned from it is rather too old than too young. */
  readonly askedAt: number;
  /** When it was answered, by the hub's. */
  readonly answeredAt: number;
}

/** An instant of the hub's by this clock. What is past there is past here. */
export function pastHere(instant: number, { askedAt, answeredAt }: HubClocks): number {
  return askedAt - Math.max(0, answeredAt - instant);
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
