import type { LineTimeReader } from './lineTime';
import type { MergeOrder } from './mergeOrder';
import { MARKER, UNTIMED, type LogChunk } from './logChunk';
import { MAX_LINE_BYTES, type StreamStore } from './streamStore';

/** More of a line is not looked at: its time and length tell it apart. */
const HASHED_BYTES = 64 * 1024;
const FNV_PRIME = 0x01000193;
const FNV_BASIS = 0x811c9dc5;
const LENGTHS = 2 ** 20;
const RETURN = 0x0d;
const NO_BYTES = new Uint8Array(0);

/** Lines by what tells them apart: when they were written (nanoseconds; NaN where they say nothing) and a hash of their text. */
export interface Fingerprints {
  readonly times: readonly number[];
  readonly hashes: readonly number[];
}

/** What the server is to send again, if it still has it all. */
export interface HeldTail extends Fingerprints {
  /** RFC 3339: from when on it is to be asked for; undefined where no line has a time. */
  readonly sinceTime: string | undefined;
  /** The latest time of all lines that are held, also of those that do not come again; negative infinity where none has one. */
  readonly latest: number;
}

/** Lines that are compared at most: a second of them is rarely as many. */
const MAX_TAIL = 100_000;
/**
 * So many lines are asked for again beside those of the last second. A node's clock that is set back while nobody is connected is
 * noticed only where what comes next is not before the first of them: the server leaves out what is earlier.
 */
const AGAIN_LINES = 1_000;

/**
 * The lines held from the second of one of the last lines on, which is what the server sends for its time: it cuts to whole
 * seconds. Lines that were written before a clock was set back may be among them. Undefined while no line is held.
 */
export function heldTail(store: StreamStore, order: MergeOrder): HeldTail | undefined {
  // What is on the disk alone is not compared.
  const begin = Math.max(store.beginOfRun(), store.firstInMemory);
  const earliest = earliestOf(store, begin);
  const times: number[] = [];
  const hashes: number[] = [];
  const from = earliest === undefined ? Number.NEGATIVE_INFINITY : wholeSecond(earliest.time, order);
  let isAnyHeld = false;
  for (const chunk of store.chunks) {
    for (let index = Math.max(0, begin - chunk.firstLine); index < chunk.count; index += 1) {
      const flags = chunk.flags[index] ?? 0;
      if ((flags & MARKER) !== 0) {
        continue;
      }
      isAnyHeld = true;
      const time = timeAt(chunk, index);
      // One without a time comes with the line before it.
      if ((flags & UNTIMED) !== 0 ? times.length > 0 || earliest === undefined : time >= from) {
        times.push((flags & UNTIMED) !== 0 ? Number.NaN : time);
        hashes.push(hashOf(chunk.line(index) ?? NO_BYTES));
      }
    }
  }
  if (!isAnyHeld) {
    return undefined;
  }
  return {
    times: times.slice(-MAX_TAIL),
    hashes: hashes.slice(-MAX_TAIL),
    sinceTime: earliest === undefined ? undefined : store.timeOf(earliest.line),
    latest: earliest === undefined ? Number.NEGATIVE_INFINITY : latestOf(store),
  };
}

/** The fingerprint of a line as it came: with its time, and perhaps a carriage return. */
export function fingerprint(
  bytes: Uint8Array,
  reader: LineTimeReader,
  order: MergeOrder,
): { readonly time: number; readonly hash: number } {
  const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
  const isTimed = reader.read(bytes, 0, end);
  return {
    time: isTimed ? order.nanosecondsOf(reader.seconds, reader.nanos) : Number.NaN,
    hash: hashOf(bytes.subarray(isTimed ? reader.textStart : 0, end)),
  };
}

/** FNV-1a with the length beside it, within the integers that are exact. */
function hashOf(text: Uint8Array): number {
  let hash = FNV_BASIS;
  const end = Math.min(text.length, HASHED_BYTES);
  for (let at = 0; at < end; at += 1) {
    hash = Math.imul(hash ^ (text[at] ?? 0), FNV_PRIME);
  }
  return (hash >>> 0) * LENGTHS + (Math.min(text.length, MAX_LINE_BYTES) % LENGTHS);
}

/** Of the last lines the one with the earliest time. */
function earliestOf(
  store: StreamStore,
  begin: number,
): { readonly line: number; readonly time: number } | undefined {
  let earliest: { readonly line: number; readonly time: number } | undefined;
  for (let line = Math.max(begin, store.next - AGAIN_LINES); line < store.next; line += 1) {
    const chunk = store.chunkOf(line);
    const index = line - (chunk?.firstLine ?? 0);
    if (chunk === undefined || ((chunk.flags[index] ?? 0) & UNTIMED) !== 0) {
      continue;
    }
    const time = timeAt(chunk, index);
    if (earliest === undefined || time < earliest.time) {
      earliest = { line, time };
    }
  }
  return earliest;
}

function latestOf(store: StreamStore): number {
  return store.chunks.reduce(
    (latest, { times, keys, count }) =>
      times === undefined
        ? Math.max(latest, keys[count - 1] ?? latest)
        : times.subarray(0, count).reduce((later, time) => Math.max(later, time), latest),
    Number.NEGATIVE_INFINITY,
  );
}

/** RFC 3339, of the last line that has a time. */
export function lastTime(store: StreamStore): string | undefined {
  for (let line = store.next - 1; line >= store.first; line -= 1) {
    const time = store.line(line)?.time;
    if (time !== undefined) {
      return time;
    }
  }
  return undefined;
}

function timeAt(chunk: LogChunk, index: number): number {
  return chunk.times?.[index] ?? chunk.keys[index] ?? Number.NaN;
}

function wholeSecond(time: number, order: MergeOrder): number {
  return order.nanosecondsOf(order.secondsOf(time).seconds, 0);
}
