/**
 * Puts bytes into one chunk of HTTP/1.1's chunked coding (RFC 9112 §7.1). Watchers of the same changes are handed the
 * very same bytes one after the other, so the last frame is kept: it is made once and shared by their sockets.
 */
export class ChunkFramer {
  #bytes: Uint8Array | undefined;
  #frame: Buffer = Buffer.alloc(0);

  frame(bytes: Uint8Array): Buffer {
    if (bytes !== this.#bytes) {
      const head = `${bytes.byteLength.toString(16)}\r\n`;
      const frame = Buffer.allocUnsafeSlow(head.length + bytes.byteLength + 2);
      frame.write(head, 'latin1');
      frame.set(bytes, head.length);
      frame.write('\r\n', head.length + bytes.byteLength, 'latin1');
      this.#bytes = bytes;
      this.#frame = frame;
    }
    return this.#frame;
  }
}

/** Ends a body in chunked coding. */
export const LAST_CHUNK = '0\r\n\r\n';
