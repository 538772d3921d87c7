/** What is known of one stream of the host (a log, a series of figures) without reading it. */
interface StreamState {
  /** The host holds the items `first` to `next - 1`. */
  readonly first: number;
  readonly next: number;
  /** Items that the host let go before this view was told that they can be read. */
  readonly lost: number;
  /** Wall milliseconds at which that was last told. */
  readonly since: number;
}

/** By topic; what was told longest ago comes first. */
export type StreamStates = ReadonlyMap<string, StreamState>;

export interface StreamNews {
  readonly topic: string;
  readonly first: number;
  readonly next: number;
}

/** Of each kind. A view shows a few; this bounds one that subscribes to everything. */
export const MAX_STREAMS = 1_000;

/**
 * `held` with `news` (in the order in which they came), without the streams of which nothing was told for `ageMs` at wall time
 * `now`. The same map comes back where nothing changed.
 */
export function withStreamNews(
  held: StreamStates,
  news: readonly StreamNews[],
  ageMs: number,
  now: number,
): StreamStates {
  const oldest = firstOf(held);
  if (news.length === 0 && (oldest === undefined || now - oldest.since < ageMs)) {
    return held;
  }
  const states = new Map(held);
  for (const { topic, first, next } of news) {
    const known = states.get(topic);
    // A stream that begins anew has lost nothing that anybody waits for.
    const lost = known === undefined || next < known.next ? 0 : known.lost + Math.max(0, first - known.next);
    states.delete(topic);
    states.set(topic, { first, next, lost, since: now });
  }
  for (const [topic, { since }] of states) {
    if (states.size <= MAX_STREAMS && now - since < ageMs) {
      break;
    }
    states.delete(topic);
  }
  return states;
}

/** Wall milliseconds at which the first of `held` is forgotten; `undefined` where nothing is held. */
export function firstStreamExpiry(held: StreamStates, ageMs: number): number | undefined {
  const oldest = firstOf(held);
  return oldest === undefined ? undefined : oldest.since + ageMs;
}

function firstOf(held: StreamStates): StreamState | undefined {
  for (const state of held.values()) {
    return state;
  }
  return undefined;
}
