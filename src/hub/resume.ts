import type { HubEvent } from '../protocol/hubEvent';
import { commandTopic, encodeSegment } from '../protocol/topics';
import { decodeCursor, encodeCursor, type Cursor } from './cursor';
import type { HubPosition } from './eventLog';
import type { Hub } from './hub';
import type { TopicFilter } from '../protocol/topicFilter';
import type { Source } from './source';

/** The first segments of topics of which every hub tells the same. */
const SHARED_KINDS = ['cluster', 'connection'];
/** Those of which each hub tells what it alone saw. */
const OWN_KINDS = ['away', 'node', 'addon', 'alert', 'metric', 'log'];
/** No source has this id. */
const NO_SOURCE = '';

/**
 * What somebody missed who comes with cursors.
 * - `known`: these events and no others
 * - `behind`: this source has not told yet what the other hub told; it may be known once it has
 * - `unknown`: it cannot be told, so that everything has to be asked again
 */
export type Resumption =
  | { readonly type: 'known'; readonly events: readonly HubEvent[] }
  | { readonly type: 'behind'; readonly source: Source }
  | { readonly type: 'unknown' };

const UNKNOWN: Resumption = { type: 'unknown' };

/**
 * What happened of `topics` after `cursors`, the last ones that somebody saw of each source.
 *
 * Of a hub's own cursors everything is known that it remembers. Those of another hub stand for the personas of a source,
 * by ResourceVersion, where both follow the same cluster; of the connection it is told as it is now, and what only the other
 * hub saw (alerts, logs, metrics…) is unknown. A source without a cursor was told of as far as any other was where all
 * cursors are this hub's own; beside those of another hub it is unknown. What was subscribed of any source is known where the
 * other hub had the same sources.
 */
export function resume(hub: Hub, cursors: readonly string[], topics: TopicFilter): Resumption {
  const own: Cursor[] = [];
  const foreign: Cursor[] = [];
  for (const text of cursors) {
    const cursor = decodeCursor(text);
    if (cursor === undefined) {
      return UNKNOWN;
    }
    (cursor.instance === hub.instance ? own : foreign).push(cursor);
  }
  if (own.length === 0 && foreign.length === 0) {
    return UNKNOWN;
  }
  if (foreign.length === 0) {
    return resumeOwn(hub, own, topics);
  }
  return own.length > 0 ? UNKNOWN : resumeForeign(hub, foreign, topics);
}

function resumeOwn(hub: Hub, cursors: readonly Cursor[], topics: TopicFilter): Resumption {
  const { position } = hub;
  const bySource = new Map<string, HubPosition>();
  let others: HubPosition = position;
  for (const { source, sequence, change } of cursors) {
    if (sequence > position.sequence || change > position.change) {
      return UNKNOWN;
    }
    others = earlier(others, { sequence, change });
    if (source !== undefined) {
      bySource.set(source, earlier(bySource.get(source) ?? position, { sequence, change }));
    }
  }
  const events = hub.missed({ bySource, others }, topics);
  return events === undefined ? UNKNOWN : { type: 'known', events };
}

function resumeForeign(hub: Hub, cursors: readonly Cursor[], topics: TopicFilter): Resumption {
  const bySource = new Map(cursors.map((cursor) => [cursor.source, cursor]));
  const isWatched = (kind: string, source: string): boolean =>
    topics.couldMatch(`${kind}.${encodeSegment(source)}`);
  const isForAnySource = [...SHARED_KINDS, ...OWN_KINDS].some((kind) => isWatched(kind, NO_SOURCE));
  const hasOthers = cursors.some(({ fleet }) => fleet !== hub.fleet);
  const isAmbiguous = bySource.size < cursors.length;
  if (isAmbiguous || (isForAnySource && hasOthers) || topics.couldMatch(commandTopic('any'))) {
    return UNKNOWN;
  }
  const watched = hub.sources().filter(({ id }) => SHARED_KINDS.some((kind) => isWatched(kind, id)));
  const ids = new Set([...bySource.keys(), ...hub.sources().map(({ id }) => id)]);
  const isUnknown = [...ids].some(
    (id) => id === undefined || hub.source(id) === undefined || OWN_KINDS.some((kind) => isWatched(kind, id)),
  );
  if (isUnknown) {
    return UNKNOWN;
  }
  const events: HubEvent[] = [];
  for (const source of watched) {
    const cursor = bySource.get(source.id);
    if (cursor?.state === undefined) {
      return UNKNOWN;
    }
    const since = source.since(cursor.state);
    if (since.type === 'unknown') {
      return UNKNOWN;
    }
    if (since.type === 'behind') {
      return { type: 'behind', source };
    }
    events.push(...hub.retold(source.id, since.names, encodeCursor(cursor), topics));
  }
  return { type: 'known', events };
}

/** What was told both times. */
export function earlier(a: HubPosition, b: HubPosition): HubPosition {
  return { sequence: Math.min(a.sequence, b.sequence), change: Math.min(a.change, b.change) };
}
