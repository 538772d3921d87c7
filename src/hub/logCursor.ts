import { fnv1a } from '../base/fnv1a';
import type { PodLogLine } from '../kube/followPodLog';
import type { PodLogTarget } from '../kube/openPodLog';

/**
 * Where in the log of a container somebody is who holds none of its lines: at the line with the latest time, and so many lines
 * behind it. Lines of equal times and texts are told apart by their number; those that came later with an earlier time (a
 * container's two outputs are stamped apart from each other) by how many they are.
 */
export interface LogPosition {
  /** RFC 3339: the latest of all lines so far. */
  readonly time: string;
  /** Of the text of that line. */
  readonly hash: string;
  /** How many lines of this time and text there were, at least one. */
  readonly count: number;
  /** How many lines came after it, none of them with a later time. */
  readonly after: number;
}

const FORMAT = 'l1';
const SEPARATOR = '~';
const NUMBER = /^(?:0|[1-9a-z][0-9a-z]{0,6})$/;
const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;
const NANOSECOND_DIGITS = 9;

/** As opaque text of one line. */
export function encodeLogCursor(target: LogSource, { time, hash, count, after }: LogPosition): string {
  return [FORMAT, targetHash(target), count.toString(36), after.toString(36), hash, time].join(SEPARATOR);
}

/** Which log it is a position of. */
export interface LogSource extends PodLogTarget {
  readonly source: string;
}

/** Undefined for whatever {@link encodeLogCursor} did not make of this log. */
export function decodeLogCursor(target: LogSource, text: string): LogPosition | undefined {
  const [format, of, count = '', after = '', hash = '', time = '', ...more] = text.split(SEPARATOR);
  if (
    format !== FORMAT ||
    of !== targetHash(target) ||
    more.length > 0 ||
    ![count, after].every((number) => NUMBER.test(number)) ||
    !/^[0-9a-f]{16}$/.test(hash) ||
    instantOf(time) === undefined
  ) {
    return undefined;
  }
  const position = { time, hash, count: Number.parseInt(count, 36), after: Number.parseInt(after, 36) };
  return position.count > 0 ? position : undefined;
}

/** Says of the lines that come which of them are new, and after each of them where one is. */
export class LogCursor {
  #position: LogPosition | undefined;
  /** How often each text came with the time of the position. */
  #counts = new Map<string, number>();
  #sought: { readonly position: LogPosition; isFound: boolean; after: number } | undefined;

  /** With `from` the lines are those from the second of its time on. */
  constructor(from?: LogPosition) {
    if (from !== undefined) {
      this.#position = from;
      this.#sought = { position: from, isFound: false, after: from.after };
    }
  }

  /** Undefined before a line with a time. */
  get position(): LogPosition | undefined {
    return this.#position;
  }

  /**
   * Takes the next line in order. `held`: it was there before. `gap`: it is new, and the line at which one was did not come
   * again before it, so that others may be missing between.
   */
  take(line: PodLogLine): 'new' | 'held' | 'gap' {
    const sort = this.#sort(line);
    if (sort !== 'held') {
      this.#advance(line);
    }
    return sort;
  }

  #sort(line: PodLogLine): 'new' | 'held' | 'gap' {
    const sought = this.#sought;
    if (sought === undefined) {
      return 'new';
    }
    const { isFound, position } = sought;
    const order = line.time === undefined ? (isFound ? -1 : 1) : compareTimes(line.time, position.time);
    if (isFound && order < 0 && sought.after > 0) {
      sought.after -= 1;
      return 'held';
    }
    if (isFound || order > 0) {
      this.#sought = undefined;
      return isFound ? 'new' : 'gap';
    }
    if (order === 0) {
      const hash = fnv1a(line.text);
      sought.isFound = this.#count(hash) === position.count && hash === position.hash;
    }
    return 'held';
  }

  #advance({ time, text }: PodLogLine): void {
    const before = this.#position;
    const order = time === undefined ? -1 : before === undefined ? 1 : compareTimes(time, before.time);
    if (time === undefined || (before !== undefined && order < 0)) {
      this.#position = before && { ...before, after: before.after + 1 };
      return;
    }
    if (order > 0) {
      this.#counts.clear();
    }
    const hash = fnv1a(text);
    this.#position = { time, hash, count: this.#count(hash), after: 0 };
  }

  /** Which one of its text this is, of the lines of one time. */
  #count(hash: string): number {
    const count = (this.#counts.get(hash) ?? 0) + 1;
    this.#counts.set(hash, count);
    return count;
  }
}

function targetHash({ source, namespace, pod, container = '' }: LogSource): string {
  return fnv1a(JSON.stringify([source, namespace, pod, container]));
}

interface Instant {
  readonly second: number;
  readonly nanoseconds: string;
}

function instantOf(time: string): Instant | undefined {
  const [, local = '', fraction = '', zone = ''] = TIME.exec(time) ?? [];
  const second = Date.parse(local + zone);
  return Number.isNaN(second) ? undefined : { second, nanoseconds: fraction.padEnd(NANOSECOND_DIGITS, '0') };
}

/** As `Array.sort` wants it. A time that is none counts for later than all. */
function compareTimes(time: string, other: string): number {
  const [one, two] = [instantOf(time), instantOf(other)];
  if (one === undefined || two === undefined) {
    return 1;
  }
  if (one.second !== two.second) {
    return one.second - two.second;
  }
  return one.nanoseconds === two.nanoseconds ? 0 : one.nanoseconds < two.nanoseconds ? -1 : 1;
}
