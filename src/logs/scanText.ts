import { TERMINAL_SEQUENCE } from '../base/terminalText';

/** What a line's text must have. */
export interface LogPattern {
  readonly text: string;
  /** Whether `text` is a regular expression of JavaScript, tried on one line at a time; else it is searched as it is. */
  readonly isRegex?: boolean | undefined;
  readonly isCaseSensitive?: boolean | undefined;
}

/** Each of `all`, one of `any` if there are any, and none of `none`. */
export interface PatternSet {
  readonly all: readonly LogPattern[];
  readonly any: readonly LogPattern[];
  readonly none: readonly LogPattern[];
}

/** What is scanned: the lines `from` to `to - 1` of a chunk (see LogChunk). */
export interface ScanRange {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/** Looks at what is before or behind the line, which in a text of many lines are others. */
const LOOKS_AROUND = /\(\?<?[=!]/;
const SPECIAL = /[\\^$.*+?()[\]{}|]/g;
const ESCAPE = String.fromCharCode(0x1b);
const LINE_FEED = '\n';

interface Compiled {
  /** Finds one after the other in a text of many lines. */
  readonly inText: RegExp;
  /** Tries one line. */
  readonly inLine: RegExp;
  readonly looksAround: boolean;
}

/** Patterns that are ready to be tried. Throws a `SyntaxError` for a text that is no regular expression. */
export class TextScanner {
  readonly #all: readonly Compiled[];
  readonly #any: readonly Compiled[];
  readonly #none: readonly Compiled[];
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor({ all, any, none }: PatternSet) {
    this.#all = all.map(compile);
    this.#any = any.map(compile);
    this.#none = none.map(compile);
  }

  /** The lines that match, in order, by their numbers within the chunk. */
  scan({ bytes, ends, from, to }: ScanRange): Uint32Array {
    const start = from === 0 ? 0 : (ends[from - 1] ?? 0);
    const raw = this.#decoder.decode(bytes.subarray(start, ends[to - 1]));
    const hasSequences = raw.includes(ESCAPE);
    const text = hasSequences ? raw.replaceAll(TERMINAL_SEQUENCE, '') : raw;
    const isByteWise = !hasSequences && text.length === (ends[to - 1] ?? 0) - start;
    const lineEnds = isByteWise
      ? ends.subarray(from, to).map((end) => end - start)
      : lineEndsOf(text, to - from);
    const matches = new Uint8Array(to - from).fill(1);
    for (const pattern of this.#all) {
      keepOnly(matches, matchesOf(pattern, text, lineEnds), 1);
    }
    if (this.#any.length > 0) {
      const some = new Uint8Array(to - from);
      for (const pattern of this.#any) {
        matchesOf(pattern, text, lineEnds).forEach(
          (hit, line) => (some[line] = hit === 1 ? 1 : (some[line] ?? 0)),
        );
      }
      keepOnly(matches, some, 1);
    }
    for (const pattern of this.#none) {
      keepOnly(matches, matchesOf(pattern, text, lineEnds), 0);
    }
    return numbersOf(matches, from);
  }
}

function compile({ text, isRegex = false, isCaseSensitive = false }: LogPattern): Compiled {
  const source = isRegex ? text : text.replaceAll(SPECIAL, '\\$&');
  const flags = isCaseSensitive ? '' : 'i';
  return {
    inText: new RegExp(withinLines(source), `gm${flags}`),
    inLine: new RegExp(source, `m${flags}`),
    looksAround: LOOKS_AROUND.test(source),
  };
}

/**
 * The same expression for a text of many lines: what stands for anything but some characters would run on through all of them, and
 * take a time that grows with their square. No line holds a line feed, so that none matches otherwise.
 */
function withinLines(source: string): string {
  let isInClass = false;
  return source.replaceAll(/\\[\s\S]|\[(?:\^-?)?|\]/g, (part) => {
    if (part === ']') {
      isInClass = false;
    } else if (!isInClass && part.startsWith('[')) {
      isInClass = true;
      // A dash that stands first is no range.
      return part.replace('-', '\\-').replace('^', '^\\n');
    } else if (!isInClass && (part === '\\W' || part === '\\D')) {
      return `[^${part.toLowerCase()}\\n]`;
    }
    return part;
  });
}

/**
 * Which lines match, 1 or 0 each. A text of many lines is searched at once, which is many times faster than line by line: a
 * line in which no match begins has none. A match that goes on beyond its line may have none within it: that line is tried alone.
 */
function matchesOf({ inText, inLine, looksAround }: Compiled, text: string, ends: Uint32Array): Uint8Array {
  const matches = new Uint8Array(ends.length);
  if (looksAround) {
    for (let line = 0; line < ends.length; line += 1) {
      matches[line] = inLine.test(lineOf(text, ends, line)) ? 1 : 0;
    }
    return matches;
  }
  let line = 0;
  inText.lastIndex = 0;
  for (
    let match = inText.exec(text);
    match !== null && match.index < text.length;
    match = inText.exec(text)
  ) {
    line = lineAt(ends, match.index, line);
    const end = ends[line] ?? text.length;
    matches[line] = match.index + match[0].length < end || inLine.test(lineOf(text, ends, line)) ? 1 : 0;
    inText.lastIndex = end;
    line += 1;
    if (line === ends.length) {
      break;
    }
  }
  return matches;
}

/** The line that holds a place of the text, no earlier than `from`. It is mostly near: the steps double. */
function lineAt(ends: Uint32Array, index: number, from: number): number {
  let step = 1;
  let low = from;
  while (low + step < ends.length && (ends[low + step - 1] ?? 0) <= index) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, ends.length - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) <= index) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function lineOf(text: string, ends: Uint32Array, line: number): string {
  return text.slice(line === 0 ? 0 : ends[line - 1], (ends[line] ?? 1) - 1);
}

function lineEndsOf(text: string, count: number): Uint32Array {
  const ends = new Uint32Array(count);
  let at = 0;
  for (let line = 0; line < count; line += 1) {
    at = text.indexOf(LINE_FEED, at) + 1;
    ends[line] = at;
  }
  return ends;
}

function keepOnly(matches: Uint8Array, hits: Uint8Array, wanted: 0 | 1): void {
  for (let line = 0; line < matches.length; line += 1) {
    if (hits[line] !== wanted) {
      matches[line] = 0;
    }
  }
}

function numbersOf(matches: Uint8Array, from: number): Uint32Array {
  const numbers = new Uint32Array(matches.length);
  let count = 0;
  for (let line = 0; line < matches.length; line += 1) {
    if (matches[line] === 1) {
      numbers[count] = from + line;
      count += 1;
    }
  }
  return numbers.slice(0, count);
}
