import type { StorageEvent, StoredObject } from './objectStorage';

const encoder = new TextEncoder();

/** The line of a watch that tells of one object. */
function watchFrame(type: StorageEvent['type'], item: StoredObject): string {
  return `{"type":"${type}","object":${item.json}}\n`;
}

/**
 * The same as bytes, made once for all watchers: each of them is told of a change before the next change, so only the
 * last frame is kept.
 */
export class WatchFrames {
  #type: StorageEvent['type'] | undefined;
  #item: StoredObject | undefined;
  #bytes: Uint8Array = new Uint8Array();

  encode(type: StorageEvent['type'], item: StoredObject): Uint8Array {
    if (item !== this.#item || type !== this.#type) {
      this.#type = type;
      this.#item = item;
      this.#bytes = encoder.encode(watchFrame(type, item));
    }
    return this.#bytes;
  }
}
