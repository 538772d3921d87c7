import { problemSchema, type Problem } from '../../../src/protocol/problem';
import { sourceStatusSchema, type SourceState } from '../../../src/protocol/sourceState';

/** Every code and every state that the protocol knows, so that a new one is tested without being named. */
export const PROBLEM_CODES = problemSchema.entries.code.options;
export const STATE_TYPES = sourceStatusSchema.entries.state.options.map(
  ({ entries }) => entries.type.literal,
);

/** A state of that type at the instant `now`, in wall milliseconds, with what it has of a problem and a next try. */
export function stateOf(type: SourceState['type'], problem: Problem, now: number): SourceState {
  const retryAt = now + 4_000;
  switch (type) {
    case 'idle':
    case 'connecting':
    case 'live':
    case 'paused':
      return { type };
    case 'syncing':
      return { type, loaded: 1 };
    case 'stale':
      return { type, since: now - 30_000, problem, retryAt };
    case 'reconnecting':
      return { type, attempt: 2, retryAt, problem };
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
      return { type, retryAt, problem };
    case 'failed':
      return { type, problem };
    default:
      return type satisfies never;
  }
}
