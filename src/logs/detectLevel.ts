import { LEVEL, type LevelCode } from './levelCode';

/** A level stands near the start of its line; the rest of a long line is not searched. */
const SEARCHED_BYTES = 256;

const ESCAPE = 0x1b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER = 0x20;

/** Longest word that is a level or names one. */
const MAX_WORD = 8;

/** By their letters in lower case. */
const LEVELS: ReadonlyMap<string, LevelCode> = new Map<string, LevelCode>([
  ...['f', 'e', 'fatal', 'panic', 'crit', 'critical', 'emerg', 'alert', 'error', 'err', 'severe'].map(
    (word): [string, LevelCode] => [word, LEVEL.error],
  ),
  ...['w', 'warn', 'warning'].map((word): [string, LevelCode] => [word, LEVEL.warning]),
  ...['i', 'info', 'notice'].map((word): [string, LevelCode] => [word, LEVEL.info]),
  ...['d', 't', 'debug', 'trace', 'verbose'].map((word): [string, LevelCode] => [word, LEVEL.debug]),
]);

/** What stands before a level, as key of JSON or logfmt. */
const KEYS: ReadonlySet<string> = new Set(['level', 'lvl', 'severity']);

/** The same words by their packed letters: a line's words are looked up without making strings of them. */
const PACKED_LEVELS = new Map([...LEVELS].map(([word, level]) => [packed(word), level]));
const PACKED_KEYS: ReadonlySet<number> = new Set([...KEYS].map(packed));
/** Words begin with one of these letters, or they are not looked up. */
const STARTS = new Uint8Array(256);
for (const word of [...LEVELS.keys(), ...KEYS]) {
  STARTS[word.charCodeAt(0)] = 1;
  STARTS[word.toUpperCase().charCodeAt(0)] = 1;
}
const IS_WORD = new Uint8Array(256);
for (let code = 0; code < 256; code += 1) {
  const isLetter = (code | LOWER) >= 0x61 && (code | LOWER) <= 0x7a;
  IS_WORD[code] = isLetter || (code >= ZERO && code <= NINE) || code === UNDERSCORE ? 1 : 0;
}

/** Five bits a letter: eight of them are a safe integer. */
function packed(word: string): number {
  return Array.from(word).reduce((sum, letter) => sum * 32 + (letter.charCodeAt(0) & 31), 0);
}

/**
 * The level that the program wrote into its line, found in one pass over its first bytes, by what is surest first:
 * - klog's header (`E1123 08:00:00`),
 * - a key of JSON or logfmt (`level`, `lvl`, `severity`), with a name or a number as bunyan and pino write it,
 * - the first word that is a level in upper case, or in brackets or between tabs: in prose, "error" is none.
 *
 * Sequences for terminals are skipped.
 */
export function detectLevel(bytes: Uint8Array, start: number, end: number): LevelCode {
  const last = Math.min(end, start + SEARCHED_BYTES);
  let at = start;
  let word: LevelCode = LEVEL.none;
  while (at < last) {
    const code = bytes[at] ?? 0;
    if (IS_WORD[code] === 0) {
      at = code === ESCAPE ? skipEscape(bytes, at, last) : at + 1;
      continue;
    }
    const from = at;
    do {
      at += 1;
    } while (at < last && IS_WORD[bytes[at] ?? 0] === 1);
    if (STARTS[code] === 0 || at - from > MAX_WORD) {
      continue;
    }
    const packedWord = packedAt(bytes, from, at);
    if (PACKED_KEYS.has(packedWord)) {
      const level: LevelCode = valueAt(bytes, at, last);
      if (level !== LEVEL.none) {
        return level;
      }
    } else if (word === LEVEL.none) {
      if (at - from === 5 && from === start) {
        const klog = klogLevel(bytes, from, last);
        if (klog !== LEVEL.none) {
          return klog;
        }
      }
      const level: LevelCode = PACKED_LEVELS.get(packedWord) ?? LEVEL.none;
      if (
        level !== LEVEL.none &&
        at - from > 2 &&
        (isUpper(bytes, from, at) || isSet(bytes, from, at, start, last))
      ) {
        word = level;
      }
    }
  }
  return word;
}

