import { toDisposable, type Disposable } from '../base/disposable';
import type { LogSpill } from './logSpill';
import type { SpillText, StreamStore } from './streamStore';

/**
 * Keeps all streams of a hub within one bound of bytes, and, where there is a disk for what leaves memory, within another one
 * there. Who holds most gives up first.
 */
export class LogBudget {
  readonly #maxBytes: () => number;
  readonly #spill: LogSpill | undefined;
  readonly #stores = new Set<StreamStore>();

  constructor(maxBytes: () => number, spill?: LogSpill) {
    this.#maxBytes = maxBytes;
    this.#spill = spill;
  }

  /** Counts a stream until the result is disposed. */
  add(store: StreamStore): Disposable {
    this.#stores.add(store);
    return toDisposable(() => this.#stores.delete(store));
  }

  get heldBytes(): number {
    let bytes = 0;
    for (const store of this.#stores) {
      bytes += store.heldBytes;
    }
    return bytes;
  }

  /** The disk, where there is one and it is wanted. */
  get disk(): LogSpill | undefined {
    return this.#spill !== undefined && this.#spill.maxBytes > 0 ? this.#spill : undefined;
  }

  /** Puts text on the disk, for which the oldest text of whoever has most there gives way. Undefined while that is not wanted. */
  get spillText(): SpillText | undefined {
    const { disk } = this;
    return (
      disk &&
      ((text) => {
        this.#makeRoomOnDisk(disk, disk.maxBytes - disk.sizeOf(text.length));
        return disk.write(text);
      })
    );
  }

  /** To be called after a stream has grown. */
  keep(): void {
    let excess = this.heldBytes - this.#maxBytes();
    while (excess > 0) {
      const largest = this.#largest((store) => (store.canMakeRoom ? store.heldBytes : 0));
      const before = largest?.heldBytes ?? 0;
      if (largest === undefined || !largest.makeRoom()) {
        break;
      }
      excess -= before - largest.heldBytes;
    }
    if (this.#spill !== undefined) {
      this.#makeRoomOnDisk(this.#spill, this.#spill.maxBytes);
    }
  }

  #makeRoomOnDisk(disk: LogSpill, maxBytes: number): void {
    while (disk.usedBytes > maxBytes) {
      const largest = this.#largest(({ spilledBytes }) => spilledBytes);
      if (largest?.giveUpFirst('disk') !== true) {
        return;
      }
    }
  }

  #largest(bytesOf: (store: StreamStore) => number): StreamStore | undefined {
    let largest: StreamStore | undefined;
    let most = 0;
    for (const store of this.#stores) {
      const bytes = bytesOf(store);
      if (bytes > most) {
        largest = store;
        most = bytes;
      }
    }
    return largest;
  }
}
