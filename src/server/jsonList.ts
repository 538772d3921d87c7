import { Readable } from 'node:stream';
import type { Clock } from '../base/clock';
import { TimeSlice } from '../informer/timeSlice';

/** What is handed over at once. */
const PIECE_CHARS = 64 * 1024;

/**
 * `head`, the items as JSON with commas between, and `tail`: made as fast as it is read, in slices between which other work
 * runs, so that a list of any length holds nobody up.
 */
export function jsonList(head: string, items: Iterable<unknown>, tail: string, clock: Clock): Readable {
  return Readable.from(pieces(head, items, tail, clock), { objectMode: false });
}

async function* pieces(
  head: string,
  items: Iterable<unknown>,
  tail: string,
  clock: Clock,
): AsyncGenerator<string> {
  const { signal } = new AbortController();
  const slice = new TimeSlice(clock);
  let text = head;
  let isFirst = true;
  for (const item of items) {
    text += `${isFirst ? '' : ','}${JSON.stringify(item)}`;
    isFirst = false;
    if (text.length >= PIECE_CHARS) {
      yield text;
      text = '';
    }
    if (slice.isSpent) {
      await slice.yield(signal);
    }
  }
  yield text + tail;
}
