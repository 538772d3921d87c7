import type { LogRow } from '../protocol/podLog';
import { levelName } from './levelCode';
import { LEVEL_BITS } from './logChunk';
import type { HeldLine } from './streamStore';

/** Of a longer line only the beginning is shown: a row of megabytes would take seconds to lay out. */
const MAX_SHOWN_BYTES = 8_192;
/** The bits of a byte of UTF-8 that goes on with a character. */
const CONTINUATION_MASK = 0b1100_0000;
const CONTINUATION = 0b1000_0000;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** So much of a line has to be read to show it: some bytes more, so that no character is cut in two. */
export const READ_BYTES = MAX_SHOWN_BYTES + 4;

/** A line as it is handed to a client: decoded, its beginning alone where it is long. `bytes`: that or more of it. */
export function lineContent(
  { length, time, flags, cutBytes, marker }: HeldLine,
  bytes: Uint8Array,
): Omit<LogRow, 'stream' | 'line'> {
  const shown = wholeLength(bytes, MAX_SHOWN_BYTES);
  const hiddenBytes = length - shown + cutBytes;
  const level = levelName(flags & LEVEL_BITS);
  return {
    text: decoder.decode(bytes.subarray(0, shown)),
    ...(time === undefined ? {} : { time }),
    ...(level === undefined ? {} : { level }),
    ...(hiddenBytes === 0 ? {} : { hiddenBytes }),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** Some of a line's text: `rest` is what there is of it from byte `from` on, or `limit` and some bytes more of that. */
export function linePiece(
  rest: Uint8Array,
  from: number,
  limit: number,
): { readonly text: string; readonly next: number | undefined } {
  const length = wholeLength(rest, limit);
  return {
    text: decoder.decode(rest.subarray(0, length)),
    next: length < rest.length ? from + length : undefined,
  };
}

/** At most `most`, so that no character is cut in two. */
function wholeLength(bytes: Uint8Array, most: number): number {
  if (bytes.length <= most) {
    return bytes.length;
  }
  let length = most;
  while (length > 1 && length > most - 4 && ((bytes[length] ?? 0) & CONTINUATION_MASK) === CONTINUATION) {
    length -= 1;
  }
  return length;
}
