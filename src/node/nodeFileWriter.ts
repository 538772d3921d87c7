import { open, rename, rm } from 'node:fs/promises';
import type { FileWriter } from '../base/fileWriter';

/** Writes beside `path`, and takes its place at the end: what was there before stays until then. */
export async function createFile(path: string): Promise<FileWriter> {
  const part = `${path}.part`;
  const file = await open(part, 'w');
  return {
    async write(data) {
      let at = 0;
      while (at < data.length) {
        const { bytesWritten } = await file.write(data, at, data.length - at);
        at += bytesWritten;
      }
    },
    async finish() {
      await file.close();
      await rename(part, path);
    },
    async discard() {
      await file.close().catch(() => undefined);
      await rm(part, { force: true }).catch(() => undefined);
    },
  };
}
