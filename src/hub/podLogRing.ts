import type { PodLogLine } from '../kube/followPodLog';
import type { LogLine } from '../protocol/podLog';

/** Beside its text (two bytes a character at most) a line costs an object and its time stamp. */
const LINE_OVERHEAD_BYTES = 120;
/** Slots of lines given up are reclaimed in lots, so that giving up costs O(1) on average. */
const MAX_SPARE_SLOTS = 1024;

export interface PodLogRingOptions {
  readonly maxLines: number;
  readonly maxBytes: number;
}

/** The newest lines of a log, numbered from 0 without gaps, within a bound of lines and one of memory. */
export class PodLogRing {
  readonly #options: PodLogRingOptions;
  #slots: (LogLine | undefined)[] = [];
  #start = 0;
  #first = 0;
  #bytes = 0;

  constructor(options: PodLogRingOptions) {
    this.#options = options;
  }

  /** Number of the oldest line held; equal to `next` when none is. */
  get first(): number {
    return this.#first;
  }

  /** Number that the next line will have. */
  get next(): number {
    return this.#first + this.#slots.length - this.#start;
  }

  get last(): LogLine | undefined {
    return this.#slots.at(-1);
  }

  append(line: PodLogLine): void {
    this.#slots.push({ seq: this.next, ...line });
    this.#bytes += costOf(line);
    const { maxLines, maxBytes } = this.#options;
    // One line always stays, however big.
    while (this.next - this.#first > maxLines || (this.#bytes > maxBytes && this.next - this.#first > 1)) {
      this.#giveUpFirst();
    }
  }

  /** Lines from `from` on, or from the oldest held; at most `limit`. */
  slice(from: number, limit: number): LogLine[] {
    const begin = this.#start + Math.max(0, from - this.#first);
    return this.#slots.slice(begin, begin + Math.max(0, limit)).filter((line) => line !== undefined);
  }

  #giveUpFirst(): void {
    const line = this.#slots[this.#start];
    this.#bytes -= line === undefined ? 0 : costOf(line);
    this.#slots[this.#start] = undefined;
    this.#start += 1;
    this.#first += 1;
    if (this.#start > MAX_SPARE_SLOTS && this.#start > this.#slots.length / 2) {
      this.#slots = this.#slots.slice(this.#start);
      this.#start = 0;
    }
  }
}

function costOf({ text }: PodLogLine): number {
  return text.length * 2 + LINE_OVERHEAD_BYTES;
}
