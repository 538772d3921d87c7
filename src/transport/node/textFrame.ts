const FINAL = 0x80;
const TEXT = 0x1;
const CONTINUATION = 0x0;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

/** A text message as a server's WebSocket frame (RFC 6455, 5.2): made once, it can be written to any number of sockets. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = headerBytes(length);
  const frame = Buffer.allocUnsafe(header + length);
  writeHeader(frame, FINAL | TEXT, length);
  frame.write(text, header);
  return frame;
}

/** A piece of a text message that comes in several. */
export function pieceFrame(
  piece: Buffer,
  { isFirst, isLast }: { isFirst: boolean; isLast: boolean },
): Buffer {
  const header = headerBytes(piece.length);
  const frame = Buffer.allocUnsafe(header + piece.length);
  writeHeader(frame, (isLast ? FINAL : 0) | (isFirst ? TEXT : CONTINUATION), piece.length);
  piece.copy(frame, header);
  return frame;
}

function headerBytes(length: number): number {
  return length < TWO_BYTES ? 2 : length < 2 ** 16 ? 4 : 10;
}

function writeHeader(frame: Buffer, first: number, length: number): void {
  frame[0] = first;
  if (length < TWO_BYTES) {
    frame[1] = length;
  } else if (length < 2 ** 16) {
    frame[1] = TWO_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = EIGHT_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
}
