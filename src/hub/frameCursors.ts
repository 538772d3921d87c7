import type { HubEvent } from '../protocol/hubEvent';
import { decodeCursor } from './cursor';
import { sourceOf, type HubPosition } from './eventLog';
import type { Hub } from './hub';

/**
 * Gives the events of a frame that is about to be sent the cursor of where its receiver then is: of now, unless something
 * waits that happened before. Events are gathered and may overtake each other, so that their own cursors do not say what was
 * told. `waiting` are events than which no other that waits is older; `undefined` says that the receiver misses something else,
 * and then the cursors are empty. Those of before would not do: a hub that is resumed from them takes for told what this
 * frame unsays, as of a source that was disconnected.
 */
export function withCursors(
  hub: Hub,
  events: readonly HubEvent[],
  waiting: readonly HubEvent[] | undefined,
): HubEvent[] {
  const at = waiting === undefined ? 'unknown' : positionBefore(hub, waiting);
  if (at === 'unknown') {
    return events.map((event) => ({ ...event, cursor: '' }));
  }
  const cursors = new Map<string | undefined, string>();
  return events.map((event) => {
    const source = sourceOf(event);
    const cursor = cursors.get(source) ?? hub.cursor(source, at);
    cursors.set(source, cursor);
    return { ...event, cursor };
  });
}

/** Undefined where nothing waits. */
function positionBefore(hub: Hub, waiting: readonly HubEvent[]): HubPosition | 'unknown' | undefined {
  let before: HubPosition | undefined;
  for (const { cursor } of waiting) {
    const own = decodeCursor(cursor);
    if (own?.instance !== hub.instance) {
      return 'unknown';
    }
    const { sequence, change } = own;
    before = {
      sequence: Math.max(0, Math.min(sequence - 1, before?.sequence ?? sequence)),
      change: Math.max(0, Math.min(change - 1, before?.change ?? change)),
    };
  }
  return before;
}
