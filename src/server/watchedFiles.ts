import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { readFileBounded } from '../cluster/readFileBounded';

/** Certificates and lists of tokens are far smaller. */
const MAX_FILE_BYTES = 1024 * 1024;
const LOOK_MS = 2_000;

export interface WatchedFilesOptions {
  readonly files: readonly string[];
  readonly clock: Clock;
  /** They are other ones now: the contents, in the order of the files. */
  readonly onChanged: (contents: readonly Buffer[]) => void;
  /** They could be read, and cannot any more; or the other way round. */
  readonly onReadableChanged: (error: Error | undefined) => void;
}

/**
 * Looks every 2 s whether files have other contents. They are told once they were the same twice in a row: a file may be half
 * written, and of several files only one be replaced. The contents are compared, since mounted secrets are swapped by links.
 */
export class WatchedFiles implements Disposable {
  readonly #options: WatchedFilesOptions;
  #told: string;
  #seen: string;
  #isReadable = true;
  #timer: Disposable | undefined;
  #isDisposed = false;

  private constructor(options: WatchedFilesOptions, contents: readonly Buffer[]) {
    this.#options = options;
    this.#told = digestOf(contents);
    this.#seen = this.#told;
    this.#lookLater();
  }

  /** With the contents as they are now, which are not told. Rejects where one cannot be read. */
  static async open(
    options: WatchedFilesOptions,
  ): Promise<{ readonly contents: readonly Buffer[]; readonly watched: WatchedFiles }> {
    const contents = await readAll(options.files);
    return { contents, watched: new WatchedFiles(options, contents) };
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
  }

  #lookLater(): void {
    this.#timer = this.#options.clock.schedule(LOOK_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#timer?.dispose();
    try {
      const contents = await readAll(this.#options.files);
      if (this.#isDisposed) {
        return;
      }
      this.#setReadable(undefined);
      this.#take(contents);
    } catch (error) {
      if (this.#isDisposed) {
        return;
      }
      this.#setReadable(error instanceof Error ? error : new Error(String(error)));
    }
    this.#lookLater();
  }

  #take(contents: readonly Buffer[]): void {
    const digest = digestOf(contents);
    const isSettled = digest === this.#seen;
    this.#seen = digest;
    if (isSettled && digest !== this.#told) {
      this.#told = digest;
      this.#options.onChanged(contents);
    }
  }

  #setReadable(error: Error | undefined): void {
    if ((error === undefined) !== this.#isReadable) {
      this.#isReadable = error === undefined;
      this.#options.onReadableChanged(error);
    }
  }
}

function readAll(files: readonly string[]): Promise<Buffer[]> {
  return Promise.all(files.map((file) => readFileBounded(file, MAX_FILE_BYTES)));
}

function digestOf(contents: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const content of contents) {
    hash.update(`${content.length} `).update(content);
  }
  return hash.digest('hex');
}