function packedAt(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) {
    const code = bytes[at] ?? 0;
    if (code <= NINE || code === UNDERSCORE) {
      return -1;
    }
    sum = sum * 32 + (code & 31);
  }
  return sum;
}

/** `I1123 ` */
function klogLevel(bytes: Uint8Array, at: number, last: number): LevelCode {
  for (let digit = at + 1; digit < at + 5; digit += 1) {
    const code = bytes[digit] ?? 0;
    if (code < ZERO || code > NINE) {
      return LEVEL.none;
    }
  }
  if (at + 5 >= last || bytes[at + 5] !== SPACE) {
    return LEVEL.none;
  }
  switch (bytes[at]) {
    case 0x49:
      return LEVEL.info;
    case 0x57:
      return LEVEL.warning;
    case 0x45:
    case 0x46:
      return LEVEL.error;
    default:
      return LEVEL.none;
  }
}

/** What a key's value says: behind an optional quote, `:` or `=`, and another quote. */
function valueAt(bytes: Uint8Array, after: number, last: number): LevelCode {
  let at = skipQuote(bytes, after);
  at = skipBlanks(bytes, at, last);
  if (bytes[at] !== COLON && bytes[at] !== EQUALS) {
    return LEVEL.none;
  }
  at = skipQuote(bytes, skipBlanks(bytes, at + 1, last));
  const from = at;
  while (at < last && IS_WORD[bytes[at] ?? 0] === 1) {
    at += 1;
  }
  const first = bytes[from] ?? 0;
  if (first >= ZERO && first <= NINE) {
    return numericLevel(bytes, from, at);
  }
  return at === from || at - from > MAX_WORD
    ? LEVEL.none
    : (PACKED_LEVELS.get(packedAt(bytes, from, at)) ?? LEVEL.none);
}

/** Of bunyan and pino: 10 is trace, 60 fatal. */
function numericLevel(bytes: Uint8Array, from: number, to: number): LevelCode {
  if (to - from !== 2 || bytes[from + 1] !== ZERO) {
    return LEVEL.none;
  }
  switch ((bytes[from] ?? 0) - ZERO) {
    case 1:
    case 2:
      return LEVEL.debug;
    case 3:
      return LEVEL.info;
    case 4:
      return LEVEL.warning;
    case 5:
    case 6:
      return LEVEL.error;
    default:
      return LEVEL.none;
  }
}

/** JSON in a string has its quotes escaped. */
function skipQuote(bytes: Uint8Array, at: number): number {
  const quote = bytes[at] === BACKSLASH ? at + 1 : at;
  return bytes[quote] === QUOTE || bytes[quote] === APOSTROPHE ? quote + 1 : at;
}

function skipBlanks(bytes: Uint8Array, from: number, last: number): number {
  let at = from;
  while (at < last && (bytes[at] === SPACE || bytes[at] === TAB)) {
    at += 1;
  }
  return at;
}

function isUpper(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (((bytes[at] ?? 0) & LOWER) !== 0) {
      return false;
    }
  }
  return true;
}

/** `[error]`, `[ warn]`, or alone between tabs. */
function isSet(bytes: Uint8Array, from: number, to: number, start: number, last: number): boolean {
  if (to >= last) {
    return false;
  }
  if (bytes[to] === TAB) {
    return from > start && bytes[from - 1] === TAB;
  }
  let open = from - 1;
  while (open >= start && bytes[open] === SPACE) {
    open -= 1;
  }
  return (
    open >= start && bytes[open] === OPEN_BRACKET && bytes[skipBlanks(bytes, to, last)] === CLOSE_BRACKET
  );
}

/** Behind a control sequence: the letter that ends it belongs to it and to no word. */
function skipEscape(bytes: Uint8Array, escape: number, last: number): number {
  let at = escape + 1;
  if (bytes[at] !== OPEN_BRACKET) {
    return at;
  }
  do {
    at += 1;
  } while (at < last && (bytes[at] ?? 0) < 0x40);
  return at + 1;
}
