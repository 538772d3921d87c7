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

/** Lines by what tells them apart: when they were written (nanoseconds; NaN where they say nothing) and a hash of their text. */
export interface Fingerprints {
  readonly times: readonly number[];
  readonly hashes: readonly number[];
}

/** What the server is to send again, if it still has it all. */
export interface HeldTail extends Fingerprints {
  /** RFC 3339, of the last line with a time; undefined where none has. */
  readonly sinceTime: string | undefined;
}

/** Lines that are compared at most: a second of them is rarely as many. */
const MAX_TAIL = 100_000;

/**
 * The lines held of the second of the last one, or later, which is what the server sends for its time: it cuts to whole seconds.
 * Lines that were written before a clock was set back may be among them. Undefined while no line is held.
 */
export function heldTail(store: StreamStore, order: MergeOrder): HeldTail | undefined {
  const last = lastTimed(store);
  const times: number[] = [];
  const hashes: number[] = [];
  const from = last === undefined ? Number.NEGATIVE_INFINITY : wholeSecond(last.time, order);
  let isAnyHeld = false;
  for (const chunk of store.chunks) {
    for (let index = 0; index < chunk.count; index += 1) {
      const flags = chunk.flags[index] ?? 0;
      if ((flags & MARKER) !== 0) {
        continue;
      }
      isAnyHeld = true;
      const time = timeAt(chunk, index);
      // One without a time comes with the line before it.
      if ((flags & UNTIMED) !== 0 ? times.length > 0 || last === undefined : time >= from) {
        times.push((flags & UNTIMED) !== 0 ? Number.NaN : time);
        hashes.push(hashOf(chunk.line(index)));
      }
    }
  }
  if (!isAnyHeld) {
    return undefined;
  }
  return {
    times: times.slice(-MAX_TAIL),
    hashes: hashes.slice(-MAX_TAIL),
    sinceTime: last === undefined ? undefined : store.timeOf(last.line),
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

function lastTimed(store: StreamStore): { readonly line: number; readonly time: number } | undefined {
  for (let line = store.next - 1; line >= store.first; line -= 1) {
    const chunk = store.chunkOf(line);
    const index = line - (chunk?.firstLine ?? 0);
    if (chunk !== undefined && ((chunk.flags[index] ?? 0) & UNTIMED) === 0) {
      return { line, time: timeAt(chunk, index) };
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
