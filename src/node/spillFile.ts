import { mkdir, open, readdir, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock';
import type { AllocateBytes } from '../logs/allocateBytes';
import type { LogSpill, SpilledBytes } from '../logs/logSpill';
import { FileSlots } from './fileSlots';

/** The file is used in pieces of this size, so that whatever is let go makes room for whatever comes. */
const SLOT_BYTES = 64 * 1024;
/** So much may wait to be written: it is in memory until then. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** After a failure nothing is written for so long. */
const PAUSE_MS = 60_000;
const OWNER_ONLY = 0o600;
const FOLDER_OWNER_ONLY = 0o700;
const NAME = /^logs-(\d+)-[0-9a-z]+\.spill$/;

export interface SpillFileOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly maxBytes: () => number;
}

/**
 * Text of logs in one file, which is made when there is something for it, and readable by its owner alone. It has no name any
 * more once it is open, so that nothing is left of it however this process ends; where a file that is open cannot lose its name,
 * it is removed at the end, or by the next process that looks. Its room is used again, and grows no further than it may.
 */
export class SpillFile implements LogSpill {
  readonly #options: SpillFileOptions;
  readonly #slots = new FileSlots();
  #file: Promise<OpenFile> | undefined;
  #waitingBytes = 0;
  #problem: LogSpill['problem'];
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #isDisposed = false;

  constructor(options: SpillFileOptions) {
    this.#options = options;
  }

  get maxBytes(): number {
    return this.#options.maxBytes();
  }

  get usedBytes(): number {
    return this.#slots.used * SLOT_BYTES;
  }

  get problem(): LogSpill['problem'] {
    return this.#problem;
  }

  sizeOf(byteLength: number): number {
    return Math.ceil(byteLength / SLOT_BYTES) * SLOT_BYTES;
  }

  write(bytes: Uint8Array): SpilledBytes | undefined {
    const size = this.sizeOf(bytes.length);
    if (
      this.#isDisposed ||
      this.usedBytes + size > this.maxBytes ||
      this.#options.clock.monotonic() < this.#pausedUntilMs
    ) {
      return undefined;
    }
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#failed(new Error('the disk is too slow'));
      return undefined;
    }
    const slots = this.#slots.take(size / SLOT_BYTES);
    // Their room is used again when nobody reads or writes there any more.
    let busy = 0;
    let isLetGo = false;
    const use = async <T>(work: (file: FileHandle) => Promise<T>): Promise<T> => {
      if (isLetGo) {
        throw new Error('the text was let go');
      }
      busy += 1;
      try {
        const result = await work((await this.#open()).handle);
        this.#problem = undefined;
        return result;
      } catch (error) {
        this.#failed(error);
        throw error;
      } finally {
        busy -= 1;
        if (isLetGo && busy === 0) {
          this.#slots.give(slots);
        }
      }
    };
    this.#waitingBytes += bytes.length;
    const written = use((file) => writeTo(file, slots, bytes)).finally(
      () => (this.#waitingBytes -= bytes.length),
    );
    return {
      size,
      written,
      read: (from, to, allocate) => use((file) => readFrom(file, slots, from, to, allocate)),
      dispose: () => {
        if (!isLetGo) {
          isLetGo = true;
          if (busy === 0) {
            this.#slots.give(slots);
          }
        }
      },
    };
  }

  dispose(): void {
    this.#isDisposed = true;
    void this.#file?.then((file) => file.close()).catch(() => undefined);
    this.#file = undefined;
  }

  #open(): Promise<OpenFile> {
    if (this.#isDisposed) {
      return Promise.reject(new Error('the file is closed'));
    }
    const opening = (this.#file ??= OpenFile.create(this.#options.folder));
    return opening.catch((error: unknown) => {
      // The next one tries again.
      if (this.#file === opening) {
        this.#file = undefined;
      }
      throw error;
    });
  }

  #failed(error: unknown): void {
    if (this.#isDisposed) {
      return;
    }
    // Without the path, which has the name of a user in it.
    const why = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    const detail = why ?? (error instanceof Error ? error.message : String(error));
    this.#problem = { code: 'internal', detail: `log lines cannot be kept on the disk: ${detail}` };
    this.#pausedUntilMs = this.#options.clock.monotonic() + PAUSE_MS;
  }
}

/** A file of this process, without a name where that is possible. */
class OpenFile {
  readonly handle: FileHandle;
  /** Where it still has one. */
  readonly #path: string | undefined;

  private constructor(handle: FileHandle, path: string | undefined) {
    this.handle = handle;
    this.#path = path;
  }

  static async create(folder: string): Promise<OpenFile> {
    await mkdir(folder, { recursive: true, mode: FOLDER_OWNER_ONLY });
    await removeSpillFilesLeft(folder);
    const path = join(folder, `logs-${process.pid}-${process.hrtime.bigint().toString(36)}.spill`);
    const handle = await open(path, 'wx+', OWNER_ONLY);
    const isNameless = await unlink(path).then(
      () => true,
      () => false,
    );
    return new OpenFile(handle, isNameless ? undefined : path);
  }

  async close(): Promise<void> {
    await this.handle.close();
    if (this.#path !== undefined) {
      await unlink(this.#path);
    }
  }
}

/** What `HubLogs` makes its disk with. What processes left there that are gone is removed. */
export function spillInto(folder: string, clock: Clock): (maxBytes: () => number) => LogSpill {
  // There may be no such folder yet.
  void removeSpillFilesLeft(folder).catch(() => undefined);
  return (maxBytes) => new SpillFile({ folder, clock, maxBytes });
}

/** Rejects where no file can be made in a folder, which is made where it is not there. */
export async function checkSpillFolder(folder: string): Promise<void> {
  const file = await OpenFile.create(folder);
  await file.close();
}

/** Removes the files of processes that are gone. Rejects where the folder cannot be read. */
async function removeSpillFilesLeft(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = NAME.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await unlink(join(folder, name)).catch(() => undefined);
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, and is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function writeTo(file: FileHandle, slots: readonly number[], bytes: Uint8Array): Promise<void> {
  for (const [index, slot] of slots.entries()) {
    const end = Math.min(bytes.length, (index + 1) * SLOT_BYTES);
    let at = index * SLOT_BYTES;
    while (at < end) {
      const place = slot * SLOT_BYTES + (at - index * SLOT_BYTES);
      const { bytesWritten } = await file.write(bytes, at, end - at, place);
      at += bytesWritten;
    }
  }
}

async function readFrom(
  file: FileHandle,
  slots: readonly number[],
  from: number,
  to: number,
  allocate: AllocateBytes,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(allocate(to - from));
  let at = from;
  while (at < to) {
    const index = Math.floor(at / SLOT_BYTES);
    const end = Math.min(to, (index + 1) * SLOT_BYTES);
    const place = (slots[index] ?? 0) * SLOT_BYTES + (at - index * SLOT_BYTES);
    const { bytesRead } = await file.read(bytes, at - from, end - at, place);
    if (bytesRead === 0) {
      throw new Error('the file ends too early');
    }
    at += bytesRead;
  }
  return bytes;
}
