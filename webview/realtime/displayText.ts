import { TERMINAL_SEQUENCE } from '../../src/base/terminalText';

/** Longer texts are cut: a row of megabytes would take seconds to lay out. The host sends no more of a line than this. */
export const MAX_SHOWN_CHARS = 8_192;

/** Code points beyond take two UTF-16 units. */
const LAST_OF_ONE_UNIT = 0xffff;
const FIRST_PRINTABLE = 0x20;
const DELETE = 0x7f;
/** Flips the bit that tells a control character from its letter: NUL is `^@`, DEL is `^?`. */
const CARET_BIT = 0x40;

export interface DisplayText {
  readonly text: string;
  /** UTF-16 units that were cut off here, beside what the host has left out. */
  readonly hidden: number;
}

/** A line as it can be shown: cut to a length that can be laid out, without what is meant for a terminal. */
export function displayText(line: string): DisplayText {
  const cut = line.length > MAX_SHOWN_CHARS ? line.slice(0, wholeLength(line, MAX_SHOWN_CHARS)) : line;
  const plain = cut.replaceAll(TERMINAL_SEQUENCE, '');
  return { text: hasControl(plain) ? withCarets(plain) : plain, hidden: line.length - cut.length };
}

/** At most `length`, less where that would split a surrogate pair. */
function wholeLength(line: string, length: number): number {
  const isSplit = (line.codePointAt(length - 1) ?? 0) > LAST_OF_ONE_UNIT;
  return isSplit ? length - 1 : length;
}

function isControl(code: number): boolean {
  return (code < FIRST_PRINTABLE && code !== 0x09) || code === DELETE;
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (isControl(text.charCodeAt(index))) {
      return true;
    }
  }
  return false;
}

/** Control characters in caret notation, as `cat -v` shows them. */
function withCarets(text: string): string {
  return Array.from(text, (char) => {
    const code = char.charCodeAt(0);
    return isControl(code) ? `^${String.fromCharCode(code ^ CARET_BIT)}` : char;
  }).join('');
}
