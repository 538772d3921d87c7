/** `2026-01-01T00:00:00` */
const SECOND_BYTES = 19;
const NS_DIGITS = 9;
const NS_PER_SECOND = 1_000_000_000;
const SECONDS_PER_DAY = 86_400;

const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;
const PLUS = 0x2b;
const SPACE = 0x20;
const ZERO = 0x30;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

/**
 * Reads the time that a kubelet puts before each line: RFC 3339 with up to nine digits of a fraction, in any zone. Made for
 * one stream: lines of the same second, which are most, share the work. The fields say what `read` found last.
 */
export class LineTimeReader {
  /** Whole seconds since the Unix epoch. */
  seconds = 0;
  nanos = 0;
  /** Where the line's text begins, behind the time and its space. */
  textStart = 0;
  readonly #cached = new Uint8Array(SECOND_BYTES);
  #cachedSeconds = Number.NaN;

  /** Whether `bytes` from `start` to `end` begins with a time that a space or the end follows. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start + SECOND_BYTES;
    if (at >= end || !this.#readSecond(bytes, start)) {
      return false;
    }
    let nanos = 0;
    if (bytes[at] === DOT) {
      at += 1;
      const first = at;
      for (; at < end && at - first < NS_DIGITS; at += 1) {
        const digit = (bytes[at] ?? 0) - ZERO;
        if (digit < 0 || digit > 9) {
          break;
        }
        nanos = nanos * 10 + digit;
      }
      if (at === first) {
        return false;
      }
      for (let digits = at - first; digits < NS_DIGITS; digits += 1) {
        nanos *= 10;
      }
    }
    const zone = bytes[at];
    let offset = 0;
    if (zone === LETTER_Z) {
      at += 1;
    } else if ((zone === PLUS || zone === DASH) && at + 6 <= end && bytes[at + 3] === COLON) {
      const minutes = twoDigits(bytes, at + 1) * 60 + twoDigits(bytes, at + 4);
      if (Number.isNaN(minutes)) {
        return false;
      }
      offset = (zone === PLUS ? 60 : -60) * minutes;
      at += 6;
    } else {
      return false;
    }
    if (at < end && bytes[at] !== SPACE) {
      return false;
    }
    this.seconds = this.#cachedSeconds - offset;
    this.nanos = nanos;
    // A line without content may have lost the space behind its time.
    this.textStart = Math.min(end, at + 1);
    return true;
  }

  #readSecond(bytes: Uint8Array, start: number): boolean {
    const cached = this.#cached;
    let index = SECOND_BYTES - 1;
    while (index >= 0 && bytes[start + index] === cached[index]) {
      index -= 1;
    }
    if (index < 0) {
      return true;
    }
    const seconds = secondsAt(bytes, start);
    if (Number.isNaN(seconds)) {
      return false;
    }
    cached.set(bytes.subarray(start, start + SECOND_BYTES));
    this.#cachedSeconds = seconds;
    return true;
  }
}

/** NaN where it is no date and time. */
function secondsAt(bytes: Uint8Array, at: number): number {
  if (
    bytes[at + 4] !== DASH ||
    bytes[at + 7] !== DASH ||
    bytes[at + 10] !== LETTER_T ||
    bytes[at + 13] !== COLON ||
    bytes[at + 16] !== COLON
  ) {
    return Number.NaN;
  }
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  const days = Date.UTC(year, month - 1, day) / 1000 / SECONDS_PER_DAY;
  const time = twoDigits(bytes, at + 11) * 3600 + twoDigits(bytes, at + 14) * 60 + twoDigits(bytes, at + 17);
  return days * SECONDS_PER_DAY + time;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** RFC 3339 in UTC with nine digits of a fraction. */
export function formatLineTime(seconds: number, nanos: number): string {
  const whole = new Date(seconds * 1000).toISOString().slice(0, SECOND_BYTES);
  return `${whole}.${String(nanos).padStart(NS_DIGITS, '0')}Z`;
}

export { NS_PER_SECOND };
