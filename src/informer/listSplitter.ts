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
const ITEMS_KEY = '"items"';

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
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #inItems = false;
  /** The text of the last string at the first level, gathered across chunks: a key, if it is followed by a value. */
  #key: number[] = [];

  constructor(maxItemBytes: number) {
    this.#maxItemBytes = maxItemBytes;
  }

  /** Parsed items in their order. Throws SyntaxError for what is not JSON and BodyTooLargeError for an endless item. */
  push(chunk: Uint8Array): unknown[] {
    const items: unknown[] = [];
    let from = 0;
    let separator = -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#inString) {
        this.#stringByte(byte);
        continue;
      }
      switch (byte) {
        case QUOTE:
          this.#inString = true;
          if (this.#depth === 1) {
            this.#key = [QUOTE];
          }
          break;
        case OPEN_BRACE:
          this.#depth += 1;
          break;
        case OPEN_BRACKET:
          this.#depth += 1;
          if (this.#depth === ITEMS_DEPTH && String.fromCharCode(...this.#key) === ITEMS_KEY) {
            this.#envelope.push(chunk.subarray(from, at + 1));
            from = at + 1;
            separator = -1;
            this.#inItems = true;
          }
          break;
        case CLOSE_BRACE:
          this.#depth -= 1;
          break;
        case CLOSE_BRACKET:
          if (this.#inItems && this.#depth === ITEMS_DEPTH) {
            this.#parseInto(items, chunk.subarray(from, at));
            from = at;
            separator = -1;
            this.#inItems = false;
          }
          this.#depth -= 1;
          break;
        case COMMA:
          if (this.#inItems && this.#depth === ITEMS_DEPTH) {
            separator = at;
          }
          break;
        default:
          break;
      }
    }
    if (!this.#inItems) {
      this.#envelope.push(chunk.slice(from));
      return items;
    }
    if (separator >= from) {
      this.#parseInto(items, chunk.subarray(from, separator));
      from = separator + 1;
    }
    this.#keep(chunk.slice(from));
    return items;
  }

  /** The document without its items. Throws SyntaxError when the stream ended too soon. */
  end(): unknown {
    return JSON.parse(decode([...this.#envelope, ...this.#pending]));
  }

  #stringByte(byte: number | undefined): void {
    if (this.#depth === 1 && byte !== undefined && this.#key.length <= ITEMS_KEY.length) {
      this.#key.push(byte);
    }
    if (this.#isEscaped) {
      this.#isEscaped = false;
    } else if (byte === BACKSLASH) {
      this.#isEscaped = true;
    } else if (byte === QUOTE) {
      this.#inString = false;
    }
  }

  #keep(rest: Uint8Array): void {
    this.#pending.push(rest);
    this.#pendingBytes += rest.length;
    if (this.#pendingBytes > this.#maxItemBytes) {
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
