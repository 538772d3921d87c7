import { toDisposable, type Disposable } from '../base/disposable';
import type { StreamStore } from './streamStore';

/** Keeps all streams of a hub within one bound of bytes. Who holds most gives up first. */
export class LogBudget {
  readonly #maxBytes: () => number;
  readonly #stores = new Set<StreamStore>();

  constructor(maxBytes: () => number) {
    this.#maxBytes = maxBytes;
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

  /** To be called after a stream has grown. */
  keep(): void {
    let excess = this.heldBytes - this.#maxBytes();
    while (excess > 0) {
      const largest = this.#largest();
      const before = largest?.heldBytes ?? 0;
      if (largest === undefined || !largest.giveUpFirst('total')) {
        return;
      }
      excess -= before - largest.heldBytes;
    }
  }

  /** Of those that have something to give up. */
  #largest(): StreamStore | undefined {
    let largest: StreamStore | undefined;
    for (const store of this.#stores) {
      if (store.chunks.length > 1 && store.heldBytes > (largest?.heldBytes ?? 0)) {
        largest = store;
      }
    }
    return largest;
  }
}
