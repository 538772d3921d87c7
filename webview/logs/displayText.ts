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
/** Where Unicode pictures the control characters: U+2400 for NUL, and so on. */
const CONTROL_PICTURES = 0x2400;

export interface DisplayText {
  readonly text: string;
  /** Characters that were cut off. */
  readonly hidden: number;
}

/** A line as it can be shown: cut to a length that can be laid out, without what is meant for a terminal. */
export function displayText(line: string): DisplayText {
  const cut = line.length > MAX_SHOWN_CHARS ? line.slice(0, MAX_SHOWN_CHARS) : line;
  const plain = cut.replaceAll(TERMINAL_SEQUENCE, '');
  return { text: hasControl(plain) ? picture(plain) : plain, hidden: line.length - cut.length };
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

function picture(text: string): string {
  return Array.from(text, (char) => {
    const code = char.charCodeAt(0);
    if (!isControl(code)) {
      return char;
    }
    return String.fromCharCode(code === DELETE ? CONTROL_PICTURES + 0x21 : CONTROL_PICTURES + code);
  }).join('');
}
