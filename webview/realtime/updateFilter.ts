import type { HubEventType } from '../../src/protocol/hubEvent';
import { topicFilter } from '../../src/protocol/topicFilter';
import type { RecentItem } from './recentItems';
import type { RealtimeState, RealtimeUpdate } from './realtimeStore';

type Item = RecentItem<RealtimeUpdate>;

export interface UpdateFilterOptions {
  readonly patterns: readonly string[];
  /** Absent: all. */
  readonly types: readonly HubEventType[] | undefined;
  /** Absent: as many as are held. */
  readonly limit: number | undefined;
}

/**
 * Takes the updates that match out of the state. Each update is matched once, and what is taken stays the same array while
 * nothing else matches: so a component renders for its own updates alone.
 */
export function createUpdateFilter(options: UpdateFilterOptions): (state: RealtimeState) => readonly Item[] {
  const { patterns, types, limit = Number.POSITIVE_INFINITY } = options;
  const topics = topicFilter(patterns);
  const known = new WeakMap<Item, boolean>();
  let lastUpdates: readonly Item[] | undefined;
  let lastTaken: readonly Item[] = [];

  function matches(item: Item): boolean {
    let isMatch = known.get(item);
    if (isMatch === undefined) {
      const { type, topic } = item.value;
      isMatch = (types === undefined || types.includes(type)) && topics.matches(topic);
      known.set(item, isMatch);
    }
    return isMatch;
  }

  function take(updates: readonly Item[]): readonly Item[] {
    const taken: Item[] = [];
    for (const item of updates) {
      if (taken.length >= limit) {
        break;
      }
      if (matches(item)) {
        taken.push(item);
      }
    }
    return taken;
  }

  return ({ updates }) => {
    if (updates !== lastUpdates) {
      lastUpdates = updates;
      const taken = take(updates);
      if (taken.length !== lastTaken.length || taken.some((item, index) => item !== lastTaken[index])) {
        lastTaken = taken;
      }
    }
    return lastTaken;
  };
}
