import type { HubEvent } from '../../protocol/hubEvent';

/**
 * What every event has: `{"type":"","topic":"","data":,"cursor":"","at":,"priority":"","replayed":true}`, a time of 24 bytes,
 * and a type of 17 and a priority of 8 bytes at most. 86 + 24 + 17 + 8 = 135.
 */
const EVENT_BYTES = 135;
/** No number is longer in JSON: sign, 17 digits, point, `e-324`, as in -1.2345678901234567e-300. */
const NUMBER_BYTES = 24;
/** What JSON makes of one UTF-16 unit at most: `\ud800`. */
const MAX_UNIT_BYTES = 6;
/** Longer texts are not gone through for the sake of a figure. */
const MAX_COUNTED_CHARS = 4_096;

/**
 * How many bytes an event takes as JSON in UTF-8, or a little more: numbers count for the longest, and very long texts for
 * the worst that they can become. Made to be quick, since each event is measured.
 */
export function eventBytes({ topic, data, cursor }: HubEvent): number {
  return EVENT_BYTES + textBytes(topic) + textBytes(cursor) + dataBytes(data);
}

/** Of plain data without cycles; the names of fields are the protocol's own and count as plain ASCII. */
function dataBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 2 + textBytes(value);
    case 'number':
      return NUMBER_BYTES;
    case 'object':
      return value === null ? 4 : objectBytes(value);
    default:
      // `false`, or what is left out.
      return 5;
  }
}

function objectBytes(value: object): number {
  let bytes = 2;
  for (const name in value) {
    bytes += 4 + name.length + dataBytes(Reflect.get(value, name));
  }
  return bytes;
}

function textBytes(text: string): number {
  const { length } = text;
  if (length > MAX_COUNTED_CHARS) {
    return length * MAX_UNIT_BYTES;
  }
  let bytes = length;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) {
      bytes += unitBytes(unit) - 1;
    }
  }
  return bytes;
}

/** Of a UTF-16 unit that JSON or UTF-8 makes more than one byte of. */
function unitBytes(unit: number): number {
  if (unit < 0x20 || (unit >= 0xd800 && unit <= 0xdfff)) {
    // A surrogate that stands alone is escaped; of a pair each half counts for more than its share.
    return MAX_UNIT_BYTES;
  }
  return unit < 0x800 ? 2 : 3;
}
