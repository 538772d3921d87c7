import type { SourceState } from '../../src/protocol/sourceState';

const RANKS: Readonly<Record<SourceState['type'], number>> = {
  failed: 0,
  unauthorized: 1,
  forbidden: 2,
  notInstalled: 3,
  stale: 4,
  reconnecting: 5,
  idle: 6,
  paused: 7,
  connecting: 8,
  syncing: 9,
  live: 10,
};

/** What needs somebody comes first. */
export function stateRank({ type }: SourceState): number {
  return RANKS[type];
}
