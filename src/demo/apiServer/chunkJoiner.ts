/** A piece of a body: text that one reader gets, or bytes that are shared by many; nobody changes them. */
export type BodyChunk = string | Uint8Array;

const encoder = new TextEncoder();

/**
 * Makes one piece of several. Many watchers of the same changes, read at the same pace, have the same pieces waiting: so
 * the last result is kept, and is the answer to the next question if that is for the very same pieces.
 */
export class ChunkJoiner {
  #chunks: readonly Uint8Array[] = [];
  #joined: Uint8Array = new Uint8Array();

  join(chunks: readonly BodyChunk[]): Uint8Array {
    const [first] = chunks;
    if (first !== undefined && chunks.length === 1) {
      return bytesOf(first);
    }
    if (!this.#isLast(chunks)) {
      this.#chunks = chunks.map((chunk) => bytesOf(chunk));
      this.#joined = concatenate(this.#chunks);
    }
    return this.#joined;
  }

  #isLast(chunks: readonly BodyChunk[]): boolean {
    return (
      chunks.length === this.#chunks.length && chunks.every((chunk, index) => chunk === this.#chunks[index])
    );
  }
}

function bytesOf(chunk: BodyChunk): Uint8Array {
  return typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
}
