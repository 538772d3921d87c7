/** Something that happened, held for a while. */
export interface RecentItem<T> {
  /** Of what happened, or of what it happened to: a later item with the same id takes its place. */
  readonly id: string;
  /** Wall milliseconds from which its age counts. */
  readonly since: number;
  /** Whether it was told again to somebody who came late: it is no news. */
  readonly isReplayed: boolean;
  readonly value: T;
}

/** How much is held. An item is given up once it is `ageMs` old. */
export interface RecentBounds {
  readonly count: number;
  readonly ageMs: number;
}

/**
 * `held` (latest first) with `news` (in the order in which they came) and within `bounds` at wall time `now`. What is new goes
 * to the front; what is replayed goes to its place in time, and never replaces what was told live. Costs one pass over both.
 * The same array comes back where nothing changed.
 */
export function withNews<T>(
  held: readonly RecentItem<T>[],
  news: readonly RecentItem<T>[],
  bounds: RecentBounds,
  now: number,
): readonly RecentItem<T>[] {
  // What is too old is held no more, whether or not that was noticed yet.
  const current = withinBounds(held, bounds, now);
  if (news.length === 0) {
    return current;
  }
  // The latest last: setting a key anew moves it to the end.
  const byId = new Map(current.toReversed().map((item) => [item.id, item]));
  for (const item of news) {
    if (!item.isReplayed) {
      byId.delete(item.id);
      byId.set(item.id, item);
    }
  }
  const replayed = new Map<string, RecentItem<T>>();
  for (const item of news) {
    const known = replayed.get(item.id) ?? byId.get(item.id);
    if (item.isReplayed && (known === undefined || (known.isReplayed && known.since <= item.since))) {
      byId.delete(item.id);
      replayed.delete(item.id);
      replayed.set(item.id, item);
    }
  }
  const live = [...byId.values()].reverse();
  return withinBounds(replayed.size === 0 ? live : merge(live, [...replayed.values()]), bounds, now);
}

/** What is left of `held` at wall time `now`; the same array where all of it is. */
function withinBounds<T>(
  held: readonly RecentItem<T>[],
  { count, ageMs }: RecentBounds,
  now: number,
): readonly RecentItem<T>[] {
  const isOver = held.length > count || held.some(({ since }) => now - since >= ageMs);
  // Not only at the end: after the wall clock was set back, items are not in the order of their age.
  return isOver ? held.filter(({ since }) => now - since < ageMs).slice(0, count) : held;
}

/** Wall milliseconds at which the first of `held` is too old; `undefined` where nothing is held. */
export function firstExpiry(held: readonly RecentItem<unknown>[], ageMs: number): number | undefined {
  let first: number | undefined;
  for (const { since } of held) {
    first = first === undefined || since + ageMs < first ? since + ageMs : first;
  }
  return first;
}

/** `replayed` (in the order in which they came) at their places in `held`, behind what was told live at the same instant. */
function merge<T>(
  held: readonly RecentItem<T>[],
  replayed: readonly RecentItem<T>[],
): readonly RecentItem<T>[] {
  const waiting = replayed.toReversed().sort((a, b) => b.since - a.since);
  const merged: RecentItem<T>[] = [];
  let next = 0;
  for (const item of held) {
    for (let other = waiting[next]; other !== undefined && goesBefore(other, item); other = waiting[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(item);
  }
  return [...merged, ...waiting.slice(next)];
}

function goesBefore(replayed: RecentItem<unknown>, held: RecentItem<unknown>): boolean {
  return replayed.since > held.since || (replayed.since === held.since && held.isReplayed);
}
