/** Of one `events` message as JSON. One event that is larger travels alone. */
export const MAX_FRAME_BYTES = 64 * 1024;
/** `{"type":"events","events":[]}` */
const ENVELOPE_BYTES = 29;
/** The comma between two events. */
const SEPARATOR_BYTES = 1;

/** What one `events` message has room for. */
export class FrameRoom {
  #leftBytes = MAX_FRAME_BYTES - ENVELOPE_BYTES;
  #isEmpty = true;

  /** Whether an event of so many bytes goes into it, which is taken in then. */
  takes(bytes: number): boolean {
    const leftBytes = this.#leftBytes - SEPARATOR_BYTES - bytes;
    if (leftBytes < 0 && !this.#isEmpty) {
      return false;
    }
    this.#leftBytes = leftBytes;
    this.#isEmpty = false;
    return true;
  }
}
