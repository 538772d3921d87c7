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

/** A line as it is handed to a client: decoded, its beginning alone where it is long. */
export function lineContent({
  bytes,
  time,
  flags,
  cutBytes,
  marker,
}: HeldLine): Omit<LogRow, 'stream' | 'line'> {
  const shown = wholeLength(bytes, MAX_SHOWN_BYTES);
  const hiddenBytes = bytes.length - shown + cutBytes;
  const level = levelName(flags & LEVEL_BITS);
  return {
    text: decoder.decode(bytes.subarray(0, shown)),
    ...(time === undefined ? {} : { time }),
    ...(level === undefined ? {} : { level }),
    ...(hiddenBytes === 0 ? {} : { hiddenBytes }),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** Some of a line's text from a byte on. */
export function linePiece(
  bytes: Uint8Array,
  from: number,
  limit: number,
): { readonly text: string; readonly next: number | undefined } {
  const rest = bytes.subarray(from);
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
