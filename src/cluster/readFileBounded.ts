import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** A file that exists and can be opened, but is not what was asked for. */
export class UnfitFileError extends Error {
  /** Named as the system's own codes are. */
  readonly code: 'NOTAFILE' | 'EFBIG';

  constructor(code: 'NOTAFILE' | 'EFBIG') {
    super(code === 'EFBIG' ? 'the file is too big' : 'not a regular file');
    this.name = 'UnfitFileError';
    this.code = code;
  }
}

/** Absent on Windows, where opening a pipe does not wait either. */
const NON_BLOCKING: number = constants.O_NONBLOCK ?? 0;

/**
 * Reads a regular file of at most `maxBytes`. Rejects with {@link UnfitFileError} for anything else, and with the
 * system's error where it cannot be read. A named pipe or device in the file's place is not waited for.
 */
export async function readFileBounded(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | NON_BLOCKING);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      throw new UnfitFileError('NOTAFILE');
    }
    if (stats.size > maxBytes) {
      throw new UnfitFileError('EFBIG');
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    // The file may grow while it is read, so its size is not trusted.
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      if (!Buffer.isBuffer(chunk)) {
        continue;
      }
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new UnfitFileError('EFBIG');
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}

/** The code of a system error such as ENOENT; `unknown` where there is none. */
export function systemErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
