/** Longer lines are cut: a row of megabytes would take seconds to lay out. */
export const MAX_SHOWN_CHARS = 8_192;

const ESCAPE = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);
/** ECMA-48 control sequences (colours, cursor moves) and operating system commands (titles, links). */
const TERMINAL_SEQUENCE = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)|[@-Z\\\\^_])`,
  'g',
);
const FIRST_PRINTABLE = 0x20;
const DELETE = 0x7f;
/** Flips the bit that tells a control character from its letter: NUL is `^@`, DEL is `^?`. */
const CARET_BIT = 0x40;

export interface DisplayText {
  readonly text: string;
  /** Characters that were cut off. */
  readonly hidden: number;
}

/** A line as it can be shown: cut to a length that can be laid out, without what is meant for a terminal. */
export function displayText(line: string): DisplayText {
  const cut = line.length > MAX_SHOWN_CHARS ? line.slice(0, MAX_SHOWN_CHARS) : line;
  const plain = cut.replaceAll(TERMINAL_SEQUENCE, '');
  return { text: hasControl(plain) ? withCarets(plain) : plain, hidden: line.length - cut.length };
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
