const FINAL = 0x80;
const OPCODE = 0x0f;
const CONTINUATION = 0x0;
const CLOSE = 0x8;
const PING = 0x9;
const TWO_BYTES = 126;
const HEADER_END = '\r\n\r\n';

export interface WebSocketReaderOptions {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onPing: (payload: Buffer) => void;
  readonly onClose: () => void;
}

/**
 * Reads what a server sends over a WebSocket: the answer to the upgrade, then frames (RFC 6455, 5.2). It costs a client as
 * little as can be, so that hundreds of them leave the machine to the server that is measured. Throws where it is no such answer.
 */
export class WebSocketReader {
  readonly #options: WebSocketReaderOptions;
  #rest: Buffer | undefined;
  #isOpen = false;
  #pieces: Buffer[] = [];

  constructor(options: WebSocketReaderOptions) {
    this.#options = options;
  }

  read(chunk: Buffer): void {
    let bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    if (!this.#isOpen) {
      const end = bytes.indexOf(HEADER_END);
      if (end < 0) {
        this.#rest = bytes;
        return;
      }
      const status = bytes.toString('latin1', 0, bytes.indexOf('\r\n'));
      if (!status.startsWith('HTTP/1.1 101 ')) {
        throw new Error(`the server answered ${status}`);
      }
      this.#isOpen = true;
      bytes = bytes.subarray(end + HEADER_END.length);
      this.#options.onOpen();
    }
    let offset = 0;
    for (;;) {
      const next = this.#frame(bytes, offset);
      if (next === undefined) {
        break;
      }
      offset = next;
    }
    if (offset < bytes.length) {
      // A copy, so that a whole chunk is not kept for the beginning of a frame.
      this.#rest = Buffer.from(bytes.subarray(offset));
    }
  }

  /** Where the frame at `offset` ends; undefined where it has not come whole. */
  #frame(bytes: Buffer, offset: number): number | undefined {
    const left = bytes.length - offset;
    if (left < 2) {
      return undefined;
    }
    const first = bytes[offset] ?? 0;
    let length = bytes[offset + 1] ?? 0;
    let header = 2;
    if (length === TWO_BYTES) {
      header = 4;
    } else if (length > TWO_BYTES) {
      header = 10;
    }
    if (left < header) {
      return undefined;
    }
    if (header === 4) {
      length = bytes.readUInt16BE(offset + 2);
    } else if (header === 10) {
      length = Number(bytes.readBigUInt64BE(offset + 2));
    }
    const end = offset + header + length;
    if (end > bytes.length) {
      return undefined;
    }
    this.#take(first, bytes.subarray(offset + header, end));
    return end;
  }

  #take(first: number, payload: Buffer): void {
    const opcode = first & OPCODE;
    if (opcode === PING) {
      this.#options.onPing(payload);
    } else if (opcode === CLOSE) {
      this.#options.onClose();
    } else if (opcode < CLOSE) {
      if ((first & FINAL) === 0 || opcode === CONTINUATION) {
        this.#pieces.push(Buffer.from(payload));
        if ((first & FINAL) !== 0) {
          const whole = Buffer.concat(this.#pieces);
          this.#pieces = [];
          this.#options.onText(whole.toString());
        }
      } else {
        this.#options.onText(payload.toString());
      }
    }
  }
}
