import type { LogSpill, SpilledBytes } from '../../../src/logs/logSpill';
import type { AllocateBytes } from '../../../src/logs/allocateBytes';

/** A disk that does what a test wants it to; what is written there is there when the test says so. */
export class MemorySpill implements LogSpill {
  maxBytes: number;
  usedBytes = 0;
  problem: LogSpill['problem'];
  isFull = false;
  isUnreadable = false;
  /** Whether what is written waits for `finish`. */
  isSlow = false;
  reads = 0;
  #waiting: (() => void)[] = [];

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  sizeOf(byteLength: number): number {
    return byteLength;
  }

  write(bytes: Uint8Array): SpilledBytes | undefined {
    const size = bytes.length;
    if (this.usedBytes + size > this.maxBytes) {
      return undefined;
    }
    this.usedBytes += size;
    let there: Uint8Array | undefined;
    let isLetGo = false;
    const arrive = async (): Promise<void> => {
      await this.#arrival();
      if (this.isFull) {
        throw new Error('full');
      }
      there = bytes.slice();
    };
    const written = arrive();
    written.catch(() => undefined);
    return {
      size,
      written,
      read: async (from: number, to: number, allocate: AllocateBytes) => {
        this.reads += 1;
        await Promise.resolve();
        if (this.isUnreadable || there === undefined || isLetGo) {
          throw new Error('unreadable');
        }
        const read = new Uint8Array(allocate(to - from));
        read.set(there.subarray(from, to));
        return read;
      },
      dispose: () => {
        if (!isLetGo) {
          isLetGo = true;
          this.usedBytes -= size;
        }
      },
    };
  }

  finish(): void {
    this.#waiting.splice(0).forEach((arrive) => arrive());
  }

  dispose(): void {
    this.maxBytes = 0;
  }

  #arrival(): Promise<void> {
    return this.isSlow ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }
}
