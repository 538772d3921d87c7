/** One event of a stream. */
export interface SseEvent {
  /** `message` where it has no name. */
  readonly name: string;
  /** Its lines, with a line feed between. */
  readonly data: string;
  /** The last id that the stream told, of this event or one before it; empty where there is none. */
  readonly lastEventId: string;
}

/** More than a stream may say at once. */
export class SseTooLongError extends Error {
  readonly code = 'sseTooLong';
  readonly maxChars: number;

  constructor(maxChars: number) {
    super(`an event has more than ${maxChars} characters`);
    this.name = 'SseTooLongError';
    this.maxChars = maxChars;
  }
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Reads a stream of server-sent events as the WHATWG's HTML standard says, cut into chunks anywhere: a byte order mark at its
 * beginning is left out, lines end with LF, CR or both, what is not UTF-8 becomes U+FFFD, and an event that is not complete at
 * the end was none. Holds no more than one event, and one line, of `maxChars` UTF-16 units each.
 */
export class SseParser {
  readonly #maxChars: number;
  /** Left to it, a byte order mark that comes in two chunks has another one behind it left out, too. */
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #isBeginning = true;
  /** Of the line that is not complete. */
  #pieces: string[] = [];
  #lineChars = 0;
  /** The last character was a CR: a LF behind it ends no other line. */
  #isAfterReturn = false;
  #name = '';
  #data: string[] = [];
  #dataChars = 0;
  #id = '';
  #lastEventId = '';
  #retryMs: number | undefined;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** The last id that was told; it counts from the blank line behind it on. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** How long the server would have a client wait that lost the stream, in milliseconds. */
  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  /** The events that this chunk completes. Throws {@link SseTooLongError}, and is of no use afterwards. */
  take(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    const text = this.#decoder.decode(chunk, { stream: true });
    let start = this.#isBeginning && text.startsWith('\uFEFF') ? 1 : 0;
    this.#isBeginning &&= text === '';
    for (let index = start; index < text.length; index += 1) {
      // Line ends are ASCII: nothing is read as code points.
      // oxlint-disable-next-line unicorn/prefer-code-point
      const unit = text.charCodeAt(index);
      if (unit !== LF && unit !== CR) {
        continue;
      }
      if (unit === LF && this.#isAfterReturn && index === start) {
        this.#isAfterReturn = false;
        start = index + 1;
        continue;
      }
      this.#keep(text.slice(start, index));
      const event = this.#line(this.#takeLine());
      if (event !== undefined) {
        events.push(event);
      }
      this.#isAfterReturn = unit === CR;
      start = index + 1;
    }
    if (start < text.length) {
      this.#keep(text.slice(start));
      this.#isAfterReturn = false;
    }
    return events;
  }

  #keep(piece: string): void {
    if (piece === '') {
      return;
    }
    this.#lineChars += piece.length;
    if (this.#lineChars > this.#maxChars) {
      throw new SseTooLongError(this.#maxChars);
    }
    this.#pieces.push(piece);
  }

  #takeLine(): string {
    const line = this.#pieces.join('');
    this.#pieces = [];
    this.#lineChars = 0;
    return line;
  }

  #line(line: string): SseEvent | undefined {
    if (line === '') {
      return this.#complete();
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    switch (field) {
      case 'event':
        this.#name = value;
        break;
      case 'data':
        this.#dataChars += value.length + 1;
        if (this.#dataChars > this.#maxChars) {
          throw new SseTooLongError(this.#maxChars);
        }
        this.#data.push(value);
        break;
      case 'id':
        if (!value.includes('\0')) {
          this.#id = value;
        }
        break;
      case 'retry':
        if (/^\d{1,15}$/.test(value)) {
          this.#retryMs = Number(value);
        }
        break;
      default:
        // A comment, or what a later version of the format may have.
        break;
    }
    return undefined;
  }

  #complete(): SseEvent | undefined {
    const [name, data] = [this.#name, this.#data];
    this.#lastEventId = this.#id;
    this.#name = '';
    this.#data = [];
    this.#dataChars = 0;
    return data.length === 0
      ? undefined
      : { name: name === '' ? 'message' : name, data: data.join('\n'), lastEventId: this.#lastEventId };
  }
}
