import type { PodLogLine } from '../kube/followPodLog';
import type { PodLogRing } from './podLogRing';

/** Where to take up a log again, and what will come once more when that is done. */
export interface PodLogResume {
  /** Absent where the lines held carry no time. */
  readonly sinceTime?: string;
  /** Absent where `sinceTime` says where to begin. */
  readonly tailLines?: number;
  readonly overlap: PodLogOverlap;
}

/**
 * Plans the resumption of a log of which `held` has the lines so far: from the second of the newest one on, since the
 * server cuts to whole seconds. Lines without times are asked for by their number instead.
 */
export function planResume(held: PodLogRing, tailLines: number): PodLogResume {
  const all = held.slice(held.first, held.next - held.first);
  const newest = all.at(-1);
  if (newest === undefined) {
    return { tailLines, overlap: new PodLogOverlap([]) };
  }
  if (newest.time === undefined) {
    return { tailLines: all.length, overlap: new PodLogOverlap(all) };
  }
  const second = wholeSecond(newest.time);
  const begin = all.findLastIndex(({ time }) => time === undefined || wholeSecond(time) !== second) + 1;
  return { sinceTime: newest.time, overlap: new PodLogOverlap(all.slice(begin)) };
}

/**
 * Recognises lines that are held already, by their sequence and not as a set, since a program may well write the same line
 * twice. Matching ends with the first line that is neither the next one expected nor a later one: it is new, and so is
 * everything after it.
 */
class PodLogOverlap {
  readonly #expected: readonly PodLogLine[];
  #position = 0;
  #isOver: boolean;

  constructor(expected: readonly PodLogLine[]) {
    this.#expected = expected;
    this.#isOver = expected.length === 0;
  }

  /** Whether the line is held already. To be asked for each line in order. */
  isHeld(line: PodLogLine): boolean {
    if (this.#isOver) {
      return false;
    }
    const found = this.#find(line);
    if (found !== undefined) {
      this.#position = found + 1;
      this.#isOver = this.#position === this.#expected.length;
      return true;
    }
    if (this.#position === 0 && isNotAfter(line, this.#expected[0])) {
      // Of the same second, but from before the lines held: given up since, or never asked for.
      return true;
    }
    this.#isOver = true;
    return false;
  }

  #find(line: PodLogLine): number | undefined {
    for (let index = this.#position; index < this.#expected.length; index += 1) {
      const expected = this.#expected[index];
      if (expected?.time === line.time && expected?.text === line.text) {
        return index;
      }
    }
    return undefined;
  }
}

function wholeSecond(time: string): string {
  return time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
}

/** By the node's clock; false where it cannot be said. Fractions differ in length: trailing zeros are not written. */
function isNotAfter(line: PodLogLine, other: PodLogLine | undefined): boolean {
  if (line.time === undefined || other?.time === undefined) {
    return false;
  }
  const [second, otherSecond] = [wholeSecond(line.time), wholeSecond(other.time)];
  return second === otherSecond ? fraction(line.time) <= fraction(other.time) : second < otherSecond;
}

function fraction(time: string): string {
  return (/\.(\d+)/.exec(time)?.[1] ?? '').padEnd(9, '0');
}
