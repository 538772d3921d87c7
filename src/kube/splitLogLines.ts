import type { LineBatch } from '../base/readBody';

/**
 * Splits a log into lines, one batch a chunk that ends some. Carriage returns before a line feed go, invalid UTF-8 becomes
 * U+FFFD. Of a line longer than `maxLineChars` (UTF-16 units, as everywhere here) the head is kept, followed by ` … [+N]`
 * where N is how many units are missing. Memory stays bounded whatever comes. An unclosed rest comes last, marked.
 */
export async function* splitLogLines(
  body: AsyncIterable<Uint8Array>,
  maxLineChars: number,
): AsyncGenerator<LineBatch, void, void> {
  const decoder = new TextDecoder();
  let pending: string[] = [];
  let pendingChars = 0;
  let droppedChars = 0;
  let endsWithReturn = false;

  const keep = (piece: string): void => {
    if (piece === '') {
      return;
    }
    endsWithReturn = piece.endsWith('\r');
    const kept = piece.slice(0, Math.max(0, maxLineChars - pendingChars));
    droppedChars += piece.length - kept.length;
    pendingChars += kept.length;
    if (kept !== '') {
      pending.push(kept);
    }
  };
  const take = (): string => {
    const chars = pendingChars + droppedChars - Number(endsWithReturn);
    const line = cut(pending.join(''), chars, maxLineChars);
    pending = [];
    pendingChars = 0;
    droppedChars = 0;
    endsWithReturn = false;
    return line;
  };

  for await (const chunk of body) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    const rest = pieces.pop() ?? '';
    const lines: string[] = [];
    for (const piece of pieces) {
      keep(piece);
      lines.push(take());
    }
    keep(rest);
    if (lines.length > 0) {
      yield { lines, isUnterminated: false };
    }
  }
  keep(decoder.decode());
  if (pendingChars > 0) {
    yield { lines: [take()], isUnterminated: true };
  }
}

/** `chars` is the length of the whole line, of which `head` is what was kept. */
function cut(head: string, chars: number, maxChars: number): string {
  if (chars <= maxChars) {
    return head.slice(0, chars);
  }
  // A pair of surrogates is one character to the reader: half of one would show as a replacement character.
  const end = isHighSurrogate(head.charCodeAt(maxChars - 1)) ? maxChars - 1 : maxChars;
  return `${head.slice(0, end)} … [+${chars - end}]`;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
