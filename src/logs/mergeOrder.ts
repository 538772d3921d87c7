import { NS_PER_SECOND } from './lineTime';

/**
 * A time that goes back by more within one stream is no disorder but a clock that was set: the streams of a container's output
 * and errors are written by two threads, milliseconds apart.
 */
const MAX_DISORDER_NS = 2 * NS_PER_SECOND;

/**
 * What the streams of one view have in common: the epoch that their keys count from, and how far the latest of them is. Keys
 * are nanoseconds; they are exact within 104 days of the first line, and to some nanoseconds beyond.
 */
export class MergeOrder {
  #epochSeconds: number | undefined;
  #newest = 0;

  /** Nanoseconds since the epoch, which is the second of the first time that anybody asked of. */
  nanosecondsOf(seconds: number, nanos: number): number {
    this.#epochSeconds ??= seconds;
    return (seconds - this.#epochSeconds) * NS_PER_SECOND + nanos;
  }

  secondsOf(nanoseconds: number): { readonly seconds: number; readonly nanos: number } {
    const seconds = Math.floor(nanoseconds / NS_PER_SECOND);
    return { seconds: (this.#epochSeconds ?? 0) + seconds, nanos: nanoseconds - seconds * NS_PER_SECOND };
  }

  /**
   * The key of a line that was written at `time`, after a line of the same stream with key `before`. Keys never fall within a
   * stream, so that its lines keep their order. After the clock of a node was set back its lines come where they arrive.
   */
  keyOf(time: number | undefined, before: number | undefined): number {
    let key = time ?? before ?? this.#newest;
    if (before !== undefined && key < before) {
      key = before - key > MAX_DISORDER_NS ? Math.max(before, this.#newest) : before;
    }
    this.#newest = Math.max(this.#newest, key);
    return key;
  }
}
