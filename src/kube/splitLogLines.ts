import type { LineBatch } from '../base/readBody';

/**
 * Splits a log into lines, one batch a chunk that ends some. Carriage returns before a line feed go, invalid UTF-8 becomes
 * U+FFFD. Of a line longer than `maxLineChars` (UTF-16 units) the head is kept, followed by `… [+N]` where N is how many
 * characters went. Memory stays bounded whatever comes. An unclosed rest comes last, marked.
 */
export async function* splitLogLines(
  body: AsyncIterable<Uint8Array>,
  maxLineChars: number,
): AsyncGenerator<LineBatch, void, void> {
  const decoder = new TextDecoder();
  let pending: string[] = [];
  let pendingChars = 0;
  let droppedChars = 0;

  const keep = (piece: string): void => {
    const kept = piece.slice(0, Math.max(0, maxLineChars - pendingChars));
    droppedChars += piece.length - kept.length;
    pendingChars += kept.length;
    if (kept !== '') {
      pending.push(kept);
    }
  };
  const take = (): string => {
    const line = finish(pending.join(''), droppedChars);
    pending = [];
    pendingChars = 0;
    droppedChars = 0;
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

function finish(line: string, droppedChars: number): string {
  if (droppedChars > 0) {
    return `${line}… [+${droppedChars}]`;
  }
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
