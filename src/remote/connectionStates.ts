import type { SourceRoute, SourceState } from '../protocol/sourceState';
import type { ConnectionState } from '../transport/connectionState';

/** How a source is while its hub's connection is not open; what was true at `asOf` counts while nobody says otherwise. */
export function stateOfConnection(
  state: Exclude<ConnectionState, { readonly type: 'open' }>,
  asOf: number | undefined,
): SourceState {
  switch (state.type) {
    case 'idle':
    case 'connecting':
      return asOf === undefined ? { type: 'connecting' } : { type: 'stale', since: asOf };
    case 'reconnecting': {
      const { attempt, retryAt, problem } = state;
      return { type: 'reconnecting', attempt, retryAt, problem };
    }
    case 'unauthorized':
    case 'forbidden':
    case 'failed':
      return { type: state.type, problem: state.problem };
    default:
      return state satisfies never;
  }
}

/** By which way a hub is reached now. */
export function routeOf(state: ConnectionState): SourceRoute | undefined {
  if (state.type !== 'open') {
    return undefined;
  }
  const { route, problem } = state;
  return { type: route, ...(problem === undefined ? {} : { problem }) };
}
