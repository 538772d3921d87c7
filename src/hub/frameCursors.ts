import type { HubEvent } from '../protocol/hubEvent';
import { decodeCursor } from './cursor';
import { sourceOf, type HubPosition } from './eventLog';
import type { Hub } from './hub';

const NOTHING_TOLD: HubPosition = { sequence: 0, change: 0 };

/**
 * Gives the events of a frame that is about to be sent the cursor of where its receiver then is: of now, unless something
 * waits that happened before. Events are gathered and may overtake each other, so that their own cursors do not say what was
 * told. `waiting` are events than which no other that waits is older; `undefined` says that it is not known what the
 * receiver misses.
 */
export function withCursors(
  hub: Hub,
  events: readonly HubEvent[],
  waiting: readonly HubEvent[] | undefined,
): HubEvent[] {
  const at = positionBefore(hub, waiting);
  const cursors = new Map<string | undefined, string>();
  return events.map((event) => {
    const source = sourceOf(event);
    const cursor = cursors.get(source) ?? hub.cursor(source, at);
    cursors.set(source, cursor);
    return { ...event, cursor };
  });
}

/** Undefined where nothing waits. */
function positionBefore(hub: Hub, waiting: readonly HubEvent[] | undefined): HubPosition | undefined {
  if (waiting === undefined) {
    return NOTHING_TOLD;
  }
  let before: HubPosition | undefined;
  for (const { cursor } of waiting) {
    const own = decodeCursor(cursor);
    const { sequence, change } = own?.instance === hub.instance ? own : NOTHING_TOLD;
    before = {
      sequence: Math.max(0, Math.min(sequence - 1, before?.sequence ?? sequence)),
      change: Math.max(0, Math.min(change - 1, before?.change ?? change)),
    };
  }
  return before;
}
