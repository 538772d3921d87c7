import type { Fingerprints, HeldTail } from './lineFingerprint';

/**
 * Finds where a log goes on behind the lines that are held of it, by their sequence: a program may well write the same line
 * twice, so that no line by itself says whether it is held. The server sends what it has of these lines, perhaps after earlier
 * ones that are not held any more, and then what is new. It may have given up the first of them, or all.
 *
 * Knuth, Morris and Pratt's search: each line costs the same, however often lines repeat.
 */
export class SequenceMatch {
  readonly #held: Fingerprints;
  readonly #borders: readonly number[];
  readonly #latest: number;
  readonly #times: number[] = [];
  readonly #hashes: number[] = [];
  #matched = 0;
  /** Where in what is held all that came so far may begin, were what is before given up by the server. */
  #begins: number[] | undefined;
  /** Whether what came up to some line was the end of what is held. */
  #isEndFound = false;

  /** `held` has at least one line. */
  constructor(held: Omit<HeldTail, 'sinceTime'>) {
    this.#held = held;
    this.#borders = bordersOf(held);
    this.#latest = held.latest;
  }

  /**
   * The next line that came.
   * - `held`: this is the last line that is held; what follows is new
   * - `passed`: it came after all of them, so that the last one will not come; `settle` says what is new
   * - `open`: it may be held, or new, or from before
   */
  next(time: number, hash: number): 'held' | 'passed' | 'open' {
    this.#times.push(time);
    this.#hashes.push(hash);
    const { times, hashes } = this.#held;
    let matched = this.#matched;
    while (matched > 0 && !isSame(times[matched], hashes[matched], time, hash)) {
      matched = this.#borders[matched - 1] ?? 0;
    }
    if (isSame(times[matched], hashes[matched], time, hash)) {
      matched += 1;
    }
    this.#matched = matched;
    if (matched === times.length) {
      return 'held';
    }
    this.#narrow(time, hash);
    return this.#isPassed(time) ? 'passed' : 'open';
  }

  /**
   * To be asked when no more lines will come that are held: how many of those that came are. None where the last line held is
   * not among them: then something may be missing.
   */
  settle(): number {
    const came: Fingerprints = { times: this.#times, hashes: this.#hashes };
    const joined: Fingerprints = {
      times: [...came.times, Number.NaN, ...this.#held.times],
      // No hash is negative: nothing matches across.
      hashes: [...came.hashes, -1, ...this.#held.hashes],
    };
    return bordersOf(joined).at(-1) ?? 0;
  }

  #narrow(time: number, hash: number): void {
    const { times, hashes } = this.#held;
    const index = this.#times.length - 1;
    const begins = this.#begins ?? times.keys();
    this.#begins = [];
    for (const begin of begins) {
      if (isSame(times[begin + index], hashes[begin + index], time, hash)) {
        this.#begins.push(begin);
        this.#isEndFound ||= begin + index === times.length - 1;
      }
    }
  }

  #isPassed(time: number): boolean {
    if (this.#isEndFound && this.#matched === 0 && this.#begins?.length === 0) {
      return true;
    }
    // Without times as many lines are asked for as are held: those beyond are new.
    return this.#latest === Number.NEGATIVE_INFINITY
      ? this.#times.length >= this.#held.times.length
      : time > this.#latest;
  }
}

/** For each line, how long the longest beginning is that the lines up to it end with, short of all of them. */
function bordersOf({ times, hashes }: Fingerprints): number[] {
  const borders = [0];
  let length = 0;
  for (let index = 1; index < times.length; index += 1) {
    while (length > 0 && !isSame(times[length], hashes[length], times[index], hashes[index])) {
      length = borders[length - 1] ?? 0;
    }
    if (isSame(times[length], hashes[length], times[index], hashes[index])) {
      length += 1;
    }
    borders.push(length);
  }
  return borders;
}

function isSame(
  timeA: number | undefined,
  hashA: number | undefined,
  timeB: number | undefined,
  hashB: number | undefined,
): boolean {
  return hashA === hashB && Object.is(timeA, timeB);
}
