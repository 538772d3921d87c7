import type { Problem } from './problem';
import type { SourceState } from './sourceState';

/** What keeps a hub from following its cluster is the hub's own trouble: nothing that its client could sign in to or set up. */
function upstream({ code, detail }: Problem): Problem {
  return { code: 'upstream', detail: `${code}: ${detail}` };
}

/** A state of a hub's source as it is for a client of that hub. */
export function upstreamState(state: SourceState): SourceState {
  switch (state.type) {
    case 'idle':
      return {
        type: 'failed',
        problem: { code: 'upstream', detail: 'it is not connected to this cluster' },
      };
    case 'stale':
      return state.problem === undefined ? state : { ...state, problem: upstream(state.problem) };
    case 'reconnecting':
    case 'failed':
      return { ...state, problem: upstream(state.problem) };
    case 'unauthorized':
    case 'forbidden': {
      const problem = upstream(state.problem);
      const { retryAt } = state;
      return retryAt === undefined
        ? { type: 'failed', problem }
        : { type: 'reconnecting', attempt: 1, retryAt, problem };
    }
    case 'connecting':
    case 'syncing':
    case 'live':
    case 'notInstalled':
    case 'paused':
      return state;
    default:
      return state satisfies never;
  }
}
