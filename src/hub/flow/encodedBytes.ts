/** JSON writes these as they are, each in one byte. */
const PLAIN = /^[ !#-[\]-~]*$/;
/** No number is longer in JSON: sign, 17 digits, point, `e-324`, as in -1.2345678901234567e-300. */
const NUMBER_BYTES = 24;
/** What JSON makes of one UTF-16 unit at most: `\ud800`. */
const MAX_UNIT_BYTES = 6;
/** Longer texts are not gone through for the sake of a figure. */
const MAX_COUNTED_CHARS = 4_096;

/**
 * How many bytes `value` takes as JSON in UTF-8, or a little more: numbers count for the longest, and very long texts that
 * are not plain ASCII for the worst they can become. Made to be quick, since each event is measured. `value` is plain data
 * without cycles.
 */
export function encodedBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 2 + textBytes(value);
    case 'number':
      return NUMBER_BYTES;
    case 'boolean':
      return 5;
    case 'object':
      return value === null ? 4 : objectBytes(value);
    default:
      return 0;
  }
}

function objectBytes(value: object): number {
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      bytes += 1 + Math.max(4, encodedBytes(item));
    }
    return bytes;
  }
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) {
      bytes += 4 + textBytes(key) + encodedBytes(field);
    }
  }
  return bytes;
}

function textBytes(text: string): number {
  if (PLAIN.test(text)) {
    return text.length;
  }
  if (text.length > MAX_COUNTED_CHARS) {
    return text.length * MAX_UNIT_BYTES;
  }
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    bytes += unitBytes(text.charCodeAt(index));
  }
  return bytes;
}

function unitBytes(unit: number): number {
  if (unit < 0x20 || (unit >= 0xd800 && unit <= 0xdfff)) {
    // A surrogate that stands alone is escaped; of a pair each half counts for more than its share.
    return MAX_UNIT_BYTES;
  }
  if (unit < 0x80) {
    return unit === 0x22 || unit === 0x5c ? 2 : 1;
  }
  return unit < 0x800 ? 2 : 3;
}
