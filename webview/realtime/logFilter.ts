import type { Clock } from '../../src/base/clock';
import { LOG_LEVELS, type LogLevel, type LogLine } from '../../src/protocol/podLog';
import type { Problem } from '../../src/protocol/problem';
import { displayText } from './displayText';

export interface LogFilterOptions {
  /** What a line must contain, in upper or lower case; absent or empty: anything. */
  readonly text?: string | undefined;
  /**
   * Whether `text` is a regular expression. One that takes very long on some line holds up the view, since it can't be stopped
   * there; but it does so once, and is left out from then on.
   */
  readonly isRegex?: boolean | undefined;
  /** Only lines at least as severe. A line that says no level of its own has that of none. */
  readonly level?: LogLevel | undefined;
}

/** An expression that takes longer on one line, or on all that are looked at in one go, is given up. */
const SLOWEST_LINE_MS = 50;
const SLOWEST_PASS_MS = 500;

/**
 * Takes the lines that match out of a window that moves. It looks at each line once: when a window is given that goes on from
 * the one before, the work is in proportion to the lines that came. A line is matched as it is shown, without what is meant
 * for a terminal.
 */
export class LogFilter {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #level: LogLevel | undefined;
  #matchesText: ((text: string) => boolean) | undefined;
  #isTimed = false;
  #spentMs = 0;
  #problem: Problem | undefined;
  #window: readonly LogLine[] = [];
  #matched: readonly LogLine[] = [];

  constructor({ text = '', isRegex = false, level }: LogFilterOptions, clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#level = level;
    if (text === '') {
      return;
    }
    if (!isRegex) {
      const wanted = text.toLowerCase();
      this.#matchesText = (line) => line.toLowerCase().includes(wanted);
      return;
    }
    try {
      const expression = new RegExp(text, 'i');
      this.#matchesText = (line) => expression.test(line);
      this.#isTimed = true;
    } catch (error) {
      this.#problem = { code: 'badRequest', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Why `text` cannot be used, in which case it is left out. Of an expression that takes too long it is known once that was found. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** The lines of `window` (in order of `seq`) that match; the same array where they are the same lines as before. */
  apply(window: readonly LogLine[]): readonly LogLine[] {
    if (this.#matchesText === undefined && this.#level === undefined) {
      return window;
    }
    if (window !== this.#window) {
      this.#spentMs = 0;
      this.#matched = this.#goOn(window);
      this.#window = window;
      if (this.#isTimed && this.#isTooSlow()) {
        return this.#withoutText(window);
      }
    }
    return this.#matched;
  }

  #isTooSlow(): boolean {
    return this.#spentMs > SLOWEST_PASS_MS;
  }

  #withoutText(window: readonly LogLine[]): readonly LogLine[] {
    this.#problem = { code: 'badRequest', detail: 'the regular expression takes too long' };
    this.#matchesText = undefined;
    this.#isTimed = false;
    this.#matched = this.#matching(window, 0, window.length);
    return this.#level === undefined ? window : this.#matched;
  }

  #goOn(window: readonly LogLine[]): readonly LogLine[] {
    const before = this.#window;
    const [first] = before;
    const last = before.at(-1);
    if (first === undefined || last === undefined) {
      return this.#matching(window, 0, window.length);
    }
    // What both windows have, by where it stands in the new one.
    const start = firstFrom(window, first.seq);
    const end = firstFrom(window, last.seq + 1);
    if (!isTaken(window, before, start) || !isTaken(window, before, end - 1)) {
      return this.#matching(window, 0, window.length);
    }
    const from = window[start]?.seq ?? 0;
    const to = window[end - 1]?.seq ?? 0;
    const earlier = this.#matching(window, 0, start);
    const later = this.#matching(window, end, window.length);
    const keptStart = firstFrom(this.#matched, from);
    const keptEnd = firstFrom(this.#matched, to + 1);
    const isUnchanged =
      earlier.length === 0 && later.length === 0 && keptStart === 0 && keptEnd === this.#matched.length;
    return isUnchanged ? this.#matched : [...earlier, ...this.#matched.slice(keptStart, keptEnd), ...later];
  }

  #matching(window: readonly LogLine[], start: number, end: number): readonly LogLine[] {
    const matching: LogLine[] = [];
    for (let index = start; index < end; index += 1) {
      const line = window[index];
      if (this.#isTimed && this.#isTooSlow()) {
        break;
      }
      if (line !== undefined && this.#matches(line)) {
        matching.push(line);
      }
    }
    return matching;
  }

  #matches({ text, level, marker }: LogLine): boolean {
    if (marker !== undefined) {
      // What may be missing is told whatever is looked for.
      return true;
    }
    if (this.#level !== undefined) {
      if (level === undefined || LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(this.#level)) {
        return false;
      }
    }
    if (this.#matchesText === undefined) {
      return true;
    }
    const shown = displayText(text).text;
    if (!this.#isTimed) {
      return this.#matchesText(shown);
    }
    const startMs = this.#clock.monotonic();
    const isMatch = this.#matchesText(shown);
    const tookMs = this.#clock.monotonic() - startMs;
    this.#spentMs = tookMs > SLOWEST_LINE_MS ? Number.POSITIVE_INFINITY : this.#spentMs + tookMs;
    return isMatch;
  }
}

/** Whether the line at `index` of `window` is the very line that `before` has: another log may count the same. */
function isTaken(window: readonly LogLine[], before: readonly LogLine[], index: number): boolean {
  const line = window[index];
  return line !== undefined && before[firstFrom(before, line.seq)] === line;
}

/** The index of the first line from `seq` on; the lines' number where there is none. */
function firstFrom(lines: readonly LogLine[], seq: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle]?.seq ?? Number.POSITIVE_INFINITY) < seq) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
