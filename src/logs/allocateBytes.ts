/** Where the bytes of a chunk are to be: a scanner on another thread needs memory that is shared. */
export type AllocateBytes = (byteLength: number) => ArrayBufferLike;

export const unsharedBytes: AllocateBytes = (byteLength) => new ArrayBuffer(byteLength);
