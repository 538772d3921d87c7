import type { Disposable } from '../base/disposable';
import type { Problem } from '../protocol/problem';
import type { AllocateBytes } from './allocateBytes';

/** Where the text of lines goes that leave memory: a port, since only some hosts have a disk. */
export interface LogSpill extends Disposable {
  /** How much may be there in bytes; 0: nothing is to be put there. May change. */
  readonly maxBytes: number;
  /** What is there takes so much, on its way there or there. */
  readonly usedBytes: number;
  /** Why the last attempt to write or read failed; undefined once one went well again. */
  readonly problem: Problem | undefined;
  /** What so many bytes would take there. */
  sizeOf(byteLength: number): number;
  /**
   * Puts bytes there, which do not change any more. Undefined where there is no room, where it failed a moment ago, or where more
   * waits to be written than should.
   */
  write(bytes: Uint8Array): SpilledBytes | undefined;
}

/** Bytes that are there, until they are disposed. */
export interface SpilledBytes extends Disposable {
  /** What they take there. */
  readonly size: number;
  /** Rejects where they could not be written; then they are nowhere. */
  readonly written: Promise<void>;
  /** Bytes `from` to `to - 1`; to be asked for once they are written. Rejects where they cannot be read. */
  read(from: number, to: number, allocate: AllocateBytes): Promise<Uint8Array>;
}
