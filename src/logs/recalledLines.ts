import { READ_BYTES } from './lineContent';
import type { LogChunk } from './logChunk';
import type { RowRef } from './rowList';
import type { StreamStore } from './streamStore';

/** Lines of one chunk that follow each other. */
interface Wanted {
  readonly store: StreamStore;
  readonly chunk: LogChunk;
  readonly stream: number;
  readonly first: number;
  last: number;
}

/** What one question needs of the texts that are on the disk alone: what it lacks is noted, and read all at once. */
export class RecalledLines {
  readonly #texts = new Map<string, Uint8Array>();
  #wanted: Wanted[] = [];

  /** Whether something was asked for that is not here. */
  get isLacking(): boolean {
    return this.#wanted.length > 0;
  }

  /** The beginning of a line; where it is not here it is noted as lacking. */
  text(store: StreamStore, { stream, line }: RowRef): Uint8Array | undefined {
    const text = this.#texts.get(nameOf(stream, line));
    const chunk = store.chunkOf(line);
    if (text === undefined && chunk !== undefined) {
      const index = line - chunk.firstLine;
      const last = this.#wanted.at(-1);
      if (last?.chunk === chunk && last.last === index - 1) {
        last.last = index;
      } else {
        this.#wanted.push({ store, chunk, stream, first: index, last: index });
      }
    }
    return text;
  }

  /** Reads what was lacking. Of what cannot be read the lines are given up. */
  async recall(): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = [];
    await Promise.all(wanted.map((lines) => this.#read(lines)));
  }

  async #read({ store, chunk, stream, first, last }: Wanted): Promise<void> {
    try {
      const start = chunk.start(first);
      const end = chunk.start(last) + Math.min(chunk.lengthOf(last), READ_BYTES);
      const bytes = await chunk.read(start, end);
      for (let index = first; index <= last; index += 1) {
        const at = chunk.start(index) - start;
        const text = bytes.subarray(at, at + Math.min(chunk.lengthOf(index), READ_BYTES));
        this.#texts.set(nameOf(stream, chunk.firstLine + index), text);
      }
    } catch {
      store.giveUpThrough(chunk);
    }
  }
}

function nameOf(stream: number, line: number): string {
  return `${stream}/${line}`;
}
