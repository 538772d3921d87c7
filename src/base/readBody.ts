/** A body was longer than its reader allows. */
export class BodyTooLargeError extends Error {
  readonly code = 'bodyTooLarge';
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes} bytes`);
    this.name = 'BodyTooLargeError';
    this.maxBytes = maxBytes;
  }
}

/** Reads a whole body as UTF-8. Throws {@link BodyTooLargeError} rather than holding more than `maxBytes`. */
export async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new BodyTooLargeError(maxBytes);
    }
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}

/** Lines of a body and whether the last of them was closed by a line feed. */
export interface LineBatch {
  readonly lines: readonly string[];
  /** True only for the last batch of a body that ended in the middle of a line. */
  readonly isUnterminated: boolean;
}

const LINE_FEED = '\n';

/**
 * Splits a UTF-8 body into lines, one batch a chunk, without their line feeds. An unterminated rest comes last, marked.
 * Throws {@link BodyTooLargeError} when one line grows past `maxLineChars` UTF-16 units.
 */
export async function* readLines(
  body: AsyncIterable<Uint8Array>,
  maxLineChars: number,
): AsyncGenerator<LineBatch, void, void> {
  const decoder = new TextDecoder();
  // A long line arrives in many chunks: they are joined once, at its end, so that the cost stays linear.
  let pending: string[] = [];
  let pendingChars = 0;
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf(LINE_FEED);
    if (end < 0) {
      pending.push(text);
      pendingChars += text.length;
    } else {
      const whole = pending.join('') + text.slice(0, end);
      pending = [text.slice(end + 1)];
      pendingChars = text.length - end - 1;
      yield { lines: whole.split(LINE_FEED), isUnterminated: false };
    }
    if (pendingChars > maxLineChars) {
      throw new BodyTooLargeError(maxLineChars);
    }
  }
  const rest = pending.join('') + decoder.decode();
  if (rest !== '') {
    yield { lines: [rest], isUnterminated: true };
  }
}
