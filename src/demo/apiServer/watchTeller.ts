import type { Disposable } from '../../base/disposable';
import type { BodyChunk } from './chunkJoiner';
import type { StorageEvent, StoredObject } from './objectStorage';
import { MAX_QUEUED_LENGTH, type ResponseBody } from './responseBody';
import type { WatchEncoder } from './watchEncoder';

/** A change as one watch sees it. */
export interface SeenEvent {
  readonly type: StorageEvent['type'];
  readonly item: StoredObject;
}

/**
 * Writes the events of one watch to its body: first the past, drawn as the client reads, then what happens. Events that are
 * written for this client alone wait as what they are, which all watches share, and are written when it reads.
 */
export class WatchTeller implements Disposable {
  readonly #encoder: WatchEncoder;
  readonly #body: ResponseBody;
  #waiting: SeenEvent[] = [];
  #waitingLength = 0;
  #isCaughtUp = false;

  constructor(encoder: WatchEncoder, body: ResponseBody, past: Iterable<BodyChunk>) {
    this.#encoder = encoder;
    this.#body = body;
    body.drawFrom(this.#catchUp(past));
  }

  /** The client was told of everything there is. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  tell(event: SeenEvent): void {
    if (this.#isCaughtUp && this.#encoder.isShared) {
      this.#body.push(this.#encoder.event(event.type, event.item));
      return;
    }
    this.#waiting.push(event);
    this.#waitingLength += event.item.json.length;
    if (this.#waitingLength > MAX_QUEUED_LENGTH) {
      this.#body.failTooSlow();
    } else if (this.#isCaughtUp) {
      this.#isCaughtUp = false;
      this.#body.drawFrom(this.#catchUp([]));
    }
  }

  dispose(): void {
    this.#waiting = [];
  }

  *#catchUp(past: Iterable<BodyChunk>): Generator<BodyChunk, void, void> {
    yield* past;
    while (this.#waiting.length > 0) {
      const events = this.#waiting;
      // More may come while these are drawn.
      this.#waiting = [];
      for (const { type, item } of events) {
        this.#waitingLength -= item.json.length;
        yield this.#encoder.event(type, item);
      }
    }
    this.#isCaughtUp = true;
  }
}
