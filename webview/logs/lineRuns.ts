import { AnsiStyle, readSgr } from './ansiStyle';

/** A part of a line that is shown in one way. */
export interface LineRun {
  /** As it stands in the line. */
  readonly raw: string;
  /** As it is shown; another text than `raw` for what nobody could see. */
  readonly shown: string;
  /**
   * `escape`: meant for a terminal, which is no part of the text that is searched; `unseen`: a character that is not seen, or
   * turns the text around it.
   */
  readonly kind: 'text' | 'escape' | 'unseen';
  /** Classes of CSS; empty for plain text. */
  readonly style: string;
}

const ESCAPE = 0x1b;
const BELL = 0x07;
const TAB = 0x09;
const FIRST_PRINTABLE = 0x20;
const DELETE = 0x7f;
const LAST_C1 = 0x9f;
/** Flips the bit that tells a control character from its letter: NUL is `^@`, DEL is `^?`. */
const CARET_BIT = 0x40;
/** As `cat -v` shows it: fonts of editors have no picture for it. */
const ESCAPE_PICTURE = '^[';

/** Marks for the direction of text, joiners, separators, tags: all that draws nothing and may change what is drawn. */
const UNSEEN =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/;

/** One character of those above, or a control character. */
const SPECIAL = new RegExp(
  `[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]|${UNSEEN.source}|[\\u{e0000}-\\u{e007f}]`,
  'u',
);

/**
 * A line as runs. Colours of a terminal become styles; every other sequence is shown as text, and so are control characters and
 * those that turn text around. Joined, the `raw` of all runs is the line again. Takes time in proportion to the line.
 */
export function lineRuns(line: string): readonly LineRun[] {
  if (!SPECIAL.test(line)) {
    return line === '' ? [] : [{ raw: line, shown: line, kind: 'text', style: '' }];
  }
  const runs: LineRun[] = [];
  const style = new AnsiStyle();
  let textFrom = 0;
  const endText = (until: number): void => {
    if (until > textFrom) {
      const raw = line.slice(textFrom, until);
      runs.push({ raw, shown: raw, kind: 'text', style: style.classes });
    }
  };
  let index = 0;
  while (index < line.length) {
    const code = line.codePointAt(index) ?? 0;
    const length = code > 0xffff ? 2 : 1;
    if (code === ESCAPE) {
      endText(index);
      const end = sequenceEnd(line, index);
      const raw = line.slice(index, end);
      const sgr = readSgr(raw);
      if (sgr !== undefined) {
        style.apply(sgr);
      }
      // A colour is seen in the text after it.
      const shown = sgr === undefined ? ESCAPE_PICTURE + plain(raw.slice(1)) : '';
      runs.push({ raw, shown, kind: 'escape', style: '' });
      index = end;
      textFrom = end;
    } else if (isSpecial(code)) {
      endText(index);
      const raw = line.slice(index, index + length);
      runs.push({ raw, shown: pictureOf(code), kind: 'unseen', style: style.classes });
      index += length;
      textFrom = index;
    } else {
      index += length;
    }
  }
  endText(line.length);
  return runs;
}

/** The text that is searched, as the host has it: without what is meant for a terminal. */
export function searchedText(runs: readonly LineRun[]): string {
  return runs.map(({ kind, raw }) => (kind === 'escape' ? '' : raw)).join('');
}

/** The text as it is shown, for what cannot have styles. */
export function shownText(runs: readonly LineRun[]): string {
  return runs.map(({ shown }) => shown).join('');
}

function isSpecial(code: number): boolean {
  return (
    (code < FIRST_PRINTABLE && code !== TAB) ||
    (code >= DELETE && code <= LAST_C1) ||
    (code > LAST_C1 && UNSEEN.test(String.fromCodePoint(code))) ||
    (code >= 0xe0000 && code <= 0xe007f)
  );
}

function pictureOf(code: number): string {
  return code < FIRST_PRINTABLE || code === DELETE
    ? `^${String.fromCharCode(code ^ CARET_BIT)}`
    : `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

function plain(text: string): string {
  return Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return isSpecial(code) ? pictureOf(code) : char;
  }).join('');
}

/** Where the sequence ends that begins at `from` with an escape: ECMA-48, and operating system commands. */
function sequenceEnd(line: string, from: number): number {
  const next = line.charCodeAt(from + 1);
  // CSI
  if (next === 0x5b) {
    let index = from + 2;
    while (index < line.length && isBetween(line.charCodeAt(index), 0x30, 0x3f)) {
      index += 1;
    }
    while (index < line.length && isBetween(line.charCodeAt(index), 0x20, 0x2f)) {
      index += 1;
    }
    return isBetween(line.charCodeAt(index), 0x40, 0x7e) ? index + 1 : Math.min(index, line.length);
  }
  // OSC, which ends with a bell or a string terminator
  if (next === 0x5d) {
    for (let index = from + 2; index < line.length; index += 1) {
      const code = line.charCodeAt(index);
      if (code === BELL) {
        return index + 1;
      }
      if (code === ESCAPE) {
        return line.charCodeAt(index + 1) === 0x5c ? index + 2 : from + 2;
      }
    }
    return from + 2;
  }
  return isBetween(next, 0x40, 0x5f) ? from + 2 : from + 1;
}

function isBetween(code: number, low: number, high: number): boolean {
  return code >= low && code <= high;
}
