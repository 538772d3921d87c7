import { BodyTooLargeError } from '../base/readBody';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** `{"items":[` : the items of a list stand at the second level of nesting. */
const ITEMS_DEPTH = 2;
const ITEMS_KEY = 'items';

/**
 * Takes a JSON list apart while it streams, without holding all of it: `push` returns the items that are complete, the
 * rest of the document (with `items` empty) is `envelope` in the end. It finds only where items begin and end;
 * JSON.parse judges what is between. All characters it looks for are ASCII, so it works on UTF-8 bytes, and a
 * character cut in two by a chunk's edge does no harm.
 */
export class ListSplitter {
  readonly #maxItemBytes: number;
  readonly #envelope: Uint8Array[] = [];
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #envelopeBytes = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #inItems = false;
  /** How the last string at the first level begins: a key, if it is followed by a value. */
  #key = '';

  /** `maxItemBytes` bounds each item, and all that is around the items. */
  constructor(maxItemBytes: number) {
    this.#maxItemBytes = maxItemBytes;
  }

  /** Parsed items in their order. Throws SyntaxError for what is not JSON and BodyTooLargeError for endless parts. */
  push(chunk: Uint8Array): unknown[] {
    const items: unknown[] = [];
    let from = 0;
    let separator = -1;
    // The loop sees every byte of a list: fields of the class would double its time.
    let depth = this.#depth;
    let inItems = this.#inItems;
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#inString) {
        at = this.#skipString(chunk, at, depth === 1);
        continue;
      }
      switch (chunk[at]) {
        case QUOTE:
          this.#inString = true;
          if (depth === 1) {
            this.#key = '';
          }
          break;
        case OPEN_BRACE:
          depth += 1;
          break;
        case OPEN_BRACKET:
          depth += 1;
          if (depth === ITEMS_DEPTH && this.#key === ITEMS_KEY) {
            this.#keepEnvelope(chunk.slice(from, at + 1));
            from = at + 1;
            separator = -1;
            inItems = true;
          }
          break;
        case CLOSE_BRACE:
          depth -= 1;
          break;
        case CLOSE_BRACKET:
          if (inItems && depth === ITEMS_DEPTH) {
            this.#parseInto(items, chunk.subarray(from, at));
            from = at;
            inItems = false;
          }
          depth -= 1;
          break;
        case COMMA:
          if (inItems && depth === ITEMS_DEPTH) {
            separator = at;
          }
          break;
        default:
          break;
      }
    }
    this.#depth = depth;
    this.#inItems = inItems;
    if (!inItems) {
      this.#keepEnvelope(chunk.slice(from));
      return items;
    }
    if (separator >= from) {
      this.#parseInto(items, chunk.subarray(from, separator));
      from = separator + 1;
    }
    this.#keepItem(chunk.slice(from));
    return items;
  }

  /** The document without its items. Throws SyntaxError when the stream ended too soon. */
  end(): unknown {
    return JSON.parse(decode([...this.#envelope, ...this.#pending]));
  }

  /** Goes on within a string; the index of its closing quote, or of the chunk's last byte. */
  #skipString(chunk: Uint8Array, start: number, isKey: boolean): number {
    let at = start;
    let isEscaped = this.#isEscaped;
    for (; at < chunk.length; at += 1) {
      if (isEscaped) {
        isEscaped = false;
      } else if (chunk[at] === BACKSLASH) {
        isEscaped = true;
      } else if (chunk[at] === QUOTE) {
        this.#inString = false;
        break;
      }
    }
    this.#isEscaped = isEscaped;
    if (isKey && this.#key.length <= ITEMS_KEY.length) {
      this.#key += String.fromCharCode(...chunk.subarray(start, Math.min(at, start + ITEMS_KEY.length + 1)));
    }
    return at;
  }

  #keepItem(rest: Uint8Array): void {
    this.#pending.push(rest);
    this.#pendingBytes += rest.length;
    this.#checkBounds(this.#pendingBytes);
  }

  #keepEnvelope(rest: Uint8Array): void {
    this.#envelope.push(rest);
    this.#envelopeBytes += rest.length;
    this.#checkBounds(this.#envelopeBytes);
  }

  #checkBounds(bytes: number): void {
    if (bytes > this.#maxItemBytes) {
      throw new BodyTooLargeError(this.#maxItemBytes);
    }
  }

  #parseInto(items: unknown[], end: Uint8Array): void {
    const text = decode([...this.#pending, end]);
    this.#pending = [];
    this.#pendingBytes = 0;
    const parsed: unknown = JSON.parse(`[${text}]`);
    if (Array.isArray(parsed)) {
      for (const item of parsed) {
        items.push(item);
      }
    }
  }
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
}
